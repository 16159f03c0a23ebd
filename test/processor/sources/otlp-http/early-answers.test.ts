import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { HeldPipeline, until } from '../suite.ts'
import { ask, PROTOBUF, RawClient, rawRequest, settingsOf, startSource } from './fixtures.ts'
import { rpcStatus } from './rpc-status.ts'

const TOKEN = 'a-token-of-25-characters.'
const OTHER = 'another-token-of-thirty-char.'
const AUTHORIZATION = { Authorization: `Bearer ${TOKEN}` }

function tokens(...texts: string[]): string[] {
  const folder = temporaryFolder(Object.fromEntries(texts.map((text, index) => [`${index}.token`, `${text}\n`])))
  return texts.map((_, index) => join(folder, `${index}.token`))
}

/** Heads of requests whose body of 1 GB nobody wants to read. */
const HUGE = 1_000_000_000
const hugeHead = (headers: Readonly<Record<string, string>> = {}) =>
  rawRequest('', { 'Content-Length': String(HUGE), ...headers })

describe('tokens', () => {
  test('a request without one, with a wrong one or another scheme is 401, which names the scheme', async () => {
    const { port, delivered } = await startSource({ options: { tokens: tokens(TOKEN, OTHER) } })
    const wrong = [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(0, -1)}`, `Basic ${TOKEN}`, TOKEN, 'Bearer', 'Bearer ', '']
    for (const headers of [{}, ...wrong.map((Authorization) => ({ Authorization }))]) {
      const { status, headers: got, body } = await ask(port, { headers, body: Buffer.from('x') })
      expect([status, got['www-authenticate'], got.connection]).toEqual([401, 'Bearer', 'close'])
      expect(rpcStatus(body, got['content-type'])).toMatchObject({ code: 16 })
      expect(body.toString('latin1')).toContain('FIELDSEAL_UNAUTHENTICATED')
      expect(body.toString('latin1')).not.toContain(TOKEN.slice(0, 8))
    }
    expect(delivered).toHaveLength(0)
  })

  test('each of them lets in, whatever the case of the scheme', async () => {
    const { port } = await startSource({ options: { tokens: tokens(TOKEN, OTHER) } })
    for (const Authorization of [`Bearer ${TOKEN}`, `bearer ${OTHER}`, `BEARER  ${TOKEN}`]) {
      expect((await ask(port, { headers: { Authorization }, body: Buffer.from('x') })).status).toBe(200)
    }
  })

  test('who has none is told nothing else: not what paths, methods and sizes there are', async () => {
    const { port } = await startSource({ options: { tokens: tokens(TOKEN), max_wire: 10 } })
    const large = Buffer.alloc(100)
    const odd = [
      { path: '/other' },
      { method: 'GET' },
      { headers: { 'Content-Type': 'text/plain' } },
      { headers: { 'Content-Encoding': 'br' } },
      { body: large },
    ]
    for (const asked of odd) expect((await ask(port, asked)).status).toBe(401)
    expect((await ask(port, { headers: AUTHORIZATION, body: large })).status).toBe(413)
  })

  test('a reload takes on new ones, and one that is bad changes nothing', async () => {
    const files = tokens(TOKEN)
    const { source, port } = await startSource({ options: { tokens: files } })
    const status = async (token: string) =>
      (await ask(port, { headers: { Authorization: `Bearer ${token}` }, body: Buffer.from('x') })).status
    writeFileSync(files[0] as string, OTHER)
    expect([await status(TOKEN), await status(OTHER)]).toEqual([200, 401])
    source.reload(settingsOf({ tokens: files }))
    expect([await status(TOKEN), await status(OTHER)]).toEqual([401, 200])
    writeFileSync(files[0] as string, 'short')
    expect(() => source.reload(settingsOf({ tokens: files }))).toThrow('fewer than 16 characters')
    expect([await status(TOKEN), await status(OTHER)]).toEqual([401, 200])
  })
})

describe('a body that nobody reads', () => {
  test.each([
    ['401', 401, { tokens: [TOKEN] }, {}],
    ['413', 413, {}, {}],
    ['415', 415, {}, { 'Content-Type': 'text/plain' }],
    ['400', 400, {}, { 'Content-Encoding': 'br' }],
    ['413 of a decompressed body', 413, {}, { 'Content-Encoding': 'gzip' }],
  ] as const)(
    '%s comes at once, and is read by a client that goes on sending 1 GB, which nobody takes',
    async (_, status, options, headers) => {
      const files = 'tokens' in options ? { tokens: tokens(...options.tokens) } : {}
      const { port, context } = await startSource({ options: files })
      const client = new RawClient(port)
      await client.write(hugeHead(headers))
      // It goes on sending, as a client does that listens only when it is done.
      const block = Buffer.alloc(64 * 1024)
      let sent = 0
      const pump = () => {
        while (client.socket.writable && sent < HUGE) {
          sent += block.length
          if (!client.socket.write(block)) return
        }
      }
      client.socket.on('drain', pump)
      pump()
      const [answer] = await client.answers(1)
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      expect(answer).toMatch(/^connection: close$/im)
      await client.closed
      // It was ended, not reset: a reset can overtake the answer.
      expect(client.ended).toBe(true)
      // The system's own buffers of both sockets are part of what a client can send.
      expect(client.socket.bytesWritten).toBeLessThan(32 * 1024 * 1024)
      expect(context.budget.used).toBe(0)
    },
  )

  test('the connection is kept where there is none, or it has come', async () => {
    const { port } = await startSource()
    const client = new RawClient(port)
    await client.write('GET /v1/logs HTTP/1.1\r\nHost: x\r\n\r\n')
    await client.answers(1)
    await client.write(rawRequest('x'))
    const [first, second] = await client.answers(2)
    expect([first?.slice(9, 12), second?.slice(9, 12)]).toEqual(['405', '200'])
  })
})

describe('Expect: 100-continue', () => {
  const expecting = { Expect: '100-continue' }

  test('is answered with 100 once there is nothing to be said against the request', async () => {
    const { port, delivered } = await startSource()
    const client = new RawClient(port)
    const request = rawRequest('hello', expecting)
    await client.write(request.subarray(0, -5))
    expect(await client.answers(1)).toEqual(['HTTP/1.1 100 Continue\r\n\r\n'])
    await client.write('hello')
    expect((await client.answers(2))[1]).toMatch(/^HTTP\/1\.1 200 /)
    expect(delivered.map(String)).toEqual(['hello'])
  })

  interface Refused {
    readonly status: string
    readonly token?: string
    readonly options?: object
    readonly headers?: Readonly<Record<string, string>>
  }

  test.each<Refused>([
    { status: '401', token: TOKEN },
    { status: '413', options: { max_wire: 4 } },
    { status: '415', headers: { 'Content-Type': 'text/plain' } },
  ])('is answered with $status before the body is sent', async ({ status, token, options, headers }) => {
    const files = token === undefined ? {} : { tokens: tokens(token) }
    const { port } = await startSource({ options: { ...options, ...files } })
    const client = new RawClient(port)
    await client.write(rawRequest('hello', { ...expecting, ...headers }).subarray(0, -5))
    const [answer] = await client.answers(1)
    expect(answer?.slice(9, 12)).toBe(status)
    await client.closed
  })

  test('is answered with 503 where there is no room', async () => {
    const pipeline = new HeldPipeline()
    const { port } = await startSource({ deliver: pipeline.deliver, limits: { total: 150_000 } })
    const first = ask(port, { body: Buffer.alloc(100_000) })
    await until(() => pipeline.batches.length === 1)
    const client = new RawClient(port)
    await client.write(rawRequest(Buffer.alloc(100_000), expecting).subarray(0, -100_000))
    expect((await client.answers(1))[0]).toMatch(/^HTTP\/1\.1 503 /)
    pipeline.settle(accepted())
    expect((await first).status).toBe(200)
  })

  test('anything else that is expected is 417', async () => {
    const { port } = await startSource()
    const client = new RawClient(port)
    await client.write(rawRequest('x', { Expect: 'the-unexpected' }))
    const [answer] = await client.answers(1)
    expect(answer).toMatch(/^HTTP\/1\.1 417 /)
    expect(answer).not.toContain('the-unexpected')
  })
})

test('a connection with too many bytes under way is 429, while another one has room', async () => {
  const pipeline = new HeldPipeline()
  const { port, context } = await startSource({
    deliver: pipeline.deliver,
    limits: { total: 10_000_000, connection: 150_000 },
  })
  const client = new RawClient(port)
  const request = rawRequest(Buffer.alloc(100_000))
  await client.write(Buffer.concat([request, request]))
  await until(() => pipeline.batches.length === 1)
  const other = ask(port, { body: Buffer.alloc(100_000) })
  await until(() => pipeline.batches.length === 2)
  pipeline.settle(accepted())
  const [first, second] = await client.answers(2)
  expect([first?.slice(9, 12), second?.slice(9, 12)]).toEqual(['200', '429'])
  expect(second).toMatch(/^retry-after: 1$/im)
  expect((await other).status).toBe(200)
  expect(context.budget.used).toBe(0)
})

test('while it drains, requests on connections that are open are 503, and the last of them', async () => {
  const pipeline = new HeldPipeline()
  const { source, port } = await startSource({ deliver: pipeline.deliver })
  const [busy, silent] = [new RawClient(port), new RawClient(port)]
  await busy.write(rawRequest('under way'))
  await until(() => pipeline.batches.length === 1)
  // A connection whose request has begun is not idle.
  const head = rawRequest('late')
  await silent.write(head.subarray(0, 20))
  await ask(port, { method: 'GET' })
  const draining = source.drain()
  await silent.write(head.subarray(20))
  const [late] = await silent.answers(1)
  expect(late).toMatch(/^HTTP\/1\.1 503 /)
  expect(late).toContain('FIELDSEAL_DRAINING')
  expect(late).toMatch(new RegExp(`^content-type: ${PROTOBUF}`, 'im'))
  await silent.closed
  pipeline.settle(accepted())
  const [answer] = await busy.answers(1)
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).toMatch(/^connection: close$/im)
  await busy.closed
  await draining
  expect(pipeline.batches).toHaveLength(1)
})
