import type { FormatName } from '../../processor/index.ts'
import { writeProtobuf } from './protobuf-tree.ts'

const SIZE = 4 * 1024 * 1024

export interface Bomb {
  readonly format: FormatName
  readonly make: () => Buffer
}

const message = (number: number, content: Uint8Array) => writeProtobuf([{ number, wire: 2, content }])
const inRequest = (content: Uint8Array) => message(1, content)
const inScope = (content: Uint8Array) => inRequest(message(2, content))
/** A record may have 4 MiB. */
const inRecord = (content: Uint8Array) => inScope(message(2, content.subarray(0, SIZE - 64)))
const many = (hex: string) => Buffer.alloc(SIZE, hex, 'hex')
const lines = (line: string) => Buffer.from(line.repeat(SIZE / line.length))
const list = (before: string, item: string, behind: string) =>
  Buffer.from(before + Array.from({ length: (SIZE - 200) / (item.length + 1) }, () => item).join() + behind)

const protobuf = (make: () => Buffer): Bomb => ({ format: 'otlp-protobuf', make })
const json = (make: () => Buffer): Bomb => ({ format: 'json-lines', make })
const otlpJson = (make: () => Buffer): Bomb => ({ format: 'otlp-json', make })

/** Four megabytes of what costs next to nothing to send. */
export const BOMBS: Readonly<Record<string, Bomb>> = {
  'empty resources': protobuf(() => many('0a00')),
  'empty scopes': protobuf(() => inRequest(many('1200'))),
  'empty records': protobuf(() => inScope(many('1200'))),
  'empty attributes': protobuf(() => inRecord(many('3200'))),
  'attributes of one key and no value': protobuf(() =>
    inRecord(many('32030a0161').subarray(0, SIZE - 64 - ((SIZE - 64) % 5))),
  ),
  'empty elements': protobuf(() => inRecord(message(5, message(5, many('0a00').subarray(0, SIZE - 80))))),
  'empty strings in a body': protobuf(() => inRecord(message(5, many('0a00').subarray(0, SIZE - 80)))),
  'empty unknown fields': protobuf(() => inRecord(many('7a00'))),
  'empty lines': json(() => lines('\n')),
  'empty objects, a line each': json(() => lines('{}\n')),
  'empty members': json(() => list('{', '"":0', '}')),
  'the same member': json(() => list('{', '"a":0', '}')),
  'empty elements of JSON': json(() => list('{"a":[', '0', ']}')),
  'empty lists in a list': json(() => list('{"a":[', '[]', ']}')),
  'one-letter lines': { format: 'text', make: () => lines('a\n') },
  'empty resources of OTLP JSON': otlpJson(() => list('{"resourceLogs":[', '{}', ']}')),
  'empty scopes of OTLP JSON': otlpJson(() => list('{"resourceLogs":[{"scopeLogs":[', '{}', ']}]}')),
  'empty records of OTLP JSON': otlpJson(() => list('{"resourceLogs":[{"scopeLogs":[{"logRecords":[', '{}', ']}]}]}')),
  'empty attributes of OTLP JSON': otlpJson(() =>
    list('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[', '{}', ']}]}]}]}'),
  ),
  'a key of dots': json(() => Buffer.from(`{"${'.'.repeat(SIZE - 100)}":1}`)),
  'a key of letters': json(() => Buffer.from(`{"${'k'.repeat(SIZE - 100)}":1}`)),
  'long keys in one another': json(() => Buffer.from(`${`{"${'k'.repeat(60_000)}":`.repeat(63)}1${'}'.repeat(63)}`)),
  'open brackets': json(() => Buffer.from(`{"a":${'['.repeat(SIZE - 100)}`)),
  'one string': json(() => Buffer.from(`{"a":"${'x'.repeat(SIZE - 100)}"}`)),
}
