import { SeededRandom } from '../workloads/random.ts'

export const SEALED_VALUE_BYTES = 20

/** Values of 20 bytes, as many as the largest batch needs. */
export function valuesToSeal(): Buffer[] {
  const random = new SeededRandom(20)
  return Array.from({ length: 128 }, () =>
    Buffer.from(random.text(SEALED_VALUE_BYTES, 'abcdefghijklmnopqrstuvwxyz0123456789')),
  )
}
