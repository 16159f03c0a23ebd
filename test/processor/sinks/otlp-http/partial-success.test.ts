import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { jsonBatch } from '../suite.ts'
import { startedSink } from './fixtures.ts'
import { answer, HttpPeer } from './peers.ts'

const PROTOBUF = 'application/x-protobuf'
const JSON_TYPE = 'application/json'

/** ExportLogsServiceResponse{1 partial_success{1 rejected_log_records, 2 error_message}} */
function encode(rejected: number, message: string): Buffer {
  const text = Buffer.from(message)
  // Lengths of two bytes as varints, which need not be the shortest.
  const length = (value: number) => [(value & 0x7f) | 0x80, value >> 7]
  const partial = Buffer.concat([Buffer.from([0x08, rejected, 0x12, ...length(text.length)]), text])
  return Buffer.concat([Buffer.from([0x0a, ...length(partial.length)]), partial])
}

describe('a partial success', () => {
  let peer: HttpPeer
  beforeEach(async () => {
    peer = await new HttpPeer().listen()
  })
  afterEach(() => peer.close())

  test.each([
    ['protobuf', PROTOBUF, encode(1, 'not today')],
    ['JSON', JSON_TYPE, Buffer.from('{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"not today"}}')],
  ])('of %s is a success that is not repeated', async (_, type, body) => {
    for (const status of [200, 202]) {
      peer.answer(answer(status, { 'content-type': type, 'retry-after': '0' }, body))
      const sink = await startedSink(peer.url)
      expect(await sink.send(jsonBatch('a'))).toEqual({ outcome: 'accepted', rejected: 1 })
      expect(sink.status()).toEqual({ healthy: true, sending: 0 })
      await sink.close()
    }
    expect(peer.requests).toHaveLength(2)
  })

  test('that comes in many pieces is put together', async () => {
    peer.answer((response) => {
      response.writeHead(200, { 'content-type': PROTOBUF })
      const bytes = encode(1, 'x'.repeat(1000))
      const next = (at: number): void => {
        if (at >= bytes.length) response.end()
        else response.write(bytes.subarray(at, at + 100), () => setImmediate(next, at + 100))
      }
      next(0)
    })
    const sink = await startedSink(peer.url)
    expect(await sink.send(jsonBatch('a'))).toEqual({ outcome: 'accepted', rejected: 1 })
    await sink.close()
  })
})
