import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { type ConnectionOptions, connect, type SecureVersion } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { Authority, type Credentials, hasOpenssl } from '../../http/authority.ts'
import { HeldPipeline, until } from '../suite.ts'
import { messageMode, packedMode, RawClient, settingsOf, startSource, textsOf } from './fixtures.ts'

describe.skipIf(!hasOpenssl)('TLS [needs the openssl command]', () => {
  function setUp(mutual = false) {
    const folder = temporaryFolder()
    const [authority, stranger] = [new Authority(folder, 'authority'), new Authority(folder, 'stranger')]
    const server = authority.issue('server')
    const tls = { ...server, ...(mutual ? { client_ca: authority.cert } : {}) }
    return { folder, authority, stranger, server, tls }
  }

  function dial(port: number, authority: Authority, client?: Credentials, options: ConnectionOptions = {}): RawClient {
    const own = client === undefined ? {} : { cert: readFileSync(client.cert), key: readFileSync(client.key) }
    const ca = readFileSync(authority.cert)
    return new RawClient(port, connect({ ...own, ...options, ...{ port, host: '127.0.0.1', ca, allowHalfOpen: true } }))
  }

  /** What is acknowledged of one message on a connection of its own. */
  async function send(client: RawClient, text: string): Promise<string[]> {
    client.socket.write(packedMode([text], { chunk: text }))
    await client.until(1)
    return client.acks()
  }

  test('messages come over TLS 1.2 and 1.3, and over nothing older', async () => {
    const { authority, tls } = setUp()
    const { port, delivered } = await startSource({ options: { tls } })
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const satisfies SecureVersion[]) {
      const client = dial(port, authority, undefined, { minVersion: version, maxVersion: version })
      expect(await send(client, version)).toEqual([version])
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    expect(await send(dial(port, authority, undefined, old), 'old')).toEqual([])
    expect(delivered.flatMap(textsOf)).toEqual(['TLSv1.2', 'TLSv1.3'])
  })

  test('a client that has said all is still acknowledged', async () => {
    const { authority, tls } = setUp()
    const { port } = await startSource({ options: { tls } })
    const client = dial(port, authority)
    client.socket.end(messageMode('x', { chunk: 'x' }))
    await client.closed
    expect(await client.acks()).toEqual(['x'])
  })

  test('with client_ca, only clients with a certificate of that authority are let in', async () => {
    const { authority, stranger, tls } = setUp(true)
    const { port, delivered, context } = await startSource({ options: { tls, listen: '0.0.0.0:0' } })
    expect(await send(dial(port, authority, authority.issue('client')), 'known')).toEqual(['known'])
    expect(await send(dial(port, authority), 'nobody')).toEqual([])
    expect(await send(dial(port, authority, stranger.issue('client')), 'stranger')).toEqual([])
    expect(delivered.flatMap(textsOf)).toEqual(['known'])
    expect(context.budget.used).toBe(0)
  })

  test('who looks whether somebody is there, or speaks no TLS, is not worth a line', async () => {
    const { tls } = setUp()
    const { port, context, delivered } = await startSource({ options: { tls } })
    for (let index = 0; index < 5; index += 1) {
      const client = new RawClient(port, connectTcp(port, '127.0.0.1'))
      await new Promise<void>((resolve) => client.socket.once('connect', () => resolve()))
      client.socket.destroy()
    }
    const plain = new RawClient(port)
    await plain.write(messageMode('x', { chunk: 'x' }))
    await plain.closed
    expect([delivered, context.lines]).toEqual([[], []])
  })

  test('a reload shows a new certificate to new connections, and one that is bad changes nothing', async () => {
    const { authority, server, tls } = setUp()
    const { source, port } = await startSource({ options: { tls } })
    const shown = (client: RawClient) => (client.socket as ReturnType<typeof connect>).getPeerCertificate().serialNumber
    const before = dial(port, authority)
    expect(await send(before, 'a')).toEqual(['a'])
    const first = shown(before)
    const renewed = authority.issue('renewed')
    copyFileSync(renewed.cert, server.cert)
    expect(() => source.reload(settingsOf({ tls }))).toThrow(expect.objectContaining({ code: 'FIELDSEAL_TLS_INVALID' }))
    copyFileSync(renewed.key, server.key)
    source.reload(settingsOf({ tls }))
    const fresh = dial(port, authority)
    expect(await send(fresh, 'b')).toEqual(['b'])
    expect(shown(fresh)).not.toBe(first)
    // Connections from before go on.
    before.socket.write(packedMode(['c'], { chunk: 'c' }))
    expect(await before.until(2)).toEqual([{ ack: 'a' }, { ack: 'c' }])
  })

  test('where the authority is another one, clients of the old one finish and are let in no more', async () => {
    const { authority, stranger, tls, folder } = setUp(true)
    const pipeline = new HeldPipeline()
    const { source, port, delivered } = await startSource({ options: { tls }, deliver: pipeline.deliver })
    const client = dial(port, authority, authority.issue('client'))
    client.socket.write(packedMode(['under way'], { chunk: '1' }))
    await until(() => pipeline.batches.length === 1)
    const other = `${folder}/other-ca.pem`
    writeFileSync(other, readFileSync(stranger.cert))
    source.reload(settingsOf({ tls: { ...tls, client_ca: other } }))
    client.socket.write(packedMode(['too late'], { chunk: '2' }))
    pipeline.settle(accepted())
    await client.closed
    expect(await client.acks()).toEqual(['1'])
    expect(await send(dial(port, authority, authority.issue('again')), 'old')).toEqual([])
    const known = dial(port, authority, stranger.issue('new'))
    known.socket.write(packedMode(['new'], { chunk: 'new' }))
    await until(() => pipeline.batches.length === 2)
    pipeline.settle(accepted())
    expect(await known.until(1)).toEqual([{ ack: 'new' }])
    expect(delivered.flatMap(textsOf)).toEqual(['under way', 'new'])
  })

  test('drains: what is under way is acknowledged', async () => {
    const { authority, tls } = setUp()
    const pipeline = new HeldPipeline()
    const { source, port } = await startSource({ options: { tls }, deliver: pipeline.deliver })
    const client = dial(port, authority)
    client.socket.write(packedMode(['x'], { chunk: 'x' }))
    await until(() => pipeline.batches.length === 1)
    const draining = source.drain()
    pipeline.settle(accepted())
    await draining
    await client.closed
    expect(await client.acks()).toEqual(['x'])
  })

  test('certificates that do not belong together do not start', async () => {
    const { authority, server } = setUp()
    const other = authority.issue('other')
    await expect(startSource({ options: { tls: { cert: server.cert, key: other.key } } })).rejects.toMatchObject({
      code: 'FIELDSEAL_TLS_INVALID',
    })
  })
})
