import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { encode } from '@msgpack/msgpack'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { HeldPipeline, until } from '../suite.ts'
import { forwardMode, messageMode, packedMode, RawClient, settingsOf, startSource, textsOf } from './fixtures.ts'

const KEY = 'a shared key of some length'
const PASSWORD = 'the password of app-1'

/** Options with `security`, its files in a folder of the test. */
function securityWith({ users = false, key = KEY, password = PASSWORD, hostname = 'server' } = {}): object {
  const folder = temporaryFolder({ key: `${key}\n`, password })
  const known = users ? [{ name: 'app-1', password: join(folder, 'password') }] : []
  return { security: { shared_key: join(folder, 'key'), users: known, hostname } }
}

const sha512 = (...parts: (string | Uint8Array)[]) =>
  createHash('sha512')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest('hex')

interface Helo {
  readonly nonce: Uint8Array
  readonly auth: Uint8Array | ''
  readonly keepalive: boolean
}

interface PingOptions {
  readonly key?: string
  readonly user?: string | null
  readonly password?: string
  readonly host?: string
  readonly salt?: string | Uint8Array
}

function ping(
  helo: Helo,
  { key = KEY, user = '', password = PASSWORD, host = 'client', salt = randomBytes(16) }: PingOptions = {},
) {
  const auth = user ? sha512(helo.auth, user, password) : user
  return Buffer.from(encode(['PING', host, salt, sha512(salt, host, helo.nonce, key), user, auth]))
}

async function greeted(port: number): Promise<{ client: RawClient; helo: Helo }> {
  const client = new RawClient(port)
  const [value] = (await client.until(1)) as [[string, Helo]]
  expect(value[0]).toBe('HELO')
  return { client, helo: value[1] }
}

describe('the handshake', () => {
  test('begins with random bytes as bin, others for each connection, and says what is wanted', async () => {
    const plain = await startSource({ options: securityWith() })
    const [one, other] = [await greeted(plain.port), await greeted(plain.port)]
    expect([one.helo.nonce.length, one.helo.auth, one.helo.keepalive]).toEqual([16, '', true])
    expect(Buffer.from(one.helo.nonce).equals(other.helo.nonce)).toBe(false)
    expect(one.client.parts).toHaveLength(1)
    // 0xc4: bin 8.
    expect(one.client.received.toString('hex')).toContain(`c410${Buffer.from(one.helo.nonce).toString('hex')}`)
    const users = await startSource({ options: { ...securityWith({ users: true }), keepalive: false } })
    const { helo } = await greeted(users.port)
    expect([(helo.auth as Uint8Array).length, helo.keepalive]).toEqual([16, false])
  })

  test.each([
    ['a salt of raw bytes', { salt: randomBytes(16) }],
    ['a salt in hex', { salt: randomBytes(16).toString('hex') }],
    ['no user as nil', { user: null }],
    ['a user that nobody asks for', { user: 'app-1' }],
  ])('lets in who knows the key, with %s, and proves that the server does', async (_, options) => {
    const { port, delivered } = await startSource({ options: securityWith() })
    const { client, helo } = await greeted(port)
    const salt = 'salt' in options ? options.salt : randomBytes(16)
    await client.write(ping(helo, { ...options, salt }))
    const [, pong] = await client.until(2)
    expect(pong).toEqual(['PONG', true, '', 'server', sha512(salt, 'server', helo.nonce, KEY)])
    expect(client.parts).toHaveLength(2)
    await client.write(messageMode('x', { chunk: 'x' }))
    expect((await client.until(3))[2]).toEqual({ ack: 'x' })
    expect(delivered.flatMap(textsOf)).toEqual(['x'])
  })

  test('lets in who knows the key and is a user, with messages that come with the PING', async () => {
    const { port, delivered } = await startSource({ options: securityWith({ users: true }) })
    const { client, helo } = await greeted(port)
    await client.write(Buffer.concat([ping(helo, { user: 'app-1' }), messageMode('x', { chunk: 'x' })]))
    expect((await client.until(3)).slice(1)).toEqual([expect.objectContaining({ 1: true }), { ack: 'x' }])
    expect(delivered.flatMap(textsOf)).toEqual(['x'])
  })

  test('can be cut at every byte', async () => {
    const { port } = await startSource({ options: securityWith() })
    const length = ping((await greeted(port)).helo, { salt: 'salt' }).length
    for (let at = 1; at < length; at += 1) {
      const { client, helo } = await greeted(port)
      const bytes = ping(helo, { salt: 'salt' })
      await client.write(bytes.subarray(0, at))
      if (at % 16 === 0) await new Promise((resolve) => setImmediate(resolve))
      await client.write(bytes.subarray(at))
      expect((await client.until(2))[1]).toMatchObject({ 0: 'PONG', 1: true })
      client.socket.destroy()
    }
  })

  test('has a name of its own by default, other than that of a client on the same machine', async () => {
    const { port } = await startSource({ options: securityWith({ hostname: undefined as unknown as string }) })
    const { client, helo } = await greeted(port)
    await client.write(ping(helo, { host: hostname() }))
    expect((await client.until(2))[1]).toMatchObject({ 1: true, 3: expect.stringMatching(/^(server|fieldseal@)/) })
  })
})

