import { object } from './format.ts'
import type { Shape } from './shape.ts'

/** A record of a logger, and what is passed on together with it: the text that was made of it, or further arguments. */
export interface LoggerRecord {
  readonly record: unknown
  readonly beside?: Beside | undefined
}

/** Values that belong to a record and are not in it. Rules see them as parts of the record. */
export interface Beside {
  /** Walked as a `body`. */
  readonly body?: unknown
  /** Walked as `attributes`, each by its key. */
  readonly attributes?: Readonly<Record<string, unknown>>
}

/** What came of it. */
export interface LoggerRecordRead {
  readonly record: Record<string, unknown>
  readonly beside: BesideRead | undefined
}

export interface BesideRead {
  readonly body: unknown
  readonly attributes: Record<string, unknown>
}

/** Written as `[record]` or `[record, body, attributes]`. */
export const loggerRecord: Shape<LoggerRecord, LoggerRecordRead> = {
  format: object,
  write(writer, { record, beside }) {
    writer.output.array(beside === undefined ? 1 : 3)
    const read = writer.record(record)
    if (beside === undefined) return { record: read, beside: undefined }
    const body = writer.value(beside.body, '', 0)
    return { record: read, beside: { body, attributes: writer.properties(beside.attributes) } }
  },
  read(reader) {
    const parts = reader.header()
    const record = reader.value() as Record<string, unknown>
    if (parts === 1) return { record, beside: undefined }
    const body = reader.value()
    return { record, beside: { body, attributes: reader.value() as Record<string, unknown> } }
  },
}
