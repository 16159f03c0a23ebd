import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Attributes, type LogRecord, SeverityNumber } from '@opentelemetry/api'

/** The record that is shown, by its place in the sample. */
export const SHOWN = 1

/** The records that no rule touches. */
export const UNTOUCHED: readonly number[] = [0, 9]

type Level = 'debug' | 'info' | 'warn' | 'error'

const SEVERITIES: Readonly<Record<Level, SeverityNumber>> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
}

/** The sample as JSON lines. */
export function jsonLines(): Buffer {
  return readFileSync(join(import.meta.dirname, 'sample.jsonl'))
}

/** The same records as a program gives them to OpenTelemetry's logger. */
export function logRecords(): LogRecord[] {
  const lines = jsonLines().toString().trim().split('\n')
  return lines.map((line) => {
    const { level, time, msg, ...attributes } = JSON.parse(line) as {
      level: Level
      time: string
      msg: string
    } & Attributes
    return {
      timestamp: new Date(time),
      severityNumber: SEVERITIES[level],
      severityText: level.toUpperCase(),
      body: msg,
      attributes,
    }
  })
}
