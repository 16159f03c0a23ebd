import { CHAR, type JsonScanner } from '../json-scanner.ts'
import { isLevelName, levelOfNumber, MEMBER, MEMBERS, mayBeField } from './line-fields.ts'
import { asBuffer } from './protobuf-writer.ts'
import { type Severity, severityOfLevel, severityOfName } from './severity.ts'
import { epochNanoseconds, isoNanoseconds } from './time.ts'

/** A member of a JSON line: its key without escapes, as UTF-8 and as text, and where its value stands. */
export interface LineMember {
  readonly key: Buffer
  readonly name: string
  readonly start: number
  readonly end: number
}

/** The longest value of a field. */
const LONGEST = 1024

const SHAPES = {
  time: /^(?:\d{1,20}(?:\.\d{1,9})?|"[0-9TtZz:.,+ -]{1,40}")$/,
  traceId: /^"(?:[0-9A-Fa-f]{32})?"$/,
  spanId: /^"(?:[0-9A-Fa-f]{16})?"$/,
  flags: /^"(?:[0-9A-Fa-f]{2}|[0-9A-Fa-f]{8})"$/,
  number: /^-?\d{1,10}$/,
  count: /^\d{1,10}$/,
} as const

/**
 * The fields of an OTLP record that a JSON line states in its members, each taken only where it looks like one: an
 * address in `level` is an attribute like any other.
 */
export class LineRecord {
  readonly #scanner: JsonScanner
  /** Those that may be fields. */
  readonly #members: readonly LineMember[]
  /** Members that are fields; the others are attributes. */
  readonly fields = new Set<LineMember>()
  readonly time: bigint | undefined
  readonly observedTime: bigint | undefined
  readonly severity: Severity
  readonly traceId: string
  readonly spanId: string
  readonly flags: number
  readonly eventName: string
  readonly droppedAttributes: number
  readonly body: LineMember | undefined

  constructor(scanner: JsonScanner, members: readonly LineMember[], bodyKeys: readonly string[]) {
    this.#scanner = scanner
    this.#members = members.filter(({ name }) => MEMBERS.has(name))
    this.time = this.#time(MEMBER.TIME) ?? this.#time(MEMBER.TIMESTAMP)
    this.observedTime = this.#time(MEMBER.OBSERVED_TIME)
    this.severity = this.#severity()
    this.traceId = this.#shaped(MEMBER.TRACE_ID, SHAPES.traceId)?.slice(1, -1) ?? ''
    this.spanId = this.#shaped(MEMBER.SPAN_ID, SHAPES.spanId)?.slice(1, -1) ?? ''
    this.flags = Number.parseInt(this.#shaped(MEMBER.TRACE_FLAGS, SHAPES.flags)?.slice(1, -1) ?? '0', 16)
    this.eventName = this.#take(MEMBER.EVENT_NAME, textOf) ?? ''
    this.droppedAttributes =
      this.#take(MEMBER.DROPPED_ATTRIBUTES, (token) => {
        const count = SHAPES.count.test(token) ? Number(token) : Number.NaN
        return count <= 0xffff_ffff ? count : undefined
      }) ?? 0
    this.body = this.#body(members, bodyKeys)
  }

  /** Takes the first member of a name that is read as what it should be. */
  #take<Value>(name: string, read: (token: string) => Value | undefined): Value | undefined {
    const bytes = asBuffer(this.#scanner.bytes)
    for (const member of this.#members) {
      if (member.name !== name || member.end - member.start > LONGEST) continue
      const value = read(bytes.toString('utf8', member.start, member.end))
      if (value === undefined) continue
      this.fields.add(member)
      return value
    }
    return undefined
  }

  #shaped(name: string, shape: RegExp): string | undefined {
    return this.#take(name, (token) => (shape.test(token) ? token : undefined))
  }

  #time(name: string): bigint | undefined {
    return this.#take(name, (token) => {
      if (!SHAPES.time.test(token)) return undefined
      const text = token.replaceAll('"', '')
      return epochNanoseconds(text) ?? isoNanoseconds(text)
    })
  }

  #severity(): Severity {
    const given = this.#take(MEMBER.SEVERITY_NUMBER, (token) => {
      const number = SHAPES.number.test(token) ? Number(token) : undefined
      return number === undefined || number !== (number | 0) ? undefined : number
    })
    const level = this.#take(MEMBER.LEVEL, (token) => {
      if (SHAPES.count.test(token)) return severityOfLevel(Number(token))
      const name = textOf(token)
      if (name === undefined || !isLevelName(name)) return undefined
      // A level that says no more than the number beside it was made from it.
      const text = given !== undefined && name === levelOfNumber(given) ? '' : name
      return { number: severityOfName(name), text }
    })
    const text = this.#take(MEMBER.SEVERITY_TEXT, textOf)
    return {
      number: given ?? level?.number ?? severityOfName(text ?? ''),
      text: text ?? level?.text ?? '',
    }
  }

  /** The first of `body_keys` that is there; of several members of that name the last one, as readers of JSON take it. */
  #body(members: readonly LineMember[], bodyKeys: readonly string[]): LineMember | undefined {
    for (const key of bodyKeys) {
      const found = members.findLast(({ name }) => name === key)
      if (found === undefined) continue
      this.fields.add(found)
      return found
    }
    return undefined
  }
}

/** The text of a JSON string that may be a field. */
function textOf(token: string): string | undefined {
  if (token.charCodeAt(0) !== CHAR.QUOTE) return undefined
  const text = JSON.parse(token) as string
  return text.isWellFormed() && mayBeField(text) ? text : undefined
}
