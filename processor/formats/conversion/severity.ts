/** The names of OTLP's severities (logs data model, "Displaying Severity"), from 1 to 24. */
const RANGES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const

const NAMES: readonly string[] = RANGES.flatMap((name) => [name, `${name}2`, `${name}3`, `${name}4`])

/** The name of a severity number: `INFO`, `INFO2`; undefined for what is no such number. */
export function severityName(number: number): string | undefined {
  return NAMES[number - 1]
}

/** `SEVERITY_NUMBER_INFO2`, as protobuf's own JSON encoders write it. */
export function severityNumberOfEnum(text: string): number | undefined {
  const name = text.startsWith('SEVERITY_NUMBER_') ? text.slice('SEVERITY_NUMBER_'.length) : undefined
  if (name === 'UNSPECIFIED') return 0
  const index = name === undefined ? -1 : NAMES.indexOf(name)
  return index < 0 ? undefined : index + 1
}

/** What else levels are called: syslog (RFC 5424), Java, Python, winston (data model, appendix B). */
const OTHER_NAMES: Readonly<Record<string, number>> = {
  SILLY: 1,
  FINEST: 1,
  VERBOSE: 5,
  FINE: 5,
  INFORMATION: 9,
  INFORMATIONAL: 9,
  NOTICE: 10,
  WARNING: 13,
  ERR: 17,
  SEVERE: 17,
  CRIT: 18,
  CRITICAL: 18,
  ALERT: 19,
  PANIC: 21,
  EMERG: 21,
  EMERGENCY: 21,
}

/** The severity number of a level's name, in any case; 0 where the name is not known. */
export function severityOfName(name: string): number {
  const upper = name.toUpperCase()
  const index = NAMES.indexOf(upper)
  if (index >= 0) return index + 1
  return Object.hasOwn(OTHER_NAMES, upper) ? OTHER_NAMES[upper]! : 0
}

export interface Severity {
  readonly number: number
  readonly text: string
}

/**
 * Levels as pino and bunyan number them, from 10 (trace) to 60 (fatal); what lies between counts with the level below,
 * and keeps its number as its text.
 *
 * @returns undefined for a number that is none of theirs.
 */
export function severityOfLevel(level: number): Severity | undefined {
  if (!Number.isInteger(level) || level < 10 || level > 69) return undefined
  const index = Math.floor(level / 10) - 1
  return { number: index * 4 + 1, text: level % 10 === 0 ? RANGES[index]! : String(level) }
}
