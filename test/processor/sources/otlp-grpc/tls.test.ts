import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { type ConnectionOptions, connect, createSecureContext, type SecureVersion, type TLSSocket } from 'node:tls'
import { ChannelCredentials, status } from '@grpc/grpc-js'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { Authority, type Credentials, hasOpenssl } from '../../http/authority.ts'
import { HeldPipeline, until } from '../suite.ts'
import { ask, batchOf, clientTo, framed, RawClient, settingsOf, startSource } from './fixtures.ts'

const BODY = batchOf('hello')

function credentials(ca: string, client?: Credentials): ChannelCredentials {
  const own = client === undefined ? [] : ([readFileSync(client.key), readFileSync(client.cert)] as const)
  return ChannelCredentials.createSsl(readFileSync(ca), ...own)
}

/** The code of an answer to a client on a connection of its own. */
async function codeFor(address: string, ca: string, client?: Credentials): Promise<number> {
  return (await ask(clientTo(address, credentials(ca, client)), BODY)).code
}

describe.skipIf(!hasOpenssl)('TLS [needs the openssl command]', () => {
  function setUp(mutual = false) {
    const folder = temporaryFolder()
    const [authority, stranger] = [new Authority(folder, 'authority'), new Authority(folder, 'stranger')]
    const server = authority.issue('server')
    const tls = { ...server, ...(mutual ? { client_ca: authority.cert } : {}) }
    return { folder, authority, stranger, server, tls }
  }

  /** The serial number of the certificate that is shown to a new connection. */
  function shown(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] }
      const socket: TLSSocket = connect(options, () => {
        resolve(socket.getPeerCertificate().serialNumber)
        socket.destroy()
      })
      socket.once('error', reject)
    })
  }

  /** A connection of Node's own HTTP/2. */
  function rawClient(address: string, ca: string, client?: Credentials, options: ConnectionOptions = {}): RawClient {
    const own = client === undefined ? {} : { cert: readFileSync(client.cert), key: readFileSync(client.key) }
    return new RawClient(address, { ca: readFileSync(ca), ...own, ...options }, 'https')
  }

  test('batches come over TLS 1.2 and 1.3, and over nothing older', async () => {
    const { authority, tls } = setUp()
    const { address, port, delivered } = await startSource({ options: { tls } })
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const satisfies SecureVersion[]) {
      const client = rawClient(address, authority.cert, undefined, { minVersion: version, maxVersion: version })
      expect(await client.call().end(framed(BODY)).answer).toMatchObject({ 'grpc-status': '0' })
    }
    expect(await codeFor(address, authority.cert)).toBe(0)
    const old = createSecureContext({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
    const socket = connect({ port, host: '127.0.0.1', secureContext: old, rejectUnauthorized: false })
    await expect(new Promise((_, reject) => socket.once('error', reject))).rejects.toThrow()
    expect(delivered).toHaveLength(3)
  })

  test('who does not agree on HTTP/2 is let go', async () => {
    const { authority, tls } = setUp()
    const { port, context } = await startSource({ options: { tls } })
    for (const ALPNProtocols of [undefined, ['http/1.1']]) {
      const options = {
        port,
        host: '127.0.0.1',
        ca: readFileSync(authority.cert),
        ...(ALPNProtocols && { ALPNProtocols }),
      }
      const socket = connect(options)
      let answer = ''
      socket.on('data', (part) => {
        answer += part
      })
      socket.on('error', () => {})
      socket.write('POST / HTTP/1.1\r\nhost: x\r\n\r\n')
      await new Promise((resolve) => socket.once('close', resolve))
      expect(answer).toBe('')
    }
    expect(context.lines).toEqual([])
  })

  test('with client_ca, only clients with a certificate of that authority are let in', async () => {
    const { authority, stranger, tls } = setUp(true)
    const { address, delivered, context } = await startSource({ options: { tls } })
    expect(await codeFor(address, authority.cert, authority.issue('client'))).toBe(0)
    expect(await codeFor(address, authority.cert)).toBe(status.UNAVAILABLE)
    expect(await codeFor(address, authority.cert, stranger.issue('client'))).toBe(status.UNAVAILABLE)
    expect([delivered.length, context.budget.used]).toEqual([1, 0])
  })

  test('a token is asked for, too, where both are set', async () => {
    const { authority, tls, folder } = setUp(true)
    const file = join(folder, 'token')
    writeFileSync(file, 'a-token-of-16-and-more')
    const { address } = await startSource({ options: { tls, tokens: [file] } })
    const client = clientTo(address, credentials(authority.cert, authority.issue('client')))
    expect((await ask(client, BODY)).code).toBe(status.UNAUTHENTICATED)
    expect((await ask(client, BODY, { metadata: { authorization: 'Bearer a-token-of-16-and-more' } })).code).toBe(0)
  })

  test('a reload shows a new certificate to new connections, and one that is bad changes nothing', async () => {
    const { authority, server, tls, folder } = setUp()
    const { source, address, port } = await startSource({ options: { tls } })
    const first = await shown(port)
    const old = clientTo(address, credentials(authority.cert))
    expect((await ask(old, BODY)).code).toBe(0)
    const renewed = authority.issue('renewed')
    copyFileSync(renewed.cert, server.cert)
    expect(() => source.reload(settingsOf({ tls }))).toThrow(expect.objectContaining({ code: 'FIELDSEAL_TLS_INVALID' }))
    expect(await shown(port)).toBe(first)
    copyFileSync(renewed.key, server.key)
    source.reload(settingsOf({ tls }))
    const second = await shown(port)
    expect(second).not.toBe(first)
    writeFileSync(join(folder, 'empty.pem'), '')
    const bad = { cert: join(folder, 'empty.pem'), key: server.key }
    expect(() => source.reload(settingsOf({ tls: bad }))).toThrow('empty.pem')
    expect(await shown(port)).toBe(second)
    expect(() => source.reload(settingsOf({ tls, tokens: [join(folder, 'none')] }))).toThrow('none')
    // Connections from before go on, and new ones have the new certificate.
    expect((await ask(old, BODY)).code).toBe(0)
    expect(await codeFor(address, authority.cert)).toBe(0)
  })

  test('clients of an authority that is taken away by a reload are not let in any more, on old connections either', async () => {
    const { authority, stranger, tls } = setUp(true)
    const { source, address } = await startSource({ options: { tls } })
    const client = authority.issue('client')
    const old = clientTo(address, credentials(authority.cert, client))
    const raw = rawClient(address, authority.cert, client)
    expect((await ask(old, BODY)).code).toBe(0)
    expect(await raw.call().end(framed(BODY)).answer).toMatchObject({ 'grpc-status': '0' })
    source.reload(settingsOf({ tls: { ...tls, client_ca: stranger.cert } }))
    await raw.closed
    expect((await ask(old, BODY)).code).toBe(status.UNAVAILABLE)
    expect(await codeFor(address, authority.cert, client)).toBe(status.UNAVAILABLE)
    expect(await codeFor(address, authority.cert, stranger.issue('client'))).toBe(0)
  })

  test('a client whose authority is taken away has its answer to what is under way, and no further one', async () => {
    const { authority, stranger, tls } = setUp(true)
    const pipeline = new HeldPipeline()
    const { source, address } = await startSource({ options: { tls }, deliver: pipeline.deliver })
    const raw = rawClient(address, authority.cert, authority.issue('client'))
    const [first, second] = [raw.call().end(framed(BODY)), raw.call()]
    await until(() => pipeline.batches.length === 1)
    source.reload(settingsOf({ tls: { ...tls, client_ca: stranger.cert } }))
    let third: number | string = 'begun'
    try {
      third = String((await raw.call().end(framed(BODY)).answer)['grpc-status'])
    } catch {
      // Its library knows of the end already.
      third = 'not begun'
    }
    expect(['not begun', 'undefined', '16']).toContain(third)
    second.end(framed(BODY))
    await until(() => pipeline.batches.length === 2)
    pipeline.settle(accepted())
    // Both had begun before.
    expect(await first.answer).toMatchObject({ 'grpc-status': '0' })
    expect(await second.answer).toMatchObject({ 'grpc-status': '0' })
    await raw.closed
    expect(pipeline.batches).toHaveLength(2)
  })

  test('a handshake that began before its authority was taken away ends with nothing', async () => {
    const { authority, stranger, tls } = setUp(true)
    const { source, address, port, delivered } = await startSource({ options: { tls } })
    const client = authority.issue('client')
    const below = connectTcp(port, '127.0.0.1')
    below.on('error', () => {})
    await new Promise((resolve) => below.once('connect', resolve))
    // Another client has been served by now, so this one has been accepted, too.
    expect(await codeFor(address, authority.cert, client)).toBe(0)
    source.reload(settingsOf({ tls: { ...tls, client_ca: stranger.cert } }))
    await new Promise((resolve) => below.once('close', resolve))
    expect(delivered).toHaveLength(1)
  })

  test('TLS and client_ca are not switched on and off by a reload', async () => {
    const { tls } = setUp()
    const mutual = { ...tls, client_ca: tls.cert }
    const cases: [object, object][] = [
      [{ tls }, {}],
      [{}, { tls }],
      [{ tls }, { tls: mutual }],
      [{ tls: mutual }, { tls }],
    ]
    for (const [before, after] of cases) {
      const { source } = await startSource({ options: before })
      expect(() => source.reload(settingsOf(after))).toThrow(
        expect.objectContaining({ code: 'FIELDSEAL_CONFIG_INVALID' }),
      )
    }
  })

  test('what is no TLS is let go, without a line in the log, and costs nobody anything', async () => {
    const { authority, tls } = setUp()
    const { address, port, context, source } = await startSource({ options: { tls } })
    for (const bytes of [
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ncanary'),
      Buffer.from('\x16\x03\x01\x00\x05canary', 'latin1'),
      Buffer.alloc(500),
    ]) {
      const socket = connectTcp(port, '127.0.0.1')
      let answer = ''
      socket.on('data', (part) => {
        answer += part.toString('latin1')
      })
      socket.on('error', () => {})
      socket.write(bytes)
      await new Promise((resolve) => socket.once('close', resolve))
      expect(answer).not.toMatch(/canary|HTTP/)
    }
    // One that never says anything does not hold up the end.
    const silent = connectTcp(port, '127.0.0.1')
    silent.on('error', () => {})
    await new Promise((resolve) => silent.once('connect', resolve))
    expect(await codeFor(address, authority.cert)).toBe(0)
    expect(context.lines).toEqual([])
    await source.close()
  })

  test('a handshake has its time', async () => {
    const { tls } = setUp()
    const { port } = await startSource({ options: { tls, handshake_timeout: '1s' } })
    const silent = connectTcp(port, '127.0.0.1')
    silent.on('error', () => {})
    await new Promise((resolve) => silent.once('close', resolve))
  })

  test('a client that goes away in the middle of a batch aborts it', async () => {
    const { authority, tls } = setUp()
    const pipeline = new HeldPipeline()
    const { address, context } = await startSource({ options: { tls }, deliver: pipeline.deliver })
    const raw = rawClient(address, authority.cert)
    raw.call().end(framed(BODY))
    await until(() => pipeline.batches.length === 1)
    raw.session.destroy()
    await until(() => pipeline.batches[0]?.signal.aborted === true)
    pipeline.settle(accepted())
    await until(() => context.budget.used === 0)
  })
})
