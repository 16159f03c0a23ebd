import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../processor/config/load.ts'
import { issuesOf, warningsOf } from './loading.ts'
import { temporaryFolder } from './temporary-folder.ts'

const FILES = { cert: 'PEM', key: 'PEM', ca: 'PEM', shared: 'secret\n', password: 'pw', empty: '\n', two: 'a\nb' }

function sink(options: string): string {
  return `sinks:\n  out: {type: forward, ${options}}\n`
}

const TO = 'endpoints: ["backend:24224"]'
const AT = TO.length + 24

describe('endpoints', () => {
  const address = 'expected an address with a port, such as 127.0.0.1:4318 or [::1]:4318'
  test.each([
    ['["backend:24224", "10.0.0.1:24224", "[2001:db8::1]:24224"]', []],
    ['[]', ['2:35: needs at least one entry']],
    ['["backend"]', [`2:36: ${address}`]],
    ['["backend:0"]', ['2:36: a port is from 1 to 65535']],
    ['["backend:65536"]', ['2:36: a port is at most 65535']],
    ['["http://backend:24224"]', [`2:36: ${address}`]],
    ['["user@backend:24224"]', [`2:36: ${address}`]],
    ['["backend:24224", "Backend:24224"]', ['2:53: this endpoint stands there twice']],
    ['["backend:24224", "backend:24225"]', []],
  ])('%s', (endpoints, expected) => {
    expect(issuesOf(sink(`endpoints: ${endpoints}`))).toEqual(expected)
  })

  test('at least one stands there', () => {
    expect(issuesOf(sink('required: true'))).toHaveLength(1)
  })

  test('a source of the service is none', () => {
    const source = 'sources: {in: {type: forward, listen: 127.0.0.1:24224}}\n'
    const loop = '2:54: source "in" listens here: batches would come back without end (choose another port)'
    expect(issuesOf(`${sink('endpoints: ["backend:24224", "localhost:24224"]')}${source}`)).toEqual([
      loop.replace('54', '53'),
    ])
    expect(issuesOf(`${sink('endpoints: ["localhost:24225"]')}${source}`)).toEqual([])
  })
})

describe('security', () => {
  test.each([
    ['{shared_key: shared}', []],
    ['{shared_key: shared, user: app, password: password, hostname: sealer}', []],
    ['{shared_key: shared, user: app}', [`2:${AT + 33}: user needs password`]],
    ['{shared_key: shared, password: password}', [`2:${AT + 33}: password needs user`]],
    ['{shared_key: empty}', [`2:${AT + 25}: the file of the secret is empty (make one with: openssl rand -hex 32)`]],
    ['{shared_key: two}', [`2:${AT + 25}: the file holds more than one line (a file holds one secret)`]],
    [
      '{shared_key: none}',
      [`2:${AT + 25}: the file of the secret cannot be read (make one with: openssl rand -hex 32)`],
    ],
    [
      '{shared_key: shared, hostname: ""}',
      [`2:${AT + 43}: expected a text of 1 to 255 bytes, without control characters`],
    ],
    [
      `{shared_key: shared, hostname: ${'ü'.repeat(128)}}`,
      [`2:${AT + 43}: expected a text of 1 to 255 bytes, without control characters`],
    ],
  ])('%s', (security, expected) => {
    expect(issuesOf(sink(`${TO}, security: ${security}`), FILES)).toEqual(expected)
  })

  test('user and password are of no use without a shared key', () => {
    const found = issuesOf(sink(`${TO}, security: {user: app, password: password}`), FILES)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('shared_key')
  })

  test('a warning says that it encrypts nothing', () => {
    const security = 'security: {shared_key: shared}'
    const clear = 'sink "out": the shared key encrypts nothing, records go in the clear; set tls'
    const warnings = (options: string) =>
      warningsOf(sink(options), FILES).filter((warning) => !warning.includes('chmod 600'))
    expect(warnings(`${TO}, ${security}`)).toEqual([clear])
    expect(warnings(`${TO}, ${security}, tls: {}`)).toEqual([])
    expect(warnings(`endpoints: ["127.0.0.1:24224", "localhost:24225"], ${security}`)).toEqual([])
    expect(warnings(TO)).toEqual([])
  })

  test('a warning says that others can read a secret', () => {
    const options = `${TO}, tls: {}, security: {shared_key: shared, user: app, password: password}`
    const warned = warningsOf(sink(options), FILES)
    if (process.platform === 'win32') return
    expect(warned).toEqual([
      'sink "out": the file of security.shared_key can be read by others than its owner; run chmod 600 on it',
      'sink "out": the file of security.password can be read by others than its owner; run chmod 600 on it',
    ])
  })
})

describe('tls', () => {
  test.each([
    ['{}', []],
    ['{ca: ca, cert: cert, key: key, server_name: aggregator.example.com}', []],
    ['{cert: cert}', [`2:${AT + 8}: cert needs key`]],
    ['{key: key}', [`2:${AT + 8}: key needs cert`]],
    ['{ca: none}', [`2:${AT + 12}: the file cannot be read`]],
    ['{server_name: "a b"}', [`2:${AT + 21}: expected a host name`]],
  ])('%s', (tls, expected) => {
    expect(issuesOf(sink(`${TO}, tls: ${tls}`), FILES)).toEqual(expected)
  })
})

test('waits do not shrink', () => {
  expect(issuesOf(sink(`${TO}, retry: {first: 5s, longest: 5s}`))).toEqual([])
  expect(issuesOf(sink(`${TO}, retry: {first: 6s}`))).toEqual([`2:${AT + 17}: first is longer than longest`])
})

test('files are found beside the configuration, and are watched', () => {
  const folder = temporaryFolder({
    ...FILES,
    'config.yaml': sink(`${TO}, tls: {ca: ca}, security: {shared_key: shared, user: app, password: password}`),
  })
  const { settings, files } = loadConfig(join(folder, 'config.yaml'), { env: {} })
  const [ca, shared, password] = ['ca', 'shared', 'password'].map((name) => join(folder, name))
  expect(settings.sinks.out).toMatchObject({
    endpoints: [{ host: 'backend', port: 24224 }],
    tls: { ca },
    security: { shared_key: shared, password },
  })
  expect(files).toEqual(expect.arrayContaining([ca, shared, password]))
})
