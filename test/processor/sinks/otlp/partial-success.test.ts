import fc from 'fast-check'
import protobuf from 'protobufjs'
import { describe, expect, test } from 'vitest'
import { rejectedRecords } from '../../../../processor/sinks/otlp/partial-success.ts'

const PROTOBUF = 'application/x-protobuf'
const JSON_TYPE = 'application/json'

/** opentelemetry/proto/collector/logs/v1/logs_service.proto */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ExportLogsPartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
  message ExportLogsServiceResponse { ExportLogsPartialSuccess partial_success = 1; }
`)
const Response = root.lookupType('ExportLogsServiceResponse')

function encode(rejected: number | protobuf.Long, message = ''): Buffer {
  const partialSuccess = { rejectedLogRecords: rejected, errorMessage: message }
  return Buffer.from(Response.encode(Response.fromObject({ partialSuccess })).finish())
}

describe('the records that a backend rejected', () => {
  test('are read from protobuf as another library writes it', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), (rejected, message) => {
        expect(rejectedRecords(encode(rejected, message), PROTOBUF, Number.MAX_SAFE_INTEGER)).toBe(rejected)
      }),
    )
  })

  test('are read from JSON, as a string or as a number', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), fc.boolean(), (rejected, errorMessage, text) => {
        const partialSuccess = { rejectedLogRecords: text ? String(rejected) : rejected, errorMessage }
        const body = Buffer.from(JSON.stringify({ partialSuccess }))
        expect(rejectedRecords(body, `${JSON_TYPE}; charset=utf-8`, Number.MAX_SAFE_INTEGER)).toBe(rejected)
      }),
    )
  })

  test('are never more than were sent, and never fewer than none', () => {
    expect(rejectedRecords(encode(513), PROTOBUF, 512)).toBe(512)
    expect(rejectedRecords(encode(-1), PROTOBUF, 512)).toBe(0)
    for (const [rejected, expected] of [
      ['9223372036854775807', 512],
      ['-5', 0],
      ['1e2', 0],
      [1e300, 512],
      [2.5, 2],
      [-1, 0],
      [null, 0],
      [{}, 0],
      [[7], 0],
    ] as const) {
      const body = Buffer.from(JSON.stringify({ partialSuccess: { rejectedLogRecords: rejected } }))
      expect(rejectedRecords(body, JSON_TYPE, 512)).toBe(expected)
    }
  })

  test.each(['', '\n\0', '{}', '{"partialSuccess":{}}', '{"partialSuccess":null}', 'null', '[]', '"partialSuccess"'])(
    'are none where it says nothing of them: %j',
    (body) => {
      for (const type of [PROTOBUF, JSON_TYPE, 'text/html', '']) {
        expect(rejectedRecords(Buffer.from(body), type, 512)).toBe(0)
      }
    },
  )

  test('are read past fields of a later version, and the last of two counts', () => {
    const unknown = Buffer.from([0x7a, 0x02, 0x08, 0x07, 0x80, 0x01, 0x2a])
    expect(rejectedRecords(Buffer.concat([unknown, encode(3), unknown, encode(4)]), PROTOBUF, 512)).toBe(4)
  })

  test('are none in a body of the other type', () => {
    expect(rejectedRecords(encode(3), JSON_TYPE, 512)).toBe(0)
    const json = Buffer.from('{"partialSuccess":{"rejectedLogRecords":3}}')
    expect(rejectedRecords(json, PROTOBUF, 512)).toBe(0)
    expect(rejectedRecords(json, 'text/json', 512)).toBe(0)
  })

  test('are a number from 0 to all of them, whatever the bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 64 })
    // Bytes that begin like a partial success go deeper than most.
    const likely = fc.tuple(fc.constantFrom(0x0a, 0x08, 0x0b), bytes).map(([tag, rest]) => Uint8Array.of(tag, ...rest))
    fc.assert(
      fc.property(fc.oneof(bytes, likely), fc.constantFrom(PROTOBUF, JSON_TYPE), (body, type) => {
        const rejected = rejectedRecords(Buffer.from(body), type, 512)
        expect(Number.isInteger(rejected) && rejected >= 0 && rejected <= 512).toBe(true)
      }),
    )
  })

  test('are none in JSON that is nested as deep as a reply can be', () => {
    expect(rejectedRecords(Buffer.alloc(65_536, '['), JSON_TYPE, 512)).toBe(0)
    expect(rejectedRecords(Buffer.alloc(65_536, '{"partialSuccess":'), JSON_TYPE, 512)).toBe(0)
  })
})
