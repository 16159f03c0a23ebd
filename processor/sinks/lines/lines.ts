import { jsonOnOneLine } from '../../formats/json-one-line.ts'
import { otlpProtobufToJson } from '../../formats/otlp-protobuf-to-json.ts'
import type { Conversions } from '../conversions.ts'
import type { LineFormat } from '../line-format.ts'
import type { OutgoingBatch } from '../sink.ts'

export interface LineOptions {
  readonly format: LineFormat
  readonly conversions: Conversions
}

const LINE_BREAK = 0x0a

/**
 * A batch as lines, without the last line break: an OTLP request on one line, or a line for each record. Empty where
 * there are no records.
 *
 * @throws FieldsealError where it is malformed.
 */
export function linesOf(batch: OutgoingBatch, { format, conversions }: LineOptions): Buffer {
  if (format === 'otlp_json') {
    if (batch.format === 'otlp-protobuf') return otlpProtobufToJson(batch.bytes)
    if (batch.format === 'otlp-json') return jsonOnOneLine(batch.bytes)
    return conversions.to('otlp-json', batch).bytes
  }
  // What came as lines goes as it is: a text need not be JSON.
  if (batch.format === 'json-lines' || batch.format === 'text') return withoutEnd(batch.bytes)
  return withoutEnd(conversions.to('json-lines', batch).bytes)
}

function withoutEnd(bytes: Buffer): Buffer {
  return bytes.at(-1) === LINE_BREAK ? bytes.subarray(0, -1) : bytes
}
