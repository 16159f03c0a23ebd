import { CHAR, type JsonScanner } from '../json-scanner.ts'
import { TAG } from '../otlp-schema.ts'
import type { JsonValues } from './json-values.ts'
import { MEMBER } from './line-fields.ts'
import type { LineMember } from './line-record.ts'
import type { ProtobufWriter } from './protobuf-writer.ts'
import { isSealedText, LIST_KEY, sealedId } from './sealed-parts.ts'

/** Fields of a resource or scope in a line, beside its attributes. */
const TEXTS = {
  [MEMBER.RESOURCE]: { schema_url: 0x1a },
  [MEMBER.SCOPE]: { schema_url: 0x1a, name: TAG.SCOPE_NAME, version: TAG.SCOPE_VERSION },
} as const
const DROPPED = { [MEMBER.RESOURCE]: 0x10, [MEMBER.SCOPE]: 0x20 } as const
const COUNT = /^\d{1,10}$/

/** The member `resource` or `scope` of a line: where the parts of it stand. */
export interface Holder {
  readonly texts: ReadonlyMap<string, number>
  /** Where the object of attributes starts. */
  readonly attributes: number
  readonly dropped: number
}

/**
 * Reads a member as we write it: an object that has `attributes`, and nothing that we do not write.
 *
 * @returns undefined for anything else, which is an attribute like any other.
 */
export function readHolder(values: JsonValues, member: LineMember): Holder | undefined {
  const { scanner } = values
  const names = Object.keys(TEXTS[member.name as keyof typeof TEXTS])
  const texts = new Map<string, number>()
  let attributes = -1
  let dropped = 0
  let isOurs = scanner.peek(member.start) === CHAR.OPEN_BRACE
  if (!isOurs) return undefined
  scanner.members(member.start, 1, (keyStart, keyEnd, value) => {
    const name = values.text(keyStart, keyEnd).toString('latin1')
    const end = scanner.skipValue(value, 2)
    const first = scanner.peek(value)
    if (name === 'attributes' && first === CHAR.OPEN_BRACE && attributes < 0) attributes = value
    else if (names.includes(name) && first === CHAR.QUOTE && !texts.has(name) && !isSealed(scanner, value, end))
      texts.set(name, value)
    else if (name === MEMBER.DROPPED_ATTRIBUTES && isCount(scanner, value, end)) dropped = countAt(scanner, value, end)
    else isOurs = false
    return end
  })
  return isOurs && attributes >= 0 ? { texts, attributes, dropped } : undefined
}

function tokenAt({ bytes }: JsonScanner, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}

/** What is sealed is none of the texts that nobody opens. */
function isSealed(scanner: JsonScanner, start: number, end: number): boolean {
  return isSealedText(JSON.parse(tokenAt(scanner, start, end)) as string)
}

function isCount(scanner: JsonScanner, start: number, end: number): boolean {
  return COUNT.test(tokenAt(scanner, start, end)) && countAt(scanner, start, end) <= 0xffff_ffff
}

function countAt(scanner: JsonScanner, start: number, end: number): number {
  return Number(tokenAt(scanner, start, end))
}

/** An element of a line's list of sealed parts. */
export interface ListItem {
  readonly start: number
  readonly end: number
  readonly id: string | undefined
}

/** The elements of the line's list; undefined where it is no list. */
export function readList(values: JsonValues, member: LineMember): ListItem[] | undefined {
  const { scanner } = values
  if (scanner.peek(member.start) !== CHAR.OPEN_BRACKET) return undefined
  const items: ListItem[] = []
  scanner.elements(member.start, 1, (start) => {
    const end = scanner.skipValue(start, 2)
    // `escaped` is that of the string that was scanned last: of a string, this one.
    const id = scanner.peek(start) === CHAR.QUOTE ? sealedId(values.text(start + 1, end - 1)) : undefined
    items.push({ start, end, id })
    return end
  })
  return items
}

/** Writes `fieldseal.sealed` as an attribute. */
export function writeList(tag: number, items: readonly ListItem[], writer: ProtobufWriter, values: JsonValues): void {
  const entry = writer.open(tag)
  writer.bytes(TAG.KEY, LIST_KEY)
  const value = writer.open(TAG.VALUE)
  const array = writer.open(TAG.ANY_ARRAY)
  for (const { start } of items) values.field(TAG.VALUES, start, 2)
  writer.close(array)
  writer.close(value)
  writer.close(entry)
}

/** Writes the message of a resource or scope, and its schema URL beside it. */
export function writeHolder(
  kind: typeof MEMBER.RESOURCE | typeof MEMBER.SCOPE,
  holder: Holder,
  list: readonly ListItem[],
  writer: ProtobufWriter,
  values: JsonValues,
): void {
  const { scanner } = values
  const isResource = kind === MEMBER.RESOURCE
  const tag = isResource ? TAG.RESOURCE_ATTRIBUTES : TAG.SCOPE_ATTRIBUTES
  const text = (name: string, field: number) => {
    const start = holder.texts.get(name)
    if (start === undefined) return
    const end = scanner.scanString(start + 1)
    if (end > start + 1) writer.text(field, values.text(start + 1, end))
  }
  const message = writer.open(isResource ? TAG.RESOURCE_LOGS_RESOURCE : TAG.SCOPE_LOGS_SCOPE)
  if (!isResource) {
    text('name', TAG.SCOPE_NAME)
    text('version', TAG.SCOPE_VERSION)
  }
  scanner.members(holder.attributes, 2, (keyStart, keyEnd, value) =>
    values.entry(tag, values.text(keyStart, keyEnd), value, 3),
  )
  if (list.length > 0) writeList(tag, list, writer, values)
  if (holder.dropped > 0) writer.varint(DROPPED[kind], holder.dropped)
  writer.close(message)
  text('schema_url', TEXTS[kind].schema_url)
}
