import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { ServerCredentials } from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Authority, type Credentials, hasOpenssl } from '../../http/authority.ts'
import { type Given, protobufBatch, QUICK, sinkTo, startedSink } from './fixtures.ts'
import { GrpcPeer } from './peers.ts'

describe.skipIf(!hasOpenssl)('TLS (needs the command openssl)', () => {
  let folder: string
  let authority: Authority
  let stranger: Authority
  let server: Credentials
  let client: Credentials
  let peer: GrpcPeer

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fieldseal-grpc-sink-tls-'))
    authority = new Authority(folder, 'authority')
    stranger = new Authority(folder, 'stranger')
    server = authority.issue('server', { names: 'IP:127.0.0.1,DNS:localhost' })
    client = authority.issue('client')
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  afterEach(() => peer?.close())

  async function listen({ cert, key }: Credentials = server, mutual = false): Promise<void> {
    const pair = { private_key: readFileSync(key), cert_chain: readFileSync(cert) }
    peer = await new GrpcPeer(ServerCredentials.createSsl(readFileSync(authority.cert), [pair], mutual)).listen()
  }

  async function send(given: Given, endpoint = `https://localhost:${peer.port}`) {
    const sink = await startedSink(endpoint, { retry: QUICK, ...given })
    const settlement = await sink.send(protobufBatch('a'))
    await sink.close()
    return settlement
  }

  const refusedWith = (message: string) => ({
    outcome: 'refused',
    error: { code: 'FIELDSEAL_SINK_UNAVAILABLE', message: `the backend of sink backend ${message}` },
  })

  test('delivers over a private authority, on one connection, to an address or to a name', async () => {
    await listen()
    const tls = { ca: authority.cert }
    for (const host of ['localhost', '127.0.0.1']) {
      const sink = await startedSink(`${host}:${peer.port}`, { tls })
      const batches = [protobufBatch('a'), protobufBatch('x'.repeat(1_000_000))]
      for (const batch of batches) expect(await sink.send(batch)).toEqual({ outcome: 'accepted', rejected: 0 })
      await sink.close()
    }
    expect(peer.calls).toHaveLength(4)
    expect(new Set(peer.calls.map((call) => call.peer)).size).toBe(2)
  })

  test.each([
    ['of nobody that is known', () => ({})],
    ['of another authority', () => ({ tls: { ca: stranger.cert } })],
  ] as const)('does not send to a server with a certificate %s, nor ask again', async (_, given) => {
    await listen()
    expect(await send(given())).toMatchObject(refusedWith('has a certificate of an authority that is not trusted'))
    expect(peer.calls).toEqual([])
  })

  test('asks for certificates whatever the environment says', async () => {
    await listen()
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    try {
      expect(await send({ tls: { ca: stranger.cert } })).toMatchObject({ outcome: 'refused' })
    } finally {
      vi.unstubAllEnvs()
    }
    expect(peer.calls).toEqual([])
  })

  test('does not send to a server with a certificate for another name', async () => {
    await listen(authority.issue('elsewhere', { names: 'DNS:elsewhere.example' }))
    expect(await send({ tls: { ca: authority.cert } })).toMatchObject(refusedWith('has a certificate for another name'))
    expect(peer.calls).toEqual([])
  })

  test('does not send to a server with a certificate that has expired', async () => {
    await listen(authority.issue('expired', { days: -1 }))
    expect(await send({ tls: { ca: authority.cert } })).toMatchObject(
      refusedWith('has a certificate that is not valid now'),
    )
    expect(peer.calls).toEqual([])
  })

  test('does not speak TLS 1.1', async () => {
    const files = { cert: readFileSync(server.cert), key: readFileSync(server.key) }
    const old = createTlsServer({ ...files, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
    old.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve))
    const endpoint = `https://localhost:${(old.address() as AddressInfo).port}`
    expect(await send({ tls: { ca: authority.cert } }, endpoint)).toMatchObject(
      refusedWith('and the sink did not agree on TLS'),
    )
    old.close()
  })

  test('does not take a plain server for one with TLS', async () => {
    const plain = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    const endpoint = `https://localhost:${(plain.address() as AddressInfo).port}`
    expect(await send({ tls: { ca: authority.cert } }, endpoint)).toMatchObject(
      refusedWith('and the sink did not agree on TLS'),
    )
    plain.close()
  })

  test('shows a client certificate to a server that wants one', async () => {
    await listen(server, true)
    expect(await send({ tls: { ca: authority.cert, ...client } })).toEqual({ outcome: 'accepted', rejected: 0 })
  })

  test('is not let in without one, and delivers nothing', async () => {
    await listen(server, true)
    const settlement = await send({ tls: { ca: authority.cert }, retry: { ...QUICK, give_up: '50ms' } })
    expect(settlement).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } })
    expect(peer.calls).toEqual([])
  })

  test('is set up before the sink runs: files that are wrong stop the start', async () => {
    await listen()
    const missing = join(folder, 'missing.pem')
    const start = sinkTo(peer.url, { endpoint: `https://localhost:${peer.port}`, tls: { ca: missing } }).start()
    await expect(start).rejects.toMatchObject({ code: 'FIELDSEAL_TLS_INVALID', message: `${missing} cannot be read` })
    await expect(sinkTo(peer.url, { tls: { ca: authority.cert } }).start()).rejects.toMatchObject({
      code: 'FIELDSEAL_CONFIG_INVALID',
    })
  })
})
