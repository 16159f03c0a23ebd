import { isSealedText } from './sealed-parts.ts'
import { severityName } from './severity.ts'

/**
 * The members of a JSON line, and of a flattened Forward event, that are fields of an OTLP record, and not attributes.
 * `docs/formats.md` has them for users.
 */
export const MEMBER = {
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  OBSERVED_TIME: 'observed_time',
  LEVEL: 'level',
  SEVERITY_NUMBER: 'severity_number',
  SEVERITY_TEXT: 'severity_text',
  TRACE_ID: 'trace_id',
  SPAN_ID: 'span_id',
  TRACE_FLAGS: 'trace_flags',
  EVENT_NAME: 'event_name',
  DROPPED_ATTRIBUTES: 'dropped_attributes_count',
  RESOURCE: 'resource',
  SCOPE: 'scope',
} as const

/** Names of all of them. */
export const MEMBERS: ReadonlySet<string> = new Set(Object.values(MEMBER))
const ESCAPE = 'attributes.'

/** The member of ours that holds the body: `message`, where that can be one. */
export function bodyMember(bodyKeys: readonly string[]): string {
  return bodyKeys.includes('message') ? 'message' : (bodyKeys[0] ?? 'message')
}

/** Keys of attributes in a record whose fields are members beside them. */
export class AttributeNames {
  readonly #bodyKeys: ReadonlySet<string>

  constructor(bodyKeys: readonly string[]) {
    this.#bodyKeys = new Set([...bodyKeys, bodyMember(bodyKeys)])
  }

  /** The member for an attribute: what has the name of a field gets `attributes.` before it. */
  memberOf(key: string): string {
    return this.#isReserved(unescaped(key)) ? ESCAPE + key : key
  }

  /** The attribute of a member: the reverse of `memberOf`. */
  attributeOf(member: string): string {
    const isEscaped = member.startsWith(ESCAPE) && this.#isReserved(unescaped(member))
    return isEscaped ? member.slice(ESCAPE.length) : member
  }

  #isReserved(key: string): boolean {
    return MEMBERS.has(key) || this.#bodyKeys.has(key)
  }
}

/** Without `attributes.`, however often it stands there. */
function unescaped(key: string): string {
  let start = 0
  while (key.startsWith(ESCAPE, start)) start += ESCAPE.length
  return start === 0 ? key : key.slice(start)
}

/** A level's name: nothing that is sealed looks like one, and no part of a text. */
const LEVEL = /^[A-Za-z][A-Za-z0-9 _-]{0,31}$/

export function isLevelName(text: string): boolean {
  return LEVEL.test(text)
}

/** The level of records that have a severity number and no text. */
export function levelOfNumber(number: number): string | undefined {
  return severityName(number)?.toLowerCase()
}

const LONGEST_NAME = 256

/** Whether a text may be taken for a field of the record, which nobody opens: neither sealed nor partly so. */
export function mayBeField(text: string): boolean {
  return text.length <= LONGEST_NAME && !isSealedText(text)
}
