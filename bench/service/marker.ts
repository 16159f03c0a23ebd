/**
 * A number at the end of each request, by which the sink knows what arrived: a field that opentelemetry-proto has not
 * given to `ExportLogsServiceRequest`, and that whoever passes a request on keeps as it is.
 */
export const MARKER_BYTES = 9

/** Field 15, fixed64 (protobuf.dev/programming-guides/encoding). */
const TAG = (15 << 3) | 1

/** @param sequence - a whole number from 0. */
export function marker(sequence: number): Buffer {
  const bytes = Buffer.alloc(MARKER_BYTES)
  bytes[0] = TAG
  bytes.writeBigUInt64LE(BigInt(sequence), 1)
  return bytes
}

/** The number of a request; undefined where it does not end in a marker. */
export function sequenceOf(request: Buffer): number | undefined {
  const start = request.length - MARKER_BYTES
  return start < 0 || request[start] !== TAG ? undefined : Number(request.readBigUInt64LE(start + 1))
}

export const withoutMarker = (request: Buffer): Buffer => request.subarray(0, -MARKER_BYTES)
