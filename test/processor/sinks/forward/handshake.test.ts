import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { decode, encode } from '@msgpack/msgpack'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Sink } from '../../../../processor/sinks/sink.ts'
import { RawPeer } from '../otlp-http/peers.ts'
import { sinkContext } from '../suite.ts'
import { ACCEPTED, endpointOf, logsOf, ONCE, packedBatch, QUICK, startedSink } from './fixtures.ts'
import { FluentServer, type Security, sha512 } from './server.ts'

let folder: string
let sink: Sink | undefined
let server: FluentServer | undefined
let peer: RawPeer | undefined

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldseal-sink-forward-'))
  const files = { key: `${KEY}\n`, other: 'another-key', password: 'pass wörd\r\n', wrong: 'no' }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

afterEach(async () => {
  await sink?.close()
  await server?.close()
  await peer?.close()
})

const file = (name: string) => join(folder, name)
const KEY = 'shared-secret-key'
const USERS = { app: 'pass wörd', bob: '123' }
const BOTH = { user: 'app', password: 'password' } as const

interface Known {
  readonly shared_key?: string
  readonly user?: string
  readonly password?: string
  readonly hostname?: string
}

/** Options of `security`, with names of files. */
const securityOf = ({ shared_key = 'key', password, ...rest }: Known) => ({
  shared_key: file(shared_key),
  ...(password === undefined ? {} : { password: file(password) }),
  ...rest,
})

async function sendTo(security: Security, known: Known, given = {}) {
  server = await FluentServer.listen({ security })
  sink = await startedSink([server.endpoint], { retry: QUICK, security: securityOf(known), ...given })
  return sink.send(packedBatch('a'))
}

describe('a server that knows the key', () => {
  test.each<[string, Security, Known]>([
    ['and wants no user', { key: KEY }, {}],
    ['and wants no user, of a sink that has one', { key: KEY }, BOTH],
    ['and wants a user', { key: KEY, users: USERS }, BOTH],
    ['and another name', { key: KEY, hostname: 'größe.example' }, { hostname: 'sealer-ü' }],
    ['and takes one batch for each connection', { key: KEY, keepalive: false }, {}],
  ])('%s is sent the batch', async (_, security, known) => {
    expect(await sendTo(security, known)).toEqual(ACCEPTED)
    expect(logsOf(server!.received[0]!.entries)).toEqual(['a'])
  })

  test('is sent everything over one connection', async () => {
    expect(await sendTo({ key: KEY }, {})).toEqual(ACCEPTED)
    const settlements = await Promise.all(Array.from({ length: 50 }, (_, index) => sink!.send(packedBatch(`${index}`))))
    expect(settlements).toEqual(Array(50).fill(ACCEPTED))
    expect(server!.sockets).toHaveLength(1)
  })

  test('and takes one batch for each connection is sent each batch once, each over its own', async () => {
    server = await FluentServer.listen({ security: { key: KEY, keepalive: false } })
    sink = await startedSink([server.endpoint], { security: securityOf({}) })
    const settlements = await Promise.all(Array.from({ length: 20 }, (_, index) => sink!.send(packedBatch(`${index}`))))
    expect(settlements).toEqual(Array(20).fill(ACCEPTED))
    expect(server.received).toHaveLength(20)
    expect(new Set(server.received.map(({ connection }) => connection)).size).toBe(20)
  })
})

