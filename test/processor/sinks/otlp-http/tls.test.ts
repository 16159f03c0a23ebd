import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket, TlsOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Authority, type Credentials, hasOpenssl } from '../../http/authority.ts'
import { jsonBatch } from '../suite.ts'
import { type Given, QUICK, startedSink } from './fixtures.ts'
import { HttpPeer } from './peers.ts'

describe.skipIf(!hasOpenssl)('TLS (needs the command openssl)', () => {
  let folder: string
  let authority: Authority
  let stranger: Authority
  let server: Credentials
  let client: Credentials
  let peer: HttpPeer

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fieldseal-sink-tls-'))
    authority = new Authority(folder, 'authority')
    stranger = new Authority(folder, 'stranger')
    server = authority.issue('server', { names: 'IP:127.0.0.1,DNS:localhost' })
    client = authority.issue('client')
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  afterEach(() => peer.close())

  async function listen({ cert, key }: Credentials = server, options: TlsOptions = {}): Promise<void> {
    const files = { cert: readFileSync(cert), key: readFileSync(key) }
    peer = await new HttpPeer(createServer({ ...files, ...options })).listen()
  }

  async function send(given: Given, host = '127.0.0.1') {
    const sink = await startedSink(`https://${host}:${peer.port}/v1/logs`, { retry: QUICK, ...given })
    const settlement = await sink.send(jsonBatch('a'))
    await sink.close()
    return settlement
  }

  const refusedWith = (message: string) => ({
    outcome: 'refused',
    error: { code: 'FIELDSEAL_SINK_UNAVAILABLE', message: `the backend of sink backend ${message}` },
  })

  test('delivers over a private authority, on one connection, to an address or to a name', async () => {
    await listen()
    const sink = await startedSink(`https://127.0.0.1:${peer.port}/v1/logs`, { tls: { ca: authority.cert } })
    const batches = [jsonBatch('a'), jsonBatch('x'.repeat(1_000_000))]
    for (const batch of batches) expect(await sink.send(batch)).toEqual({ outcome: 'accepted', rejected: 0 })
    expect(peer.requests.map(({ body }, index) => body.equals(batches[index]?.bytes ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
    ])
    expect(new Set(peer.requests.map(({ port }) => port)).size).toBe(1)
    await sink.close()
    expect(await send({ tls: { ca: authority.cert } }, 'localhost')).toMatchObject({ outcome: 'accepted' })
  })

  test('names the endpoint to the server, and speaks HTTP/1.1 alone', async () => {
    const seen: unknown[] = []
    await listen(server, { ALPNProtocols: ['h2', 'http/1.1'] })
    peer.server.on('secureConnection', (socket: TLSSocket & { servername?: unknown }) => {
      seen.push([socket.servername, socket.alpnProtocol])
    })
    await send({ tls: { ca: authority.cert } }, 'localhost')
    expect(seen).toEqual([['localhost', 'http/1.1']])
  })

  test.each([
    ['of nobody that is known', () => server, () => ({})],
    ['of another authority', () => server, () => ({ tls: { ca: stranger.cert } })],
  ] as const)('does not send to a server with a certificate %s, nor ask again', async (_, credentials, given) => {
    await listen(credentials())
    let handshakes = 0
    peer.server.on('connection', () => {
      handshakes += 1
    })
    expect(await send(given())).toMatchObject(refusedWith('has a certificate of an authority that is not trusted'))
    expect(handshakes).toBe(1)
    expect(peer.requests).toEqual([])
  })

  test('refuses each of many batches for a server that cannot be trusted, one after the other', async () => {
    await listen()
    const given = { tls: { ca: stranger.cert }, requests: 1 }
    const sink = await startedSink(`https://127.0.0.1:${peer.port}/v1/logs`, given)
    const settlements = await Promise.all(Array.from({ length: 20 }, (_, index) => sink.send(jsonBatch(`${index}`))))
    expect(settlements.map(({ outcome }) => outcome)).toEqual(Array(20).fill('refused'))
    await sink.close()
    expect(peer.requests).toEqual([])
  })

  test('asks for certificates whatever the environment says', async () => {
    await listen()
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    try {
      expect(await send({ tls: { ca: stranger.cert } })).toMatchObject({ outcome: 'refused' })
    } finally {
      vi.unstubAllEnvs()
    }
    expect(peer.requests).toEqual([])
  })

  test('does not send to a server with a certificate for another name', async () => {
    await listen(authority.issue('elsewhere', { names: 'DNS:elsewhere.example' }))
    expect(await send({ tls: { ca: authority.cert } })).toMatchObject(refusedWith('has a certificate for another name'))
    expect(peer.requests).toEqual([])
  })

  test('does not send to a server with a certificate that has expired', async () => {
    await listen(authority.issue('expired', { days: -1 }))
    expect(await send({ tls: { ca: authority.cert } })).toMatchObject(
      refusedWith('has a certificate that is not valid now'),
    )
    expect(peer.requests).toEqual([])
  })

  test('does not speak TLS 1.1', async () => {
    await listen(server, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
    expect(await send({ tls: { ca: authority.cert } })).toMatchObject(refusedWith('and the sink did not agree on TLS'))
  })

  test('does not take a plain server for one with TLS', async () => {
    peer = await new HttpPeer().listen()
    expect(await send({ tls: { ca: authority.cert } })).toMatchObject(refusedWith('and the sink did not agree on TLS'))
  })

  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
    const mutual = (): TlsOptions => ({
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: version,
      maxVersion: version,
      ca: readFileSync(authority.cert),
    })

    test('shows a client certificate to a server that wants one', async () => {
      await listen(server, mutual())
      const tls = { ca: authority.cert, ...client }
      expect(await send({ tls })).toEqual({ outcome: 'accepted', rejected: 0 })
    })

    test('is not let in without one, and delivers nothing', async () => {
      await listen(server, mutual())
      const settlement = await send({ tls: { ca: authority.cert }, retry: { ...QUICK, give_up: '50ms' } })
      expect(settlement).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } })
      expect(peer.requests).toEqual([])
    })
  })

  test('lost amid the reply counts by the status, as without TLS', async () => {
    await listen()
    peer.answer((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{', () => response.socket?.destroy())
    })
    expect(await send({ tls: { ca: authority.cert } })).toEqual({ outcome: 'accepted', rejected: 0 })
    expect(peer.requests).toHaveLength(1)
  })

  test('is set up before the sink runs: files that are wrong stop the start', async () => {
    await listen()
    const missing = join(folder, 'missing.pem')
    const start = startedSink(`https://127.0.0.1:${peer.port}/v1/logs`, { tls: { ca: missing } })
    await expect(start).rejects.toMatchObject({ code: 'FIELDSEAL_TLS_INVALID', message: `${missing} cannot be read` })
  })
})
