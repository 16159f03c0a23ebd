import { decodeMulti } from '@msgpack/msgpack'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OutgoingBatch, Sink } from '../../../../processor/sinks/sink.ts'
import { jsonBatch, outgoing, sinkContext } from '../suite.ts'
import { ACCEPTED, ONCE, startedSink } from './fixtures.ts'
import { FluentServer } from './server.ts'

let server: FluentServer
let sink: Sink

beforeEach(async () => {
  server = await FluentServer.listen()
})

afterEach(async () => {
  await sink.close()
  await server.close()
})

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })

/** A batch of OTLP whose records have these bodies, each with its tag. */
function tagged(...records: readonly (readonly [body: string, tag: string])[]): OutgoingBatch {
  const logRecords = records.map(([body, tag]) => ({
    body: { stringValue: body },
    attributes: [attribute('fluent.tag', tag)],
  }))
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }
  return { ...outgoing(Buffer.from(JSON.stringify(request)), 'otlp-json'), records: records.length }
}

const recordsOf = (index: number) =>
  Array.from(decodeMulti(server.received[index]!.entries), (entry) => (entry as [unknown, object])[1])

describe('a batch of another format', () => {
  test('is sent in one message for each tag, and accepted once all are acknowledged', async () => {
    sink = await startedSink([server.endpoint])
    const held: (() => void)[] = []
    server.behave = (_received, _socket, ack) => held.push(ack)
    let settled = false
    const sent = sink.send(tagged(['a', 'one'], ['b', 'two'], ['c', 'one']))
    void sent.then(() => {
      settled = true
    })
    while (held.length < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(server.received.map(({ tag, option }) => [tag, option.size])).toEqual([
      ['one', 2],
      ['two', 1],
    ])
    held[0]!()
    // Time enough for an acknowledgement that comes over the same connection.
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([settled, sink.status().sending]).toEqual([false, 1])
    held[1]!()
    expect(await sent).toEqual(ACCEPTED)
    expect([0, 1].map(recordsOf)).toEqual([[{ message: 'a' }, { message: 'c' }], [{ message: 'b' }]])
  })

  test('is refused where one message is, and only that one is sent again before', async () => {
    sink = await startedSink([server.endpoint], {
      ack_timeout: '100ms',
      retry: { first: '10ms', longest: '10ms', give_up: '150ms' },
    })
    server.behave = ({ tag }, _socket, ack) => {
      if (tag === 'one') ack()
    }
    expect(await sink.send(tagged(['a', 'one'], ['b', 'two']))).toMatchObject({ outcome: 'refused' })
    const tags = server.received.map(({ tag }) => tag)
    expect(tags.filter((tag) => tag === 'one')).toHaveLength(1)
    expect(tags.filter((tag) => tag === 'two').length).toBeGreaterThan(1)
  })

  test('has the tag that is set', async () => {
    sink = await startedSink([server.endpoint], { tag: 'sealed' })
    expect(await sink.send(jsonBatch('a'))).toEqual(ACCEPTED)
    expect(await sink.send(tagged(['b', 'theirs']))).toEqual(ACCEPTED)
    expect(server.received.map(({ tag }) => tag)).toEqual(['sealed', 'sealed'])
  })

  test('is flat, or has all of OTLP in metadata', async () => {
    const request = {
      resourceLogs: [
        {
          resource: { attributes: [attribute('service.name', 'shop')] },
          scopeLogs: [{ logRecords: [{ body: { stringValue: 'a' }, severityNumber: 9 }] }],
        },
      ],
    }
    const batch = outgoing(Buffer.from(JSON.stringify(request)), 'otlp-json')
    sink = await startedSink([server.endpoint])
    await sink.send(batch)
    await sink.close()
    sink = await startedSink([server.endpoint], { otlp_metadata: true })
    await sink.send(batch)
    expect(recordsOf(0)).toHaveLength(1)
    const entries = Array.from(decodeMulti(server.received[1]!.entries)) as [[unknown, object], object][]
    expect(entries[0]![0][1]).toMatchObject({ schema: 'otlp' })
    expect(entries[1]![0][1]).toMatchObject({ otlp: { severity_number: 9 } })
  })

  test('of lines takes the body from the keys of the configuration', async () => {
    const context = { ...sinkContext(), bodyKeys: ['text'] }
    sink = await startedSink([server.endpoint], { otlp_metadata: true }, context)
    const lines = '{"text":"a","user":"b"}\n'
    expect(await sink.send(outgoing(Buffer.from(lines), 'json-lines'))).toEqual(ACCEPTED)
    const entries = Array.from(decodeMulti(server.received[0]!.entries)) as [[unknown, object], object][]
    const [, metadata] = entries[1]![0]
    expect([metadata, entries[1]![1]]).toMatchObject([{ otlp: { attributes: { user: 'b' } } }, { log: 'a' }])
  })

  test('is converted when its turn comes, and what is lost is counted', async () => {
    const context = sinkContext()
    sink = await startedSink([server.endpoint], { chunks: 1 }, context)
    const held: (() => void)[] = []
    server.behave = (_received, _socket, ack) => held.push(ack)
    const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'a' }, novelty: 1 }] }] }] }
    const batch = outgoing(Buffer.from(JSON.stringify(request)), 'otlp-json')
    const sends = Array.from({ length: 5 }, () => sink.send(batch))
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(sink.status()).toEqual({ healthy: true, sending: 5, lost: { unknown_fields_left_out: 1 } })
    server.behave = (_received, _socket, ack) => ack()
    held[0]!()
    expect(await Promise.all(sends)).toEqual(Array(5).fill(ACCEPTED))
    expect(sink.status()).toEqual({ healthy: true, sending: 0, lost: { unknown_fields_left_out: 5 } })
    expect(context.lines.map(({ event }) => event)).toEqual(['conversion-loss'])
  })

  test('without records is accepted, and nothing is sent', async () => {
    sink = await startedSink([server.endpoint])
    const batch = { ...outgoing(Buffer.from('{"resourceLogs":[]}'), 'otlp-json'), records: 0 }
    expect(await sink.send(batch)).toEqual(ACCEPTED)
    expect(server.connections).toBe(0)
  })

  test('that is malformed is refused for good', async () => {
    sink = await startedSink([server.endpoint], { retry: ONCE })
    const settlement = await sink.send(outgoing(Buffer.from('{"resourceLogs":['), 'otlp-json'))
    expect(settlement).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_INPUT_MALFORMED' } })
    expect(sink.status()).toEqual({ healthy: true, sending: 0 })
  })
})
