import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket, TlsOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Sink } from '../../../../processor/sinks/sink.ts'
import { Authority, type Credentials, hasOpenssl } from '../../http/authority.ts'
import { RawPeer } from '../otlp-http/peers.ts'
import { ACCEPTED, endpointOf, type Given, logsOf, packedBatch, QUICK, startedSink } from './fixtures.ts'
import { FluentServer, type ServerOptions } from './server.ts'

describe.skipIf(!hasOpenssl)('TLS (needs the command openssl)', () => {
  let folder: string
  let authority: Authority
  let stranger: Authority
  let credentials: Credentials
  let client: Credentials
  let server: FluentServer
  let sink: Sink | undefined

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fieldseal-sink-tls-'))
    authority = new Authority(folder, 'authority')
    stranger = new Authority(folder, 'stranger')
    credentials = authority.issue('server', { names: 'IP:127.0.0.1,DNS:localhost' })
    client = authority.issue('client')
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  afterEach(async () => {
    await sink?.close()
    await server.close()
  })

  async function listen({ cert, key }: Credentials, tls: TlsOptions = {}, options: ServerOptions = {}): Promise<void> {
    server = await FluentServer.listen({
      ...options,
      tls: { cert: readFileSync(cert), key: readFileSync(key), ...tls },
    })
  }

  async function send(given: Given, host = '127.0.0.1', text = 'a') {
    sink = await startedSink([`${host}:${server.port}`], { retry: QUICK, ...given })
    return sink.send(packedBatch(text))
  }

  const refusedWith = (message: string, host = '127.0.0.1') => ({
    outcome: 'refused',
    error: {
      code: 'FIELDSEAL_SINK_UNAVAILABLE',
      message: `endpoint ${host}:${server.port} of sink backend ${message}`,
    },
  })

  const trusted = () => ({ tls: { ca: authority.cert } })

  test('delivers over a private authority, over one connection, whatever the size', async () => {
    await listen(credentials)
    const large = 'x'.repeat(1_000_000)
    expect(await send(trusted(), '127.0.0.1', large)).toEqual(ACCEPTED)
    const batches = Array.from({ length: 30 }, (_, index) => packedBatch(`${index}`))
    expect(await Promise.all(batches.map((batch) => sink!.send(batch)))).toEqual(Array(30).fill(ACCEPTED))
    expect(logsOf(server.received[0]!.entries)).toEqual([large])
    expect(server.sockets).toHaveLength(1)
  })

  test('names the endpoint to the server, or the name that is set', async () => {
    const seen: unknown[] = []
    await listen(credentials)
    server.behave = (_received, socket, ack) => {
      seen.push((socket as TLSSocket & { servername?: unknown }).servername)
      ack()
    }
    expect(await send(trusted(), 'localhost')).toEqual(ACCEPTED)
    await sink!.close()
    expect(await send({ tls: { ca: authority.cert, server_name: 'localhost' } })).toEqual(ACCEPTED)
    await sink!.close()
    expect(await send({ tls: { ca: authority.cert, server_name: '127.0.0.1' } }, 'localhost')).toEqual(ACCEPTED)
    expect(seen).toEqual(['localhost', 'localhost', false])
  })

  test.each([
    ['of nobody that is known', () => ({ tls: {} })],
    ['of another authority', () => ({ tls: { ca: stranger.cert } })],
  ])('does not send to a server with a certificate %s, nor ask again', async (_, given) => {
    await listen(credentials)
    expect(await send(given())).toMatchObject(refusedWith('has a certificate of an authority that is not trusted'))
    expect(server.received).toEqual([])
    expect(server.connections).toBe(1)
  })

  test('asks for certificates whatever the environment says', async () => {
    await listen(credentials)
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    try {
      expect(await send({ tls: { ca: stranger.cert } })).toMatchObject({ outcome: 'refused' })
    } finally {
      vi.unstubAllEnvs()
    }
    expect(server.received).toEqual([])
  })

  test.each([
    ['another name', 'DNS:elsewhere.example', {}],
    ['the host, where another name is set', 'IP:127.0.0.1', { server_name: 'elsewhere.example' }],
    ['no address', 'DNS:localhost', {}],
  ])('does not send to a server with a certificate for %s', async (_, names, given) => {
    await listen(authority.issue('named', { names }))
    const settlement = await send({ tls: { ca: authority.cert, ...given } })
    expect(settlement).toMatchObject(refusedWith('has a certificate for another name'))
    expect(server.received).toEqual([])
  })

  test('sends to a server with a certificate for the name that is set', async () => {
    await listen(authority.issue('elsewhere', { names: 'DNS:elsewhere.example' }))
    expect(await send({ tls: { ca: authority.cert, server_name: 'elsewhere.example' } })).toEqual(ACCEPTED)
  })

  test('does not send to a server with a certificate that has expired', async () => {
    await listen(authority.issue('expired', { days: -1 }))
    expect(await send(trusted())).toMatchObject(refusedWith('has a certificate that is not valid now'))
  })

  test('does not speak TLS 1.1', async () => {
    await listen(credentials, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
    expect(await send(trusted())).toMatchObject(refusedWith('and the sink did not agree on TLS'))
  })

  test('does not take a plain server for one with TLS, nor wait for it without end', async () => {
    server = await FluentServer.listen({ security: { key: 'it speaks first' } })
    expect(await send(trusted())).toMatchObject(refusedWith('and the sink did not agree on TLS'))
    const silent = await RawPeer.listen(() => {})
    sink = await startedSink([endpointOf(silent)], { ...trusted(), connect_timeout: '100ms', retry: QUICK_ONCE })
    expect(await sink.send(packedBatch('a'))).toMatchObject({
      error: { message: `endpoint ${endpointOf(silent)} of sink backend was not ready in time` },
    })
    await silent.close()
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
      await listen(credentials, mutual())
      expect(await send({ tls: { ca: authority.cert, ...client } })).toEqual(ACCEPTED)
    })

    test('is not let in without one, and delivers nothing', async () => {
      await listen(credentials, mutual())
      const settlement = await send({ ...trusted(), retry: QUICK_ONCE })
      expect(settlement).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } })
      expect(server.received).toEqual([])
    })

    test('goes together with the handshake, and with compression', async () => {
      const key = join(folder, 'shared.key')
      writeFileSync(key, 'shared')
      await listen(credentials, mutual(), { security: { key: 'shared' } })
      const given = {
        tls: { ca: authority.cert, ...client },
        security: { shared_key: key },
        compression: 'gzip',
      }
      expect(await send(given)).toEqual(ACCEPTED)
      expect(logsOf(server.received[0]!.entries)).toEqual(['a'])
    })
  })

  test('lost before the acknowledgement is sent again', async () => {
    await listen(credentials)
    server.behave = ({ connection }, socket, ack) => (connection < 2 ? socket.destroy() : ack())
    expect(await send(trusted(), '127.0.0.1', 'x'.repeat(100_000))).toEqual(ACCEPTED)
    expect(new Set(server.received.map(({ option }) => option.chunk)).size).toBe(1)
  })

  test('is set up before the sink runs: files that are wrong stop the start', async () => {
    await listen(credentials)
    const missing = join(folder, 'missing.pem')
    const start = (tls: object) => startedSink([server.endpoint], { tls })
    await expect(start({ ca: missing })).rejects.toMatchObject({
      code: 'FIELDSEAL_TLS_INVALID',
      message: `${missing} cannot be read`,
    })
    await expect(start({ cert: client.cert })).rejects.toMatchObject({ code: 'FIELDSEAL_TLS_INVALID' })
    await expect(start({ cert: client.cert, key: credentials.key })).rejects.toMatchObject({
      code: 'FIELDSEAL_TLS_INVALID',
    })
  })
})

const QUICK_ONCE = { ...QUICK, give_up: '0s' }
