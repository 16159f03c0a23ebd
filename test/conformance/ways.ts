import type { FormatName } from '../../processor/formats/index.ts'
import { forwardCarries, fromForward, toForward } from './forward-way.ts'
import { fromJsonLines, jsonCarries, toJsonLines } from './json-lines-way.ts'
import type { LogRecord } from './model.ts'
import { fromOtlpJson, toOtlpJson } from './otlp-json-way.ts'
import { fromProtobuf, toProtobuf } from './protobuf-way.ts'
import { fromText, textCarries, toText } from './text-way.ts'

/** A way in. Writing and reading are independent of the product. */
export interface Way {
  readonly format: FormatName
  /** Whether the record can be said in this format, with nothing lost. */
  carries(record: LogRecord): boolean
  write(records: readonly LogRecord[]): Buffer
  read(bytes: Buffer): LogRecord[]
}

/** A further format is one entry here. */
export const WAYS: readonly Way[] = [
  { format: 'otlp-protobuf', carries: () => true, write: toProtobuf, read: fromProtobuf },
  { format: 'otlp-json', carries: () => true, write: toOtlpJson, read: fromOtlpJson },
  { format: 'forward', carries: forwardCarries, write: toForward, read: fromForward },
  { format: 'json-lines', carries: jsonCarries, write: toJsonLines, read: fromJsonLines },
  { format: 'text', carries: textCarries, write: toText, read: fromText },
]

/** Those of the records that a way can carry, if need be without their resource and scope. */
export function carried(way: Way, records: readonly LogRecord[]): LogRecord[] {
  return records
    .map((record) => (way.carries(record) ? record : { ...record, resource: [], scope: [] }))
    .filter((record) => way.carries(record))
}
