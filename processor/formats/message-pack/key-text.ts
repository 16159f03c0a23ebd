import { KIND } from '../batch.ts'
import { LONGEST_NUMBER, writeText } from '../value-text.ts'
import { HeaderReader, TYPE } from './header.ts'

const SEPARATOR = 0x0a
const WORDS: Readonly<Record<number, Uint8Array>> = {
  192: Buffer.from('nil'),
  194: Buffer.from('false'),
  195: Buffer.from('true'),
}

/**
 * What stands for a key of a map that is no text: its digits, `nil`, `true` or `false`, its bytes; of a map or array what
 * is in it, a line each. So that detectors see in it what they would see in a key that is a text.
 *
 * @param end - where the value at `at` ends, which has been gone over.
 */
export function keyText(bytes: Buffer, at: number, end: number): Buffer {
  const reader = new HeaderReader(bytes, end)
  let target = Buffer.allocUnsafe(2 * (end - at) + LONGEST_NUMBER)
  let length = 0
  for (let position = at; position < end; ) {
    const start = position
    position = reader.read(position)
    if (reader.type === TYPE.ARRAY || reader.type === TYPE.MAP) continue
    if (length + (position - start) + 2 * LONGEST_NUMBER > target.length) {
      const larger = Buffer.allocUnsafe(2 * target.length + (position - start) + 2 * LONGEST_NUMBER)
      target.copy(larger, 0, 0, length)
      target = larger
    }
    if (length > 0) {
      target[length] = SEPARATOR
      length += 1
    }
    length = writeLeaf(bytes, start, position, reader, target, length)
  }
  return target.subarray(0, length)
}

function writeLeaf(
  bytes: Buffer,
  start: number,
  end: number,
  { type, content }: HeaderReader,
  target: Buffer,
  at: number,
): number {
  switch (type) {
    case TYPE.UNSIGNED:
    case TYPE.SIGNED:
      return writeText(KIND.INTEGER, bytes, start, end, target, at)
    case TYPE.FLOAT32:
    case TYPE.FLOAT64:
      return writeText(KIND.FLOAT, bytes, content, end, target, at)
    case TYPE.NIL:
    case TYPE.BOOLEAN: {
      const word = WORDS[bytes[start]!]!
      target.set(word, at)
      return at + word.length
    }
    default:
      return at + bytes.copy(target, at, content, end)
  }
}
