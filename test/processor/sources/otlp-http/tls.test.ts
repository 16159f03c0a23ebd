import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request as httpsRequest } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { connect, type SecureVersion, type TLSSocket } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { Authority, type Credentials, hasOpenssl } from '../../http/authority.ts'
import { HeldPipeline, until } from '../suite.ts'
import { PROTOBUF, rawRequest, settingsOf, startSource } from './fixtures.ts'

interface ClientOptions {
  readonly ca: string
  readonly client?: Credentials
  readonly agent?: Agent
}

/** The status, or the code of the error that ended the attempt. */
function ask(port: number, { ca, client, agent }: ClientOptions): Promise<number | string> {
  const own = client === undefined ? {} : { cert: readFileSync(client.cert), key: readFileSync(client.key) }
  const options = { port, host: '127.0.0.1', method: 'POST', path: '/v1/logs', ca: readFileSync(ca), ...own }
  return new Promise((resolve) => {
    const headers = { 'Content-Type': PROTOBUF, 'Content-Length': '5' }
    const request = httpsRequest({ ...options, headers, agent: agent ?? new Agent() }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    request.end('hello')
  })
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
      const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().serialNumber)
        socket.destroy()
      })
      socket.once('error', reject)
    })
  }

  test('batches come over TLS 1.2 and 1.3, and over nothing older', async () => {
    const { authority, tls } = setUp()
    const { port, delivered } = await startSource({ options: { tls } })
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const satisfies SecureVersion[]) {
      const agent = new Agent({ minVersion: version, maxVersion: version })
      expect(await ask(port, { ca: authority.cert, agent })).toBe(200)
    }
    const old = new Agent({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
    expect(await ask(port, { ca: authority.cert, agent: old })).toMatch(/^ERR_SSL|^ECONNRESET|^EPROTO/)
    expect(delivered.map(String)).toEqual(['hello', 'hello'])
  })

  test('with client_ca, only clients with a certificate of that authority are let in', async () => {
    const { authority, stranger, tls } = setUp(true)
    const { port, delivered } = await startSource({ options: { tls } })
    expect(await ask(port, { ca: authority.cert, client: authority.issue('client') })).toBe(200)
    expect(await ask(port, { ca: authority.cert })).toMatch(/^E/)
    expect(await ask(port, { ca: authority.cert, client: stranger.issue('client') })).toMatch(/^E/)
    expect(delivered).toHaveLength(1)
  })

  test('a reload shows a new certificate to new connections, and one that is bad changes nothing', async () => {
    const { authority, server, tls, folder } = setUp()
    const { source, port } = await startSource({ options: { tls } })
    const first = await shown(port)
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    expect(await ask(port, { ca: authority.cert, agent })).toBe(200)
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
    // Connections from before go on.
    expect(await ask(port, { ca: authority.cert, agent })).toBe(200)
  })

  test('a token that is bad keeps the old certificate, too', async () => {
    const { authority, server, tls, folder } = setUp()
    const { source, port } = await startSource({ options: { tls } })
    const before = await shown(port)
    const renewed = authority.issue('renewed')
    copyFileSync(renewed.cert, server.cert)
    copyFileSync(renewed.key, server.key)
    expect(() => source.reload(settingsOf({ tls, tokens: [join(folder, 'none')] }))).toThrow('none')
    expect(await shown(port)).toBe(before)
  })

  test('clients of an authority that is taken away by a reload are not let in any more, on old connections either', async () => {
    const { authority, stranger, tls } = setUp(true)
    const { source, port } = await startSource({ options: { tls } })
    const client = authority.issue('client')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    expect(await ask(port, { ca: authority.cert, client, agent })).toBe(200)
    source.reload(settingsOf({ tls: { ...tls, client_ca: stranger.cert } }))
    expect(await ask(port, { ca: authority.cert, client })).toMatch(/^E/)
    // The agent has a session to resume, and perhaps a connection that it believes to be open.
    expect(await ask(port, { ca: authority.cert, client, agent })).toMatch(/^E/)
    expect(await ask(port, { ca: authority.cert, client: stranger.issue('client') })).toBe(200)
  })

  test('a client whose authority is taken away has its answer to what is under way, and no further one', async () => {
    const { authority, stranger, tls } = setUp(true)
    const pipeline = new HeldPipeline()
    const { source, port } = await startSource({ options: { tls }, deliver: pipeline.deliver })
    const client = authority.issue('client')
    const own = { cert: readFileSync(client.cert), key: readFileSync(client.key), ca: readFileSync(authority.cert) }
    const socket = connect({ port, host: '127.0.0.1', ...own })
    let text = ''
    socket.on('data', (part) => {
      text += part.toString('latin1')
    })
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(rawRequest('first'))
    await until(() => pipeline.batches.length === 1)
    source.reload(settingsOf({ tls: { ...tls, client_ca: stranger.cert } }))
    socket.write(rawRequest('second'))
    pipeline.settle(accepted())
    await closed
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
    expect(text.match(/HTTP\/1\.1 200 /g)).toHaveLength(1)
    expect(pipeline.batches).toHaveLength(1)
  })

  test('a handshake that began before its authority was taken away ends with nothing', async () => {
    const { authority, stranger, tls } = setUp(true)
    const { source, port, delivered } = await startSource({ options: { tls } })
    const client = authority.issue('client')
    const own = { cert: readFileSync(client.cert), key: readFileSync(client.key), ca: readFileSync(authority.cert) }
    const below = connectTcp(port, '127.0.0.1')
    below.on('error', () => {})
    await new Promise((resolve) => below.once('connect', resolve))
    // Another client has been served by now, so this one has been accepted, too.
    expect(await ask(port, { ca: authority.cert, client })).toBe(200)
    source.reload(settingsOf({ tls: { ...tls, client_ca: stranger.cert } }))
    const socket = connect({ socket: below, host: '127.0.0.1', ...own })
    socket.on('error', () => {})
    socket.write(rawRequest('late'))
    await new Promise((resolve) => socket.once('close', resolve))
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
    const { port, context, source } = await startSource({ options: { tls } })
    for (const bytes of [
      rawRequest('canary'),
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
    expect(await ask(port, { ca: authority.cert })).toBe(200)
    expect(context.lines).toEqual([])
    await source.close()
  })

  test('a client that goes away in the middle of a batch aborts it', async () => {
    const { tls } = setUp()
    const pipeline = new HeldPipeline()
    const { port, context } = await startSource({ options: { tls }, deliver: pipeline.deliver })
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    socket.on('error', () => {})
    socket.write(rawRequest('hello'))
    await until(() => pipeline.batches.length === 1)
    socket.destroy()
    await until(() => pipeline.batches[0]?.signal.aborted === true)
    pipeline.settle(accepted())
    await until(() => context.budget.used === 0)
  })
})
