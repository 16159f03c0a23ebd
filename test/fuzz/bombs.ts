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

const sized = (first: number, size: number) => {
  const header = Buffer.from([first, 0, 0, 0, 0])
  header.writeUInt32BE(size, 1)
  return header
}
/** A packed stream of one entry over and over. */
const stream = (entry: string): Bomb => ({
  format: 'forward',
  make: () => {
    const content = many(entry).subarray(0, SIZE - (SIZE % (entry.length / 2)))
    return Buffer.concat([Buffer.from('92a174', 'hex'), sized(0xc6, content.length), content])
  },
})
/** A map or array, in four bytes of its count, of one element over and over: all that a record may hold. */
const inField = (first: number, element: string): Bomb => ({
  format: 'forward',
  make: () => {
    const count = Math.floor((SIZE - 64) / (element.length / 2))
    const content = many(element).subarray(0, (count * element.length) / 2)
    return Buffer.concat([Buffer.from('93a1740081a161', 'hex'), sized(first, count), content])
  },
})

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
  'heartbeats of Forward': stream('c0'),
  'empty records of Forward': stream('920080'),
  'empty groups of Forward': stream('92d700ffffffff0000000080'),
  'groups of Forward with empty owners': stream(
    '92d700ffffffff0000000081a57363 6f7065 81a46e616d65a0'.replaceAll(' ', ''),
  ),
  'empty metadata of Forward': stream('92920080 80'.replaceAll(' ', '')),
  'pairs of nil in MessagePack': inField(0xdf, 'c0c0'),
  'pairs of one key in MessagePack': inField(0xdf, 'a16ba0'),
  'keys of MessagePack that are arrays': inField(0xdf, '91c0c0'),
  'empty arrays of MessagePack': inField(0xdd, '90'),
  'empty extensions of MessagePack': inField(0xdd, 'c70000'),
  'empty texts of MessagePack': inField(0xdd, 'a0'),
  'arrays of MessagePack that claim everything': {
    format: 'forward',
    make: () => Buffer.concat([Buffer.from('93a1740081a161', 'hex'), many('dcffff')]),
  },
  'one string': json(() => Buffer.from(`{"a":"${'x'.repeat(SIZE - 100)}"}`)),
}
