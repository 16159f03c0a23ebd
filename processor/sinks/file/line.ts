import { FieldsealError } from '../../errors.ts'
import { jsonOnOneLine } from '../../formats/json-one-line.ts'
import { otlpProtobufToJson } from '../../formats/otlp-protobuf-to-json.ts'
import type { OutgoingBatch } from '../sink.ts'

/**
 * A batch as a line of OTLP JSON, without the line break.
 *
 * @throws FieldsealError where it is malformed, or not OTLP.
 */
export function lineOf({ bytes, format }: OutgoingBatch): Buffer {
  if (format === 'otlp-protobuf') return otlpProtobufToJson(bytes)
  if (format === 'otlp-json') return jsonOnOneLine(bytes)
  throw new FieldsealError('FIELDSEAL_SINK_REFUSED', `the file takes OTLP, and nothing that is ${format}`)
}
