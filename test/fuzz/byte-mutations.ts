import type { Random } from './random.ts'

/** Changes some bytes, without a thought of what they mean. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1)
  const length = random.below(20)
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at)
    case 1: {
      const changed = Buffer.from(bytes)
      if (at < changed.length) changed[at] = random.below(256)
      return changed
    }
    case 2: {
      const changed = Buffer.from(bytes)
      if (at < changed.length) changed[at]! ^= 1 << random.below(8)
      return changed
    }
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    case 4: {
      const from = random.below(bytes.length + 1)
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at)])
    }
    default:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(random.list(1, 4, () => random.below(256))),
        bytes.subarray(at),
      ])
  }
}
