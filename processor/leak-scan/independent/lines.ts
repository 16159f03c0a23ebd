import { type Entries, type Holder, LEVEL, type Plain, UnreadableError, ValueBudget } from './content.ts'
import { JsonReader } from './json-reader.ts'
import { membersOf } from './record-members.ts'
import { asUtf8 } from './utf8.ts'

const BLANK = /^[ \t\r]*$/
const OBJECT_START = /^[ \t\r]*\{/

/** Reads lines, each of them a text. */
export function* readText(bytes: Buffer): Iterable<Holder> {
  for (const line of lines(bytes)) {
    if (!BLANK.test(line.toString('latin1'))) yield textRecord(line)
  }
}

/**
 * Reads JSON lines: objects are records with members, all other lines texts.
 *
 * @param isSealed - whether a line is a sealed value, which is one text.
 */
export function* readJsonLines(
  bytes: Buffer,
  bodyKeys: readonly string[],
  isSealed: (text: string) => boolean,
): Iterable<Holder> {
  const budget = new ValueBudget()
  for (const line of lines(bytes)) {
    const text = line.toString('utf8')
    if (BLANK.test(text)) continue
    if (!OBJECT_START.test(text) || isSealed(text.trim())) {
      yield textRecord(line)
      continue
    }
    budget.renew()
    const entries = objectOf(text, budget)
    if (entries === undefined) {
      yield { ...textRecord(line), unreadable: true }
      continue
    }
    yield { level: LEVEL.RECORD, service: '', root: 'attributes', ...membersOf(entries, bodyKeys), unknown: [] }
  }
}

function* lines(bytes: Buffer): Iterable<Buffer> {
  let start = 0
  while (start < bytes.length) {
    const found = bytes.indexOf(0x0a, start)
    const end = found < 0 ? bytes.length : found
    yield bytes.subarray(start, end)
    start = end + 1
  }
}

function textRecord(line: Buffer): Holder {
  const body: Plain = { kind: 'text', bytes: trimmed(asUtf8(line)) }
  const fields = [['body', body]] as const
  return { level: LEVEL.RECORD, service: '', root: 'attributes', attributes: [], fields, unknown: [] }
}

/** A carriage return belongs to the end of the line. */
function trimmed(line: Buffer): Buffer {
  let [start, end] = [0, line.length]
  while (end > start && isSpace(line[end - 1]!)) end -= 1
  while (start < end && isSpace(line[start]!)) start += 1
  return line.subarray(start, end)
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d
}

function objectOf(text: string, budget: ValueBudget): Entries | undefined {
  try {
    const reader = new JsonReader(text, budget)
    const value = reader.value()
    reader.end()
    return value.kind === 'map' ? value.entries : undefined
  } catch (error) {
    if (error instanceof UnreadableError) return undefined
    throw error
  }
}

/** The JSON object or array that a text is, were it nothing else. */
export function jsonInText(text: Buffer, budget: ValueBudget): Plain | undefined {
  if (!/^\s*[[{]/.test(text.toString('latin1', 0, 64))) return undefined
  try {
    const reader = new JsonReader(text.toString('utf8'), budget)
    const value = reader.value()
    reader.end()
    return value
  } catch (error) {
    if (error instanceof UnreadableError) return undefined
    throw error
  }
}
