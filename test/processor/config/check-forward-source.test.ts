import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../processor/config/load.ts'
import { issuesOf, warningsOf } from './loading.ts'
import { temporaryFolder } from './temporary-folder.ts'

const FILES = {
  cert: 'PEM',
  key: 'PEM',
  ca: 'PEM',
  shared: 'sixteen-letters-\n',
  password: 'eight-ch',
  short: 'fifteen-letters\n',
  brief: 'seven-c',
  empty: '\n',
  two: 'sixteen-letters-\nb',
}

const source = (options: string): string => `sources:\n  in: {type: forward${options}}\n`
const MAKE_ONE = '(make one with: openssl rand -hex 32)'

/** Issues of the source without their places. */
const problems = (options: string): string[] =>
  issuesOf(source(options), FILES).map((issue) => issue.replace(/^\d+:\d+: /, ''))

describe('who is let in', () => {
  const open =
    'other machines can reach this address, and nothing says who is let in (set security or tls.client_ca, or listen on 127.0.0.1; insecure: true lets everyone in)'
  const both = 'insecure lets everyone in, and security or tls.client_ca do not (remove either)'
  test.each([
    ['', []],
    [', listen: 127.0.0.1:0', []],
    [', listen: "[::1]:24224"', []],
    [', listen: 0.0.0.0:24224', [open]],
    [', listen: 0.0.0.0:24224, tls: {cert: cert, key: key}', [open]],
    [', listen: 0.0.0.0:24224, insecure: true', []],
    [', listen: 0.0.0.0:24224, security: {shared_key: shared}', []],
    [', listen: 0.0.0.0:24224, tls: {cert: cert, key: key, client_ca: ca}', []],
    [', insecure: true, security: {shared_key: shared}', [both]],
    [', insecure: true, tls: {cert: cert, key: key, client_ca: ca}', [both]],
  ])('%s', (options, expected) => {
    expect(problems(options)).toEqual(expected)
  })

  test('a warning says that the shared key encrypts nothing', () => {
    const warned = (options: string) =>
      warningsOf(source(options), FILES).filter((warning) => warning.includes('encrypts nothing'))
    const security = ', listen: 0.0.0.0:24224, security: {shared_key: shared}'
    expect(warned(security)).toEqual([
      'source "in": the shared key encrypts nothing, records come in the clear; set tls',
    ])
    expect(warned(`${security}, tls: {cert: cert, key: key}`)).toEqual([])
    expect(warned(', security: {shared_key: shared}')).toEqual([])
  })
})

describe('half of an authentication is refused', () => {
  test.each([
    ['users without a shared key', ', security: {users: [{name: a, password: password}]}', 'shared_key'],
    ['nothing in security', ', security: {}', 'shared_key'],
    ['nothing at all in security', ', security:', 'expected a map (there is no value)'],
    ['a user without a password', ', security: {shared_key: shared, users: [{name: a}]}', 'password'],
    ['a user without a name', ', security: {shared_key: shared, users: [{password: password}]}', 'name'],
    [
      'a user with an empty name',
      ', security: {shared_key: shared, users: [{name: "", password: password}]}',
      'expected a text',
    ],
    [
      'a user who is there twice',
      ', security: {shared_key: shared, users: [{name: a, password: password}, {name: a, password: password}]}',
      'this user stands there twice',
    ],
    ['a key beside security', ', shared_key: shared', 'shared_key'],
    ['users beside security', ', users: []', 'users'],
    ['an empty key', ', security: {shared_key: empty}', `the file of the secret is empty ${MAKE_ONE}`],
    ['a short key', ', security: {shared_key: short}', `the secret has under 16 bytes ${MAKE_ONE}`],
    ['two lines', ', security: {shared_key: two}', 'the file holds more than one line (a file holds one secret)'],
    ['no file', ', security: {shared_key: none}', `the file of the secret cannot be read ${MAKE_ONE}`],
    [
      'a short password',
      ', security: {shared_key: shared, users: [{name: a, password: brief}]}',
      `the secret has under 8 bytes ${MAKE_ONE}`,
    ],
  ])('%s', (_, options, expected) => {
    const found = problems(options)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(expected)
  })

  test('and a whole one is not', () => {
    const users = 'users: [{name: a, password: password}, {name: b, password: password}]'
    expect(problems(`, security: {shared_key: shared, hostname: sealer, ${users}}`)).toEqual([])
  })
})

describe('room', () => {
  test.each([
    ['', []],
    [', max_message: 30MiB', []],
    [', max_message: 32MiB', ['max_message and max_inflated']],
    // What has no chunk is copied for each attempt.
    [', max_message: 48MiB, max_inflated: 1MiB', ['max_message and max_inflated']],
  ])('a message as large as allowed fits into a connection: %s', (options, expected) => {
    const found = problems(options)
    expect(found.length).toBe(expected.length)
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text)
  })

  test('a warning says what is taken in, then rejected', () => {
    const limits = 'limits: {batch: 32MiB}\n'
    expect(warningsOf(`${source('')}${limits}`, FILES)).toContain(
      'source "in": max_inflated is 64MiB, limits.batch 32MiB: what is between them is taken in, then rejected',
    )
  })
})

test('two sources do not share a port', () => {
  const other = '  other: {type: forward, listen: 0.0.0.0:24224, insecure: true}\n'
  expect(issuesOf(`${source('')}${other}`, FILES)).toEqual(['3:34: source "in" listens on this address and port'])
})

test('files are found beside the configuration, and are watched', () => {
  const security = 'security: {shared_key: shared, users: [{name: a, password: password}]}'
  const folder = temporaryFolder({ ...FILES, 'config.yaml': source(`, ${security}, tls: {cert: cert, key: key}`) })
  const { settings, files } = loadConfig(join(folder, 'config.yaml'), { env: {} })
  expect(settings.sources.in).toMatchObject({
    security: { shared_key: join(folder, 'shared'), users: [{ name: 'a', password: join(folder, 'password') }] },
  })
  for (const name of ['shared', 'password', 'cert', 'key']) expect(files).toContain(join(folder, name))
})