/** What may come first, of whoever has read HELO. */
const FIRST: Readonly<Record<string, (helo: Helo) => Buffer>> = {
  'nothing, and the end': () => Buffer.alloc(0),
  nil: () => Buffer.from([0xc0]),
  HELO: () => Buffer.from(encode(['HELO', { nonce: 'n', auth: '', keepalive: true }])),
  PONG: () => Buffer.from(encode(['PONG', true, '', 'client', sha512('x')])),
  'a PING with a wrong key': (helo) => ping(helo, { key: 'another key', user: 'app-1' }),
  'a PING with an empty key': (helo) => ping(helo, { key: '', user: 'app-1' }),
  'a PING with the right key and a user that nobody knows': (helo) => ping(helo, { user: 'app-2' }),
  'a PING with the right key and a wrong password': (helo) => ping(helo, { user: 'app-1', password: 'wrong' }),
  'a PING with the right key and an empty password': (helo) => ping(helo, { user: 'app-1', password: '' }),
  'a PING with the right key and no user': (helo) => ping(helo),
  'a PING with the right key and the user of every object': (helo) => ping(helo, { user: '__proto__' }),
  'a PING with a wrong key and the right user': (helo) => ping(helo, { key: 'another key', user: 'app-1' }),
  'a PING with empty digests': () => Buffer.from(encode(['PING', 'client', 's', '', 'app-1', ''])),
  'a PING with the digest of another nonce': (helo) => ping({ ...helo, nonce: randomBytes(16) }, { user: 'app-1' }),
  'a PING with another auth': (helo) => ping({ ...helo, auth: randomBytes(16) }, { user: 'app-1' }),
  'a PING with the name of the server': (helo) => ping(helo, { host: 'server', user: 'app-1' }),
  'a PING of five': () => Buffer.from(encode(['PING', 'client', 's', 'd', ''])),
  'a PING of seven': () => Buffer.from(encode(['PING', 'client', 's', 'd', '', '', ''])),
  'a PING with numbers': () => Buffer.from(encode(['PING', 1, 2, 3, 4, 5])),
  'a PING with maps': () => Buffer.from(encode(['PING', {}, {}, {}, {}, {}])),
  'a PING that is too long': (helo) => ping(helo, { host: 'x'.repeat(100_000) }),
  'a PING whose parts are too long': (helo) => ping(helo, { host: 'x'.repeat(1000) }),
  'a Message': () => messageMode('canary', { chunk: 'x' }),
  'a Forward': () => forwardMode(['canary'], { chunk: 'x' }),
  'a PackedForward': () => packedMode(['canary'], { chunk: 'x' }),
  garbage: () => Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  'a bomb': () => Buffer.from('ddffffffff', 'hex'),
  'a byte that nothing begins with': () => Buffer.from('c1', 'hex'),
}

