import { decodeVarint64, WIRE, WireReader } from '../../formats/protobuf-wire.ts'

/** Milliseconds; what a backend asks for beyond it is not passed on. */
const MOST_MS = 3_600_000

const TYPE = 'type.googleapis.com/google.rpc.RetryInfo'

/**
 * How long a backend wants to be left alone: google.rpc.RetryInfo.retry_delay in a google.rpc.Status, in milliseconds,
 * at most an hour (google/rpc/status.proto, error_details.proto, google/protobuf/any.proto, duration.proto).
 *
 * @param status - as it came
 * @returns undefined where it does not say, or nothing that can be read
 */
export function retryDelay(status: Uint8Array): number | undefined {
  try {
    const reader = new WireReader(status)
    for (const any of fieldsOf(reader, 0, status.length, 3)) {
      const [type] = [...fieldsOf(reader, ...any, 1)]
      if (type === undefined || textOf(status, type) !== TYPE) continue
      // What is not there is empty (proto3), and a RetryInfo without a delay asks for none.
      const [value = EMPTY] = [...fieldsOf(reader, ...any, 2)]
      const [delay = EMPTY] = [...fieldsOf(reader, ...value, 1)]
      return durationOf(reader, delay)
    }
  } catch {
    // As if it were not there.
  }
  return undefined
}

type Range = readonly [start: number, end: number]

const EMPTY: Range = [0, 0]

/** The contents of the fields of this number that are messages, texts or bytes. */
function* fieldsOf(reader: WireReader, start: number, end: number, number: number): Generator<Range> {
  for (let at = start; at < end; ) {
    const tag = reader.varint31(at, end)
    const content = reader.at
    at = reader.skip(tag, content, end)
    if (tag === ((number << 3) | WIRE.LEN)) yield [reader.at, at]
  }
}

function durationOf(reader: WireReader, [start, end]: Range): number {
  const numbers = [0, 0, 0]
  for (let at = start; at < end; ) {
    const tag = reader.varint31(at, end)
    const content = reader.at
    at = reader.skip(tag, content, end)
    const number = tag >> 3
    if ((tag & 7) === WIRE.VARINT && number < 3) numbers[number] = Number(decodeVarint64(reader.bytes, content, at))
  }
  const [, seconds = 0, nanos = 0] = numbers
  return Math.min(Math.max(0, seconds * 1000 + Math.ceil(nanos / 1e6)), MOST_MS)
}

function textOf(bytes: Uint8Array, [start, end]: Range): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}
