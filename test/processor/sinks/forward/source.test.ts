import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import type { Sink } from '../../../../processor/sinks/sink.ts'
import { Authority, hasOpenssl } from '../../http/authority.ts'
import { startSource, textsOf } from '../../sources/forward/fixtures.ts'
import { ACCEPTED, packedBatch, startedSink } from './fixtures.ts'

/** The service's own source as the receiver: one stage that sends to the next. */
let folder: string
let sink: Sink

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldseal-stages-'))
  writeFileSync(join(folder, 'key'), 'a shared key of two stages\n')
  writeFileSync(join(folder, 'password'), 'long enough\n')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => sink.close())

const texts = (count: number) => Array.from({ length: count }, (_, index) => `${index}:${'é'.repeat(index * 100)}`)
const sendAll = (logs: readonly string[]) => Promise.all(logs.map((log) => sink.send(packedBatch(log))))

const SECURITY = () => ({
  source: { shared_key: join(folder, 'key'), users: [{ name: 'app', password: join(folder, 'password') }] },
  sink: { shared_key: join(folder, 'key'), user: 'app', password: join(folder, 'password') },
})

describe.each(['none', 'gzip'])('compression: %s', (compression) => {
  test.each([
    ['without a handshake', () => ({ source: undefined, sink: undefined })],
    ['with shared key, user and password', SECURITY],
  ])('everything arrives once, %s', async (_, security) => {
    const { port, delivered, context } = await startSource({ options: { security: security().source } })
    sink = await startedSink([`127.0.0.1:${port}`], { compression, security: security().sink })
    const sent = texts(100)
    expect(await sendAll(sent)).toEqual(Array(100).fill(ACCEPTED))
    expect(delivered.flatMap(textsOf).sort()).toEqual(sent.sort())
    expect(context.budget.used).toBe(0)
  })
})

test.skipIf(!hasOpenssl)('everything arrives over mutual TLS', async () => {
  const authority = new Authority(folder, 'authority')
  const server = authority.issue('server')
  const options = { tls: { ...server, client_ca: authority.cert }, security: SECURITY().source }
  const { port, delivered } = await startSource({ options })
  const tls = { ca: authority.cert, ...authority.issue('client') }
  sink = await startedSink([`127.0.0.1:${port}`], { tls, security: SECURITY().sink })
  expect(await sendAll(texts(20))).toEqual(Array(20).fill(ACCEPTED))
  expect(delivered.flatMap(textsOf)).toHaveLength(20)
  expect(readFileSync(server.cert, 'utf8')).toContain('CERTIFICATE')
})

test('one batch for each connection', async () => {
  const { port, delivered } = await startSource({ options: { keepalive: false, security: SECURITY().source } })
  sink = await startedSink([`127.0.0.1:${port}`], { security: SECURITY().sink })
  expect(await sendAll(texts(20))).toEqual(Array(20).fill(ACCEPTED))
  expect(delivered.flatMap(textsOf).sort()).toEqual(texts(20).sort())
})

test('what the next stage does not accept is not acknowledged, and sent again', async () => {
  let turn = 0
  const taken: string[] = []
  const busy = refused(new FieldsealError('FIELDSEAL_BUSY', 'there is no room'))
  const { port } = await startSource({
    deliver: async ({ bytes }) => {
      turn += 1
      if (turn % 3 === 0) return busy
      taken.push(...textsOf(bytes))
      return accepted()
    },
  })
  sink = await startedSink([`127.0.0.1:${port}`], { ack_timeout: '200ms' })
  const sent = texts(30)
  expect(await sendAll(sent)).toEqual(Array(30).fill(ACCEPTED))
  expect(new Set(taken)).toEqual(new Set(sent))
  expect(turn).toBeGreaterThan(30)
})

test('what can never be accepted is acknowledged all the same, so that it does not come for ever', async () => {
  const malformed = new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'no')
  const { port } = await startSource({ deliver: async () => refused(malformed) })
  sink = await startedSink([`127.0.0.1:${port}`])
  expect(await sink.send(packedBatch('a'))).toEqual(ACCEPTED)
})
