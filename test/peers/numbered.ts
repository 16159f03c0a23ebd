import { encode } from '@msgpack/msgpack'
import { requestType } from '../../bench/checks/otlp-messages.ts'

/** What the record of a number says. Each has one address: those with even numbers in their text, the others beside it. */
export interface NumberedRecord {
  readonly text: string
  readonly customer: string | undefined
}

export function numberedRecord(number: number): NumberedRecord {
  const address = `customer-${number}@example.com`
  return number % 2 === 0
    ? { text: `order ${number} of ${address} was paid`, customer: undefined }
    : { text: `order ${number} was paid`, customer: address }
}

/** The numbers from `first` to before `last`, so many in each batch. */
export function numberedBatches(first: number, last: number, batch: number): number[][] {
  const numbers = Array.from({ length: last - first }, (_, index) => first + index)
  return Array.from({ length: Math.ceil(numbers.length / batch) }, (_, at) =>
    numbers.slice(at * batch, (at + 1) * batch),
  )
}

/** An ExportLogsServiceRequest with these records, by protobufjs. */
export function otlpRequest(numbers: readonly number[]): Buffer {
  const logRecords = numbers.map((number) => {
    const { text, customer } = numberedRecord(number)
    const attributes = [
      { key: 'sequence', value: { intValue: number } },
      ...(customer === undefined ? [] : [{ key: 'customer', value: { stringValue: customer } }]),
    ]
    return { timeUnixNano: 1_790_000_000_000_000_000, body: { stringValue: text }, attributes }
  })
  const request = requestType.fromObject({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
  return Buffer.from(requestType.encode(request).finish())
}

/** What a Forward client logs. */
export function forwardRecord(number: number): Record<string, unknown> {
  const { text, customer } = numberedRecord(number)
  return { message: text, sequence: number, ...(customer === undefined ? {} : { customer }) }
}

/** A message in PackedForward mode with these records, to be acknowledged by `chunk`. */
export function forwardMessage(numbers: readonly number[], chunk: string): Uint8Array {
  const entries = numbers.map((number) => encode([1_790_000_000, forwardRecord(number)]))
  return encode(['peer.log', Buffer.concat(entries), { size: numbers.length, chunk }])
}
