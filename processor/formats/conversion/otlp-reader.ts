import { TAG } from '../otlp-schema.ts'
import { WIRE, WireReader } from '../protobuf-wire.ts'

/** The records of an ExportLogsServiceRequest. */
export function countRecords(bytes: Buffer): number {
  const wire = new WireReader(bytes)
  let records = 0
  eachMessage(wire, 0, bytes.length, isResourceLogs, (start, end) => {
    eachMessage(wire, start, end, isScopeLogs, (from, to) => {
      eachMessage(wire, from, to, isLogRecord, () => {
        records += 1
      })
    })
  })
  return records
}

const isResourceLogs = (tag: number) => tag === TAG.REQUEST_RESOURCE_LOGS
const isScopeLogs = (tag: number) =>
  tag === TAG.RESOURCE_LOGS_SCOPE_LOGS || tag === TAG.RESOURCE_LOGS_DEPRECATED_SCOPE_LOGS
const isLogRecord = (tag: number) => tag === TAG.SCOPE_LOGS_LOG_RECORDS

function eachMessage(
  wire: WireReader,
  start: number,
  end: number,
  wanted: (tag: number) => boolean,
  visit: (start: number, end: number) => void,
): void {
  let position = start
  while (position < end) {
    const tag = wire.varint31(position, end)
    position = wire.skip(tag, wire.at, end)
    if ((tag & 7) === WIRE.LEN && wanted(tag)) visit(wire.at, position)
  }
}