/** With no user asked for, these know all that there is to know. */
const ENOUGH_WITHOUT_USERS = new Set([
  'a PING with the right key and a user that nobody knows',
  'a PING with the right key and a wrong password',
  'a PING with the right key and an empty password',
  'a PING with the right key and no user',
  'a PING with the right key and the user of every object',
  'a PING with another auth',
])

describe.each([
  ['a shared key', { users: false }],
  ['a shared key and users', { users: true }],
] as const)('where there is %s', (_, { users }) => {
  const denied = Object.entries(FIRST).filter(([name]) => users || !ENOUGH_WITHOUT_USERS.has(name))

  test.each(denied)('%s lets nobody in, whatever follows', async (_, first) => {
    const { port, delivered, context } = await startSource({ options: securityWith({ users }) })
    const { client, helo } = await greeted(port)
    const right = ping(helo, { user: users ? 'app-1' : '' })
    await client.write(
      Buffer.concat([first(helo), messageMode('canary', { chunk: 'x' }), right, messageMode('canary', { chunk: 'y' })]),
    )
    client.socket.end()
    await client.closed
    expect(delivered).toHaveLength(0)
    const said = (await client.values()).slice(1)
    // At most a PONG that says no, and nothing of what was wrong.
    expect(said.length).toBeLessThanOrEqual(1)
    for (const pong of said)
      expect([
        ['PONG', false, 'authentication failed', '', ''],
        ['PONG', false, 'client and server have the same host name', '', ''],
      ]).toContainEqual(pong)
    expect(JSON.stringify(context.lines)).not.toContain('canary')
    expect(context.budget.used).toBe(0)
  })

  test('a PING that comes twice ends the connection', async () => {
    const { port, delivered } = await startSource({ options: securityWith({ users }) })
    const { client, helo } = await greeted(port)
    const right = ping(helo, { user: users ? 'app-1' : '' })
    await client.write(Buffer.concat([right, right, messageMode('x', { chunk: 'x' })]))
    await client.closed
    expect((await client.values()).slice(1)).toEqual([expect.objectContaining({ 1: true })])
    expect(delivered).toHaveLength(0)
  })

  test('a PING that was overheard is of no use on another connection', async () => {
    const { port, delivered } = await startSource({ options: securityWith({ users }) })
    const { client, helo } = await greeted(port)
    const right = ping(helo, { user: users ? 'app-1' : '' })
    await client.write(right)
    expect((await client.until(2))[1]).toMatchObject({ 1: true })
    const other = await greeted(port)
    await other.client.write(Buffer.concat([right, messageMode('x', { chunk: 'x' })]))
    await other.client.closed
    expect((await other.client.values())[1]).toMatchObject({ 1: false })
    expect(delivered).toHaveLength(0)
  })

  test('who says nothing is sent away in time, and who only looks is not worth a line', async () => {
    const { port, context } = await startSource({ options: { ...securityWith({ users }), handshake_timeout: '1s' } })
    const looking = new RawClient(port)
    await looking.until(1)
    looking.socket.destroy()
    const silent = new RawClient(port)
    await silent.closed
    expect(context.lines.map(([event]) => event)).toEqual(['client-refused'])
    expect(context.lines[0]?.[1]).toContain('handshake_timeout')
  })
})

describe('where nothing is asked for', () => {
  test('there is no HELO, and a PING is no message', async () => {
    const { port, delivered } = await startSource()
    const client = new RawClient(port)
    await client.write(Buffer.from(encode(['PING', 'client', 's', 'd', '', ''])))
    await client.closed
    expect(client.received.length).toBe(0)
    expect(delivered).toHaveLength(0)
  })
})