describe('a server that does not let the sink in', () => {
  test.each<[string, string, Security, Known]>([
    [
      'has another key',
      'does not accept the shared key, or the user and password',
      { key: KEY },
      { shared_key: 'other' },
    ],
    [
      'has another password',
      'does not accept the shared key, or the user and password',
      { key: KEY, users: USERS },
      { user: 'app', password: 'wrong' },
    ],
    [
      'does not know the user',
      'does not accept the shared key, or the user and password',
      { key: KEY, users: USERS },
      { user: 'eve', password: 'password' },
    ],
    ['wants a user', 'wants a user, and the sink has none', { key: KEY, users: USERS }, {}],
  ])('because it %s: nothing is sent, and it is not asked again', async (_, message, security, known) => {
    const context = sinkContext()
    server = await FluentServer.listen({ security })
    sink = await startedSink([server.endpoint], { retry: QUICK, security: securityOf(known) }, context)
    const settlement = await sink.send(packedBatch('canary'))
    expect(settlement).toMatchObject({
      outcome: 'refused',
      error: {
        code: 'FIELDSEAL_SINK_UNAVAILABLE',
        message: `endpoint ${server.endpoint} of sink backend ${message}`,
      },
    })
    expect(server.received).toEqual([])
    expect(server.sockets).toHaveLength(1)
    const shown = JSON.stringify([settlement, context.lines, sink.status()])
    for (const secret of ['canary', KEY, 'another-key', 'pass w']) expect(shown).not.toContain(secret)
  })

  test('is asked again later, when people have had time to mend it', async () => {
    expect(await sendTo({ key: KEY }, { shared_key: 'other' }, { retry: { ...QUICK, give_up: '0s' } })).toMatchObject({
      outcome: 'refused',
    })
    const { port } = server!
    await server!.close()
    server = await FluentServer.listen({ security: { key: 'another-key' } }, port)
    let settlement = await sink!.send(packedBatch('b'))
    while (settlement.outcome === 'refused') {
      await delay(5)
      settlement = await sink!.send(packedBatch('b'))
    }
    expect(settlement).toEqual(ACCEPTED)
  })
})

const NONCE = Buffer.from('0123456789abcdef')
const SALT = Buffer.from('salt-of-16-bytes')
const RAW_NONCE = Buffer.from('fffefd80fffefd80fffefd80fffefd80', 'hex')
const RAW_HELO = Buffer.concat([
  Buffer.from([0x92]),
  encode('HELO'),
  Buffer.from([0x82]),
  encode('nonce'),
  Buffer.from([0xb0]),
  RAW_NONCE,
  encode('auth'),
  Buffer.from([0xb0]),
  SALT,
])
const helo = (options: object = {}) => encode(['HELO', { nonce: NONCE, auth: '', keepalive: true, ...options }])

type Ping = [kind: string, hostname: string, salt: string, digest: string, user: string, password: string]

const IMPOSTOR = 'does not know the shared key'
const GARBLED = 'did not answer in the Forward protocol'
const TOO_LATE = 'was not ready in time'

/** Sends a batch to a peer that says `first` when it is called, and answers a PING. @returns what it has been sent. */
async function sendToPeer(first: Uint8Array | undefined, answer: (ping: Ping, socket: Socket) => void) {
  const seen: Buffer[] = []
  const listening = await RawPeer.listen((socket) => {
    if (first !== undefined) socket.write(first)
    let pinged = false
    socket.on('data', (data) => {
      seen.push(data)
      if (!pinged) answer(decode(data) as Ping, socket)
      pinged = true
    })
  })
  peer = listening
  const security = securityOf({ ...BOTH, hostname: 'sealer' })
  const given = { retry: ONCE, security, connect_timeout: '200ms', ack_timeout: '200ms' }
  sink = await startedSink([endpointOf(listening)], given)
  const settlement = await sink.send(packedBatch('canary'))
  return { settlement, seen: Buffer.concat(seen) }
}

