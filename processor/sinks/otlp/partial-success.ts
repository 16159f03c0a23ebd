import { decodeVarint64, WIRE, WireReader } from '../../formats/protobuf-wire.ts'

/** Tags of ExportLogsServiceResponse.partial_success and ExportLogsPartialSuccess.rejected_log_records. */
const PARTIAL_SUCCESS = (1 << 3) | WIRE.LEN
const REJECTED_LOG_RECORDS = (1 << 3) | WIRE.VARINT

/**
 * How many log records a backend says that it has rejected, from the body of a successful reply
 * (ExportLogsServiceResponse, opentelemetry/proto/collector/logs/v1/logs_service.proto).
 *
 * @param body - as it came, in the encoding that `contentType` names
 * @param records - how many were sent: no more can be rejected
 * @returns 0 where the body says nothing of it, or nothing that can be read: the status alone means success
 */
export function rejectedRecords(body: Buffer, contentType: string, records: number): number {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase()
  try {
    if (type === 'application/x-protobuf') return within(rejectedOfProtobuf(body), records)
    if (type === 'application/json') return within(rejectedOfJson(JSON.parse(body.toString())), records)
  } catch {
    // Whatever it says, the batch has been taken.
  }
  return 0
}

function within(rejected: number, records: number): number {
  return rejected > 0 ? Math.min(Math.trunc(rejected), records) : 0
}

function rejectedOfProtobuf(body: Uint8Array): number {
  const reader = new WireReader(body)
  let rejected = 0
  for (let at = 0; at < body.length; ) {
    const tag = reader.varint31(at, body.length)
    const content = reader.at
    at = reader.skip(tag, content, body.length)
    // A message that occurs twice is merged (protobuf encoding guide, "Last One Wins").
    if (tag === PARTIAL_SUCCESS) rejected = rejectedOfPartialSuccess(reader, reader.at, at, rejected)
  }
  return rejected
}

function rejectedOfPartialSuccess(reader: WireReader, start: number, end: number, before: number): number {
  let rejected = before
  for (let at = start; at < end; ) {
    const tag = reader.varint31(at, end)
    const content = reader.at
    at = reader.skip(tag, content, end)
    if (tag === REJECTED_LOG_RECORDS) rejected = Number(decodeVarint64(reader.bytes, content, at))
  }
  return rejected
}

/** 64-bit integers are decimal strings in protobuf's JSON, and numbers are accepted. */
function rejectedOfJson(response: unknown): number {
  const rejected = member(member(response, 'partialSuccess'), 'rejectedLogRecords')
  if (typeof rejected === 'number') return rejected
  return typeof rejected === 'string' && /^\d{1,19}$/.test(rejected) ? Number(rejected) : 0
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
