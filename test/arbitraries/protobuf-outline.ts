/**
 * A walker over OTLP's protobuf that is independent of the product: it writes the bytes as hexadecimal digits, and
 * round brackets in the place of the lengths of messages and texts, so that two outlines differ where a byte does, and
 * not where only an enclosing length does.
 */

type Fields = { readonly [tag: number]: 'text' | (() => Fields) }

const ANY_VALUE: Fields = { 10: 'text', 42: () => ARRAY, 50: () => MAP }
const ARRAY: Fields = { 10: () => ANY_VALUE }
const KEY_VALUE: Fields = { 10: 'text', 18: () => ANY_VALUE }
const MAP: Fields = { 10: () => KEY_VALUE }
const LOG_RECORD: Fields = { 42: () => ANY_VALUE, 50: () => KEY_VALUE }
const SCOPE: Fields = { 26: () => KEY_VALUE }
const SCOPE_LOGS: Fields = { 10: () => SCOPE, 18: () => LOG_RECORD }
const RESOURCE: Fields = { 10: () => KEY_VALUE }
const RESOURCE_LOGS: Fields = { 10: () => RESOURCE, 18: () => SCOPE_LOGS }
const REQUEST: Fields = { 10: () => RESOURCE_LOGS }

export const TYPES = { ANY_VALUE, KEY_VALUE, LOG_RECORD, SCOPE, SCOPE_LOGS, RESOURCE, RESOURCE_LOGS, REQUEST } as const

function varint(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0
  let end = at
  for (let shift = 1; ; shift *= 128) {
    const byte = bytes[end]!
    value += (byte & 0x7f) * shift
    end += 1
    if (byte < 0x80) return { value, end }
  }
}

/** The end of a field whose content starts at `at`. */
function skip(bytes: Buffer, tag: number, at: number): number {
  switch (tag & 7) {
    case 0:
      return varint(bytes, at).end
    case 1:
      return at + 8
    case 2: {
      const { value, end } = varint(bytes, at)
      return end + value
    }
    case 5:
      return at + 4
    case 3: {
      let position = at
      for (;;) {
        const inner = varint(bytes, position)
        if ((inner.value & 7) === 4) return inner.end
        position = skip(bytes, inner.value, inner.end)
      }
    }
    default:
      throw new Error(`no such wire type: ${tag & 7}`)
  }
}

export function outline(bytes: Buffer, fields: Fields = REQUEST): string {
  let text = ''
  let position = 0
  while (position < bytes.length) {
    const start = position
    const tag = varint(bytes, start)
    const end = skip(bytes, tag.value, tag.end)
    const known = fields[tag.value]
    if (known === undefined) {
      text += bytes.toString('hex', start, end)
    } else {
      const content = bytes.subarray(varint(bytes, tag.end).end, end)
      const inside = known === 'text' ? content.toString('hex') : outline(content, known())
      text += `${bytes.toString('hex', start, tag.end)}(${inside})`
    }
    position = end
  }
  return text
}