describe('a server that does not prove that it knows the key', () => {
  const right = (salt: string, name: string) => sha512(salt, name, NONCE, KEY)
  test.each<[string, string, (ping: Ping) => unknown]>([
    [
      'shows another digest',
      IMPOSTOR,
      ([, , salt]) => ['PONG', true, '', 'peer', sha512(salt, 'peer', NONCE, 'guess')],
    ],
    ['shows the digest of another salt', IMPOSTOR, () => ['PONG', true, '', 'peer', right('0'.repeat(32), 'peer')]],
    ['shows the digest of another name', IMPOSTOR, ([, , salt]) => ['PONG', true, '', 'peer', right(salt, 'other')]],
    [
      'shows half of the digest',
      IMPOSTOR,
      ([, , salt]) => ['PONG', true, '', 'peer', right(salt, 'peer').slice(0, 64)],
    ],
    ['shows more than the digest', IMPOSTOR, ([, , salt]) => ['PONG', true, '', 'peer', `${right(salt, 'peer')}0`]],
    ['shows no digest', IMPOSTOR, () => ['PONG', true, '', 'peer', '']],
    ['leaves the digest out', IMPOSTOR, () => ['PONG', true]],
    ['says that all is well with nil', IMPOSTOR, () => ['PONG', true, null, null, null]],
    [
      'gives back our own',
      'has the same host name as the sink',
      ([, name, , digest]) => ['PONG', true, '', name, digest],
    ],
    ['gives back our own under another name', IMPOSTOR, ([, , , digest]) => ['PONG', true, '', 'peer', digest]],
    [
      'says that it is not well',
      'does not accept the shared key, or the user and password',
      () => ['PONG', false, 'canary', '', ''],
    ],
    ['says neither', GARBLED, ([, , salt]) => ['PONG', 1, '', 'peer', right(salt, 'peer')]],
    ['has a digest of another type', GARBLED, () => ['PONG', true, '', 'peer', 5]],
    ['has a name of another type', GARBLED, () => ['PONG', true, '', ['peer'], '']],
    ['answers in small letters', GARBLED, ([, , salt]) => ['pong', true, '', 'peer', right(salt, 'peer')]],
    ['greets again', GARBLED, () => ['HELO', { nonce: NONCE, auth: '' }]],
    ['acknowledges', GARBLED, () => ({ ack: 'x' })],
    ['pings', GARBLED, (ping) => ping],
  ])('but %s is sent nothing', async (_, message, answer) => {
    const { settlement, seen } = await sendToPeer(helo(), (ping, socket) => socket.write(encode(answer(ping))))
    expect(settlement).toMatchObject({ outcome: 'refused', error: { message: expect.stringContaining(message) } })
    expect(seen.includes('canary')).toBe(false)
    expect((decode(seen) as Ping)[0]).toBe('PING')
  })

  test('is sent nothing until it has', async () => {
    const { settlement, seen } = await sendToPeer(helo(), () => {})
    expect(settlement).toMatchObject({ outcome: 'refused', error: { message: expect.stringContaining(TOO_LATE) } })
    expect(seen.includes('canary')).toBe(false)
  })
})

describe('a PONG', () => {
  test.each<[string, Buffer]>([
    ['with a reason of a megabyte', Buffer.from(encode(['PONG', false, 'x'.repeat(1_000_000), '', '']))],
    ['with a name of 2 KiB', Buffer.from(encode(['PONG', true, '', 'x'.repeat(2048), '']))],
    [
      'with a name of gigabytes',
      Buffer.from([0x95, 0xa4, 0x50, 0x4f, 0x4e, 0x47, 0xc3, 0xa0, 0xdb, 0xff, 0xff, 0xff, 0xff]),
    ],
    ['of thousands of elements', Buffer.from(encode(['PONG', true, ...Array(5000).fill('')]))],
    ['that is nested', Buffer.from(encode(['PONG', [[[[[[[[]]]]]]]]]))],
  ])('%s is too much', async (_, pong) => {
    const { settlement, seen } = await sendToPeer(helo(), (_ping, socket) => socket.write(pong))
    expect(settlement).toMatchObject({ outcome: 'refused', error: { message: expect.stringContaining(GARBLED) } })
    expect(seen.includes('canary')).toBe(false)
  })

  test('can come byte by byte, and has to come in time', async () => {
    const { settlement } = await sendToPeer(helo(), ([, , salt], socket) => {
      for (const byte of encode(['PONG', true, '', 'peer', sha512(salt, 'peer', NONCE, KEY)]))
        socket.write(Buffer.of(byte))
    })
    // It was let in: what is missing is the acknowledgement.
    expect(settlement).toMatchObject({ error: { message: expect.stringContaining('did not acknowledge in time') } })
    await sink!.close()
    await peer!.close()
    const dripping = await sendToPeer(helo(), (_ping, socket) => {
      socket.write(Buffer.from([0x95, 0xa4, 0x50, 0x4f, 0x4e, 0x47, 0xc3, 0xa0, 0xda, 0x02, 0x00]))
      const drip = setInterval(() => socket.write('x'), 5)
      socket.on('close', () => clearInterval(drip))
    })
    expect(dripping.settlement).toMatchObject({ error: { message: expect.stringContaining(TOO_LATE) } })
  })
})

