import type { Open } from './sealed-batch.ts'

/** Whether a JWE opens to that plaintext; a JWE that does not open at all is no error here, but a `false`. */
export async function opensTo(open: Open, jwe: string, plaintext: string): Promise<boolean> {
  try {
    return (await open(jwe)) === plaintext
  } catch {
    return false
  }
}
