import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageField, stringField, varintField } from '../../../../bench/workloads/protobuf-writer.ts'
import type { FormatName } from '../../../../processor/formats/index.ts'
import { recordType, requestType } from '../otlp-full-messages.ts'
import { convert, lostOf, requests } from './fixtures.ts'

/** What the writer of OTLP JSON makes of a message that is there in pieces is tested against the specification. */
function gathered(bytes: Buffer): Buffer {
  return convert('otlp-protobuf', 'otlp-json', convert('otlp-json', 'otlp-protobuf', bytes).bytes).bytes
}

const record = (...fields: readonly Buffer[]) => messageField(1, [messageField(2, [messageField(2, fields)])])
const line = (bytes: Buffer) => convert('json-lines', 'otlp-protobuf', bytes).bytes.toString()

describe('messages that are there in pieces', () => {
  it.each(['json-lines', 'forward'] as const)('become the same %s as those that are not', (target: FormatName) => {
    fc.assert(
      fc.property(requests, requests, (one, two) => {
        const bytes = [one, two].map((request) => {
          const { resourceLogs = [] } = requestType.toObject(
            requestType.decode(requestType.encode(requestType.fromObject(request)).finish()),
          )
          return resourceLogs.flatMap(({ scopeLogs = [] }: { scopeLogs?: { logRecords?: object[] }[] }) =>
            scopeLogs.flatMap(({ logRecords = [] }) =>
              logRecords.map((logRecord) => Buffer.from(recordType.encode(recordType.fromObject(logRecord)).finish())),
            ),
          ) as Buffer[]
        })
        // Two messages behind each other are one whose fields are those of both.
        const merged = bytes[0]!.map((first, index) => Buffer.concat([first, bytes[1]![index] ?? first]))
        const scattered = messageField(1, [
          messageField(
            2,
            merged.map((fields) => messageField(2, [fields])),
          ),
        ])
        const options = { otlpMetadata: true }
        expect(convert(target, 'otlp-protobuf', scattered, options).bytes).toEqual(
          convert(target, 'otlp-protobuf', gathered(scattered), options).bytes,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('have the resource and the schema that come behind their records', () => {
    const attribute = (key: string) => messageField(1, [stringField(1, key), messageField(2, [varintField(3, 1)])])
    const bytes = messageField(1, [
      messageField(1, [attribute('a')]),
      messageField(2, [messageField(2, []), messageField(1, [stringField(1, 'lib')]), stringField(3, 'https://s')]),
      messageField(1, [attribute('b')]),
      stringField(3, 'https://r'),
    ])
    expect(JSON.parse(line(bytes))).toEqual({
      resource: { schema_url: 'https://r', attributes: { a: 1, b: 1 } },
      scope: { name: 'lib', schema_url: 'https://s', attributes: {} },
    })
  })

  it('have the last member of a oneof, and the last of a scalar', () => {
    expect(line(record(messageField(5, [stringField(1, 'x'), varintField(3, 5)])))).toBe('{"message":5}\n')
    expect(line(record(varintField(2, 9), varintField(2, 17)))).toBe('{"level":"error","severity_number":17}\n')
  })

  it('have their records in the field that is reserved today, too', () => {
    expect(line(messageField(1, [messageField(1000, [messageField(2, [varintField(2, 9)])])]))).toBe(
      '{"level":"info","severity_number":9}\n',
    )
  })

  it('count fields that are not known, wherever they are', () => {
    const unknown = varintField(99, 1)
    const entry = messageField(6, [stringField(1, 'k'), messageField(2, [varintField(3, 1), unknown]), unknown])
    const bytes = Buffer.concat([
      unknown,
      messageField(1, [
        unknown,
        messageField(1, [unknown]),
        messageField(2, [unknown, messageField(1, [unknown]), messageField(2, [unknown, entry])]),
      ]),
    ])
    expect(lostOf(convert('json-lines', 'otlp-protobuf', bytes))).toEqual({ unknown_fields_left_out: 8 })
    expect(lostOf(convert('forward', 'otlp-protobuf', bytes, { otlpMetadata: true }))).toEqual({
      unknown_fields_left_out: 8,
    })
  })
})