describe('half of an authentication', () => {
  test.each([
    ['users without a shared key', { security: { users: [{ name: 'a', password: '/x' }] } }],
    ['nothing in security', { security: {} }],
    ['a user without a password', { security: { shared_key: '/x', users: [{ name: 'a' }] } }],
    ['a user without a name', { security: { shared_key: '/x', users: [{ name: '', password: '/x' }] } }],
    ['an empty name of a file', { security: { shared_key: '' } }],
    ['an option outside of security', { shared_key: '/x' }],
  ])('is no configuration: %s', (_, options) => {
    expect(() => settingsOf(options)).toThrow()
  })

  test.each([
    ['an empty key', '', 'fewer than 16 bytes'],
    ['a newline for a key', '\n', 'fewer than 16 bytes'],
    ['a short key', 'short', 'fewer than 16 bytes'],
    ['two lines', 'a shared key of some\nlength', 'more than one line'],
    ['a key that is too long', 'x'.repeat(5000), '4 KiB'],
  ])('does not start: %s', async (_, key, message) => {
    const options = securityWith({ key: 'replaced' }) as { security: { shared_key: string } }
    writeFileSync(options.security.shared_key, key)
    await expect(startSource({ options })).rejects.toThrow(message)
  })

  test('does not start: a short password, a user twice, and a key that is not there', async () => {
    await expect(startSource({ options: securityWith({ users: true, password: 'short' }) })).rejects.toThrow('8 bytes')
    const { security } = securityWith({ users: true }) as { security: { users: object[]; shared_key: string } }
    const twice = { security: { ...security, users: [...security.users, ...security.users] } }
    await expect(startSource({ options: twice })).rejects.toThrow('twice')
    await expect(startSource({ options: { security: { shared_key: '/nowhere/key' } } })).rejects.toThrow('/nowhere/key')
  })

  test('does not start where everyone could send, on an address that others reach', async () => {
    await expect(startSource({ options: { listen: '0.0.0.0:0' } })).rejects.toMatchObject({
      code: 'FIELDSEAL_CONFIG_INVALID',
    })
    await expect(startSource({ options: { listen: '0.0.0.0:0', ...securityWith() } })).resolves.toBeDefined()
    const { context } = await startSource({ options: { listen: '0.0.0.0:0', insecure: true } })
    expect(context.lines.map(([event]) => event)).toEqual(['insecure'])
  })
})

describe('a reload', () => {
  test('takes on another key, and whoever was let in by the old one finishes and comes again', async () => {
    const pipeline = new HeldPipeline()
    const options = securityWith() as { security: { shared_key: string } }
    const { port, source } = await startSource({ options, deliver: pipeline.deliver })
    const { client, helo } = await greeted(port)
    await client.write(Buffer.concat([ping(helo), packedMode(['under way'], { chunk: '1' })]))
    await until(() => pipeline.batches.length === 1)
    source.reload(settingsOf(options))
    await client.write(packedMode(['same key'], { chunk: '2' }))
    writeFileSync(options.security.shared_key, 'another key of some length')
    source.reload(settingsOf(options))
    pipeline.settle(accepted())
    const settling = setInterval(() => pipeline.settle(accepted()), 1)
    await client.closed
    clearInterval(settling)
    // What had come before the reload, at the latest.
    expect((await client.acks())[0]).toBe('1')
    const old = await greeted(port)
    await old.client.write(ping(old.helo))
    expect((await old.client.until(2))[1]).toMatchObject({ 1: false })
    const fresh = await greeted(port)
    await fresh.client.write(ping(fresh.helo, { key: 'another key of some length' }))
    expect((await fresh.client.until(2))[1]).toMatchObject({ 1: true })
  })

  test('with a bad key changes nothing', async () => {
    const options = securityWith() as { security: { shared_key: string } }
    const { port, source } = await startSource({ options })
    const { client, helo } = await greeted(port)
    await client.write(ping(helo))
    await client.until(2)
    writeFileSync(options.security.shared_key, 'short')
    expect(() => source.reload(settingsOf(options))).toThrow('16 bytes')
    await client.write(packedMode(['x'], { chunk: 'x' }))
    expect((await client.until(3))[2]).toEqual({ ack: 'x' })
    const fresh = await greeted(port)
    await fresh.client.write(ping(fresh.helo))
    expect((await fresh.client.until(2))[1]).toMatchObject({ 1: true })
  })

  test('cannot switch the handshake on or off', async () => {
    const { source } = await startSource()
    expect(() => source.reload(settingsOf(securityWith()))).toThrow('restart')
  })
})
