import { Encoder, ExtData } from '@msgpack/msgpack'
import { type AnyValue, decodeRequest } from '../checks/otlp-messages.ts'
import type { Batch } from './batch.ts'

const NANOSECONDS = 1_000_000_000n
const encoder = new Encoder({ useBigInt64: true, ignoreUndefined: true })

/** EventTime (Forward Protocol v1, "EventTime Ext Format"). */
function eventTime(unixNano: bigint): ExtData {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(Number(unixNano / NANOSECONDS), 0)
  bytes.writeUInt32BE(Number(unixNano % NANOSECONDS), 4)
  return new ExtData(0, bytes)
}

function plain({ stringValue, boolValue, intValue, doubleValue }: AnyValue): unknown {
  return stringValue ?? boolValue ?? (intValue === undefined ? doubleValue : Number(String(intValue)))
}

/**
 * The records of an OTLP batch as Fluent Bit sends what it has read from a program: body under `message`, attributes as
 * they are, severity as `level`, the service's name beside. One entry behind the other, as in PackedForward.
 */
export function forwardEntries({ bytes, records, planted }: Batch): Batch {
  const entries: Uint8Array[] = []
  for (const { resource, scopeLogs } of decodeRequest(bytes).resourceLogs ?? []) {
    const service = resource?.attributes?.find(({ key }) => key === 'service.name')?.value?.stringValue
    for (const record of scopeLogs?.flatMap(({ logRecords }) => logRecords ?? []) ?? []) {
      const fields = Object.fromEntries((record.attributes ?? []).map(({ key, value }) => [key, plain(value ?? {})]))
      const time = eventTime(BigInt(String(record.timeUnixNano)))
      const entry = [time, { message: record.body?.stringValue, level: record.severityText, service, ...fields }]
      entries.push(encoder.encode(entry))
    }
  }
  return { bytes: Buffer.concat(entries), records, planted }
}