describe('a HELO', () => {
  test.each<[string, string, Uint8Array | undefined]>([
    ['that does not come', TOO_LATE, undefined],
    ['without a nonce', GARBLED, encode(['HELO', { auth: '', keepalive: true }])],
    ['with an empty nonce', GARBLED, helo({ nonce: '' })],
    ['with a nonce that is a number', GARBLED, helo({ nonce: 5 })],
    ['with a nonce of 1 KiB', GARBLED, helo({ nonce: Buffer.alloc(1024) })],
    ['with a salt that is a map', GARBLED, helo({ auth: {} })],
    ['without options', GARBLED, encode(['HELO'])],
    ['with a list for options', GARBLED, encode(['HELO', [NONCE]])],
    [
      'with many options',
      GARBLED,
      helo(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`o${index}`, 1]))),
    ],
    ['of another kind', GARBLED, encode(['HALLO', { nonce: NONCE, auth: '' }])],
    ['that is an acknowledgement', GARBLED, encode({ ack: 'x' })],
    ['that is a PONG', GARBLED, encode(['PONG', true, '', 'peer', ''])],
    ['that is a bomb', GARBLED, Buffer.alloc(72_000, Buffer.from([0xdc, 0xff, 0xff]))],
    ['that is HTTP', GARBLED, Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
  ])('%s is answered with nothing', async (_, message, first) => {
    const { settlement, seen } = await sendToPeer(first, () => {})
    expect(settlement).toMatchObject({ outcome: 'refused', error: { message: expect.stringContaining(message) } })
    expect(seen).toHaveLength(0)
  })

  test.each<[string, Uint8Array, Buffer]>([
    ['bytes', helo({ auth: SALT }), NONCE],
    ['text', helo({ nonce: NONCE.toString(), auth: SALT.toString() }), NONCE],
    // As Ruby writes random bytes that it takes for text.
    ['bytes that are said to be text', RAW_HELO, RAW_NONCE],
  ])('may give its nonce and salt as %s', async (_, first, nonce) => {
    let ping: Ping | undefined
    const { seen } = await sendToPeer(first, (sent) => {
      ping = sent
    })
    expect(seen.length).toBeLessThan(1024)
    const [kind, name, salt, digest, user, password] = ping!
    expect([kind, name, user]).toEqual(['PING', 'sealer', 'app'])
    // A str that is UTF-8: Fluent Bit takes no bin, and not everybody takes raw bytes as a str.
    expect(salt).toMatch(/^[0-9a-f]{32}$/)
    expect(digest).toBe(sha512(salt, 'sealer', nonce, KEY))
    expect(password).toBe(sha512(SALT, 'app', USERS.app))
  })
})

test('the sink has a name of its own by default', async () => {
  expect(await sendTo({ key: KEY, hostname: hostname() }, {})).toEqual(ACCEPTED)
  await sink!.close()
  await server!.close()
  // It is the name that a server must not have.
  expect(await sendTo({ key: KEY, hostname: `fieldseal-sink@${hostname()}` }, {})).toMatchObject({
    error: { message: expect.stringContaining('has the same host name as the sink') },
  })
})

test.each<[string, object, RegExp]>([
  ['the file of the key is missing', { shared_key: 'missing' }, /missing cannot be read/],
  ['the file of the key is empty', { shared_key: '/dev/null' }, /\/dev\/null has fewer than 1 bytes/],
  ['there is a user without a password', { user: 'app' }, /user and password belong together/],
  ['there is a password without a user', { password: 'password' }, /user and password belong together/],
])('a sink does not start where %s', async (_, security, message) => {
  const { shared_key = 'key', password, ...rest } = security as Known
  const given = {
    shared_key: join(shared_key.startsWith('/') ? '' : folder, shared_key),
    ...(password === undefined ? {} : { password: file(password) }),
    ...rest,
  }
  const start = startedSink(['127.0.0.1:24224'], { security: given })
  await expect(start).rejects.toMatchObject({ name: 'FieldsealError', message: expect.stringMatching(message) })
})
