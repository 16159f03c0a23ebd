import { severityName, severityOfLevel, severityOfName } from '../../formats/conversion/severity.ts'
import { epochNanoseconds, isoNanoseconds } from '../../formats/conversion/time.ts'
import type { LogRecordInput } from '../../formats/object/log-record.ts'
import { SPAN_FIELDS, spanContextOf } from '../span-context.ts'

/** What pino calls things in its lines. */
export interface PinoNames {
  readonly messageKey: string
  readonly errorKey: string
  readonly nestedKey?: string | undefined
  readonly levels?:
    | { readonly labels: Readonly<Record<number, string>>; readonly values: Readonly<Record<string, number>> }
    | undefined
}

type Members = Readonly<Record<string, unknown>>

const SECOND = 1_000_000_000n
/** Beyond FATAL, the levels of others are still fatal. */
const MOST_LEVEL = 69

/** A log record of OpenTelemetry from one sealed line; a line that is no JSON object is its body. */
export function logRecordOf(line: string, names: PinoNames, resource: Members, now: number): LogRecordInput {
  const observed = hrTime(BigInt(now) * 1_000_000n)
  const common = {
    hrTimeObserved: observed,
    droppedAttributesCount: 0,
    resource: { attributes: resource },
    instrumentationScope: { name: 'fieldseal/pino' },
  }
  const parsed = membersOf(line)
  if (parsed === undefined) return { ...common, hrTime: observed, body: line, attributes: {} }
  const { level, time, [names.messageKey]: body, ...rest } = parsed
  const attributes = new Map(Object.entries(hoisted(rest, names.nestedKey)))
  const spanContext = spanContextOf(Object.fromEntries(attributes))
  if (spanContext !== undefined) for (const name of SPAN_FIELDS) attributes.delete(name)
  exceptionTo(attributes, names.errorKey)
  return {
    ...common,
    ...severityOf(level, names.levels),
    hrTime: timeOf(time) ?? observed,
    body,
    attributes: Object.fromEntries(attributes),
    ...(spanContext === undefined ? {} : { spanContext }),
  }
}

function membersOf(line: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isMembers(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What pino has put into one object is as if it had not. */
function hoisted(members: Members, nestedKey: string | undefined): Members {
  if (nestedKey === undefined) return members
  const { [nestedKey]: nested, ...rest } = members
  return isMembers(nested) ? { ...rest, ...nested } : members
}

function timeOf(time: unknown): [number, number] | undefined {
  if (typeof time !== 'number' && typeof time !== 'string') return undefined
  const nanoseconds =
    typeof time === 'number' ? epochNanoseconds(String(time)) : (isoNanoseconds(time) ?? epochNanoseconds(time))
  return nanoseconds === undefined ? undefined : hrTime(nanoseconds)
}

function hrTime(nanoseconds: bigint): [number, number] {
  return [Number(nanoseconds / SECOND), Number(nanoseconds % SECOND)]
}

function severityOf(level: unknown, levels: PinoNames['levels']): LogRecordInput {
  if (typeof level === 'number') {
    const { number = 0, text = String(level) } = severityOfLevel(Math.min(level, MOST_LEVEL)) ?? {}
    // A level of the program's own has a name, and counts with the one of pino below it.
    const own = levels?.labels[level]?.toUpperCase()
    return { severityNumber: number, severityText: own ?? (level > MOST_LEVEL ? String(level) : text) }
  }
  if (typeof level !== 'string') return {}
  const value = levels?.values[level]
  const number =
    severityOfName(level) || (value === undefined ? 0 : (severityOfLevel(Math.min(value, MOST_LEVEL))?.number ?? 0))
  return { severityNumber: number, severityText: severityName(severityOfName(level)) ?? level }
}

/** What pino's serializer makes of an error, by the semantic conventions for exceptions; its other members stay. */
function exceptionTo(attributes: Map<string, unknown>, errorKey: string): void {
  const error = attributes.get(errorKey)
  if (!isMembers(error) || typeof error.stack !== 'string') return
  const { type, message, stack, ...rest } = error
  attributes.delete(errorKey)
  if (Object.keys(rest).length > 0) attributes.set(errorKey, rest)
  attributes.set('exception.type', type)
  attributes.set('exception.message', message)
  attributes.set('exception.stacktrace', stack)
}
