import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonBatch } from '../suite.ts'
import { type Given, startedSink } from './fixtures.ts'
import { type Answer, answer, HttpPeer, ok } from './peers.ts'

/** What a backend can do with a request that it has read. */
const MOODS: Readonly<Record<string, Answer>> = {
  'takes it': ok,
  'is busy': answer(503),
  'wants a pause': answer(429, { 'retry-after': '0' }),
  'does not want it': answer(400),
  'lets nobody in': answer(401),
  'drops it': (response) => response.socket?.destroy(),
  'resets it': (response) => response.socket?.resetAndDestroy(),
  'says nothing': () => {},
  'dies amid the reply': (response) => {
    response.writeHead(200, { 'content-length': '9' }).write('{', () => response.socket?.destroy())
  },
  'closes afterwards': (response) => response.writeHead(200, { connection: 'close' }).end(),
  'has part of it': answer(
    200,
    { 'content-type': 'application/json' },
    '{"partialSuccess":{"rejectedLogRecords":"1"}}',
  ),
}

const SUCCESSES = new Set(['takes it', 'dies amid the reply', 'closes afterwards', 'has part of it'])

const GIVEN: Given = { requests: 4, timeout: '100ms', retry: { first: '10ms', longest: '20ms', give_up: '200ms' } }

test('whatever is accepted has arrived in full, and nothing arrives that was not sent', async () => {
  const moods = fc.array(fc.constantFrom(...Object.keys(MOODS)), { minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(moods, fc.constantFrom('none', 'gzip'), async (course, compression) => {
      const taken: Buffer[] = []
      const peer = await new HttpPeer().listen()
      let turn = 0
      peer.answer((response, request) => {
        const mood = course[turn % course.length] ?? ''
        turn += 1
        if (SUCCESSES.has(mood)) taken.push(request.body)
        MOODS[mood]?.(response, request)
      })
      const sink = await startedSink(peer.url, { ...GIVEN, compression })
      const batches = Array.from({ length: 20 }, (_, index) => jsonBatch(`${index}:${'é'.repeat(index * 5000)}`))
      const settlements = await Promise.all(batches.map((batch) => sink.send(batch)))
      expect(sink.status().sending).toBe(0)
      await sink.close()
      await peer.close()
      const arrived = new Set(taken.map((body) => (compression === 'gzip' ? gunzipSync(body) : body).toString()))
      const sent = batches.map(({ bytes }) => bytes.toString())
      settlements.forEach(({ outcome }, index) => {
        if (outcome === 'accepted') expect(arrived.has(sent[index] ?? '')).toBe(true)
      })
      expect([...arrived].every((text) => sent.includes(text))).toBe(true)
    }),
    { numRuns: 25 },
  )
})

test('each batch arrives once where nothing fails', async () => {
  const peer = await new HttpPeer().listen()
  const sink = await startedSink(peer.url)
  const batches = Array.from({ length: 200 }, (_, index) => jsonBatch(`${index}:${'x'.repeat(index * 1000)}`))
  const settlements = await Promise.all(batches.map((batch) => sink.send(batch)))
  expect(settlements.every(({ outcome }) => outcome === 'accepted')).toBe(true)
  const arrived = peer.requests.map(({ body }) => body.toString()).sort()
  expect(arrived).toEqual(batches.map(({ bytes }) => bytes.toString()).sort())
  await sink.close()
  await peer.close()
})
