import type { Random } from './random.ts'

const LONG_RUN = /[\w-]{16,}/g
const PLACEHOLDER = /\[sealed:[a-z0-9_.-]+:[\w-]{8}\/\d+\]/g

/** Changes JWEs and placeholders without changing the length of anything, so that the batch around them stays whole. */
export function mutateSealed(random: Random, bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const pattern = random.oneIn(2) ? LONG_RUN : PLACEHOLDER
  const matches = [...text.matchAll(pattern)]
  const one = matches[random.below(Math.max(1, matches.length))]
  if (one === undefined) return bytes
  const changed = Buffer.from(bytes)
  const other = random.pick(matches)
  const put = (at: number, content: string) => changed.write(content, at, 'latin1')
  if (pattern === PLACEHOLDER && random.oneIn(2)) {
    put(one.index + one[0].length - 2, String(random.below(10)))
  } else if (other[0].length === one[0].length && random.oneIn(2)) {
    put(one.index, other[0])
    put(other.index, one[0])
  } else {
    put(one.index + random.below(one[0].length - 1), random.pick(['A', 'B', '-', '9']))
  }
  return changed
}
