import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { FluentClient, type FluentClientOptions, FluentSocketEvent } from '@fluent-org/logger'
import fluentLogger, { type Options as FluentLoggerOptions } from 'fluent-logger'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { Authority, hasOpenssl } from '../../http/authority.ts'
import { until } from '../suite.ts'
import { numbered, type Service, startService } from './service.ts'

const RECORDS = 120
const KEY = 'a shared key of some length'
const PASSWORD = 'the password of app-1'
const FILES = { key: KEY, password: `${PASSWORD}\n` }
const SECURITY = ', security: {shared_key: key, hostname: server}'
const USERS = ', security: {shared_key: key, hostname: server, users: [{name: app-1, password: password}]}'
/** Machines that are busy take longer than the half second that is the default. */
const ACK = { ackTimeout: 30_000 }

/** Everything is there once, in order, and sealed. */
function expectAll(service: Service): void {
  expect(service.numbers()).toEqual(Array.from({ length: RECORDS }, (_, seq) => seq))
  expect(service.written()).not.toContain('@example.com')
  expect(service.written().match(/\[sealed:email:/g)).toHaveLength(RECORDS)
}

interface Way {
  readonly name: string
  readonly source: string
  readonly security?: { clientHostname: string; sharedKey: string; username?: string; password?: string }
  readonly acks: boolean
}

const KNOWN = { clientHostname: 'client', sharedKey: KEY }
const WAYS: readonly Way[] = [
  { name: 'plain', source: '', acks: false },
  { name: 'with acknowledgements', source: '', acks: true },
  { name: 'with a shared key', source: SECURITY, security: KNOWN, acks: false },
  { name: 'with a shared key and acknowledgements', source: SECURITY, security: KNOWN, acks: true },
  {
    name: 'with a user and acknowledgements',
    source: USERS,
    security: { ...KNOWN, username: 'app-1', password: PASSWORD },
    acks: true,
  },
]

/** TLS as a source and a client are given it. */
function tlsWith(): { source: string; ca: Buffer } {
  const authority = new Authority(temporaryFolder(), 'authority')
  const { cert, key } = authority.issue('server', { names: 'DNS:localhost,IP:127.0.0.1' })
  return {
    source: `, tls: {cert: ${JSON.stringify(cert)}, key: ${JSON.stringify(key)}}`,
    ca: readFileSync(authority.cert),
  }
}

const MODES = ['Message', 'Forward', 'PackedForward', 'CompressedPackedForward'] as const

describe.each(MODES)('@fluent-org/logger in mode %s', (eventMode) => {
  async function sendAll(service: Service, acks: boolean, options: FluentClientOptions): Promise<void> {
    const { socket, ...rest } = options
    const client = new FluentClient('app', {
      eventMode,
      socket: { host: 'localhost', port: service.port, timeout: 30_000, ...socket },
      disconnect: { waitForPending: true },
      ...(acks ? { ack: ACK } : {}),
      ...rest,
    })
    onTestFinished(async () => {
      await client.shutdown().catch(() => {})
    })
    const emitted: Promise<void>[] = []
    for (let seq = 0; seq < RECORDS; seq += 1) {
      emitted.push(client.emit('log', numbered(seq)))
      // In several messages.
      if (seq % 25 === 24) await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(emitted)
    if (acks) return
    await until(() => service.numbers().length >= RECORDS)
  }

  test.each(WAYS)('$name', async ({ source, security, acks }) => {
    const service = await startService(source, FILES)
    await sendAll(service, acks, security === undefined ? {} : { security })
    expectAll(service)
    expect(service.log()).not.toMatch(/"event":"(message-|client-|unready)/)
  })

  test('with times in milliseconds', async () => {
    const service = await startService()
    await sendAll(service, true, { milliseconds: true })
    expectAll(service)
  })

  test.skipIf(!hasOpenssl)('over TLS, with a user [needs the openssl command]', async () => {
    const { source, ca } = tlsWith()
    const service = await startService(`${source}${USERS}`, FILES)
    const security = { ...KNOWN, username: 'app-1', password: PASSWORD }
    await sendAll(service, true, { security, socket: { tls: { ca } } })
    expectAll(service)
  })
})

describe('@fluent-org/logger', () => {
  test.each([
    ['a wrong key', { ...KNOWN, sharedKey: 'another key of some length', username: 'app-1', password: PASSWORD }],
    ['a wrong password', { ...KNOWN, username: 'app-1', password: 'wrong' }],
    ['no user', KNOWN],
    ['the name of the server', { ...KNOWN, clientHostname: 'server', username: 'app-1', password: PASSWORD }],
  ])('is told that it is not let in with %s', async (_, security) => {
    const service = await startService(USERS, FILES)
    const client = new FluentClient('app', {
      socket: { host: 'localhost', port: service.port, disableReconnect: true },
      security,
    })
    const failed = new Promise<Error>((resolve) => client.socketOn(FluentSocketEvent.ERROR, resolve))
    client.connect().catch(() => {})
    expect(String(await failed)).toMatch(/authentication failed|same host name/i)
    expect(service.numbers()).toEqual([])
    expect(service.log()).toContain('FIELDSEAL_UNAUTHENTICATED')
  })
})

const LOGGER_MODES = ['Message', 'PackedForward', 'CompressedPackedForward'] as const

describe.each(LOGGER_MODES)('fluent-logger in mode %s', (eventMode) => {
  async function sendAll(service: Service, requireAckResponse: boolean, options: object): Promise<void> {
    const quiet = Object.assign(new EventEmitter(), { info: () => {}, error: () => {} })
    const sender = fluentLogger.createFluentSender('app', {
      host: 'localhost',
      port: service.port,
      timeout: 30_000,
      requireAckResponse,
      eventMode,
      flushInterval: 10,
      internalLogger: quiet,
      ...options,
    } as FluentLoggerOptions)
    const emitted = Array.from(
      { length: RECORDS },
      (_, seq) =>
        new Promise<void>((resolve, reject) => {
          sender.emit('log', numbered(seq), (error?: Error) => (error ? reject(error) : resolve()))
        }),
    )
    await Promise.all(emitted)
    if (!requireAckResponse) await until(() => service.numbers().length >= RECORDS)
    await new Promise<void>((resolve) =>
      (sender as unknown as { end(...given: unknown[]): void }).end(null, null, resolve),
    )
  }

  test.each(WAYS)('$name', async ({ source, security, acks }) => {
    const service = await startService(source, FILES)
    await sendAll(service, acks, security === undefined ? {} : { security })
    expectAll(service)
    expect(service.log()).not.toMatch(/"event":"(message-|client-|unready)/)
  })

  test.skipIf(!hasOpenssl)('over TLS, with a user [needs the openssl command]', async () => {
    const { source, ca } = tlsWith()
    const service = await startService(`${source}${USERS}`, FILES)
    const security = { ...KNOWN, username: 'app-1', password: PASSWORD }
    await sendAll(service, true, { security, tls: true, tlsOptions: { ca } })
    expectAll(service)
  })
})
