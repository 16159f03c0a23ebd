import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../processor/config/load.ts'
import { issuesOf } from './loading.ts'
import { temporaryFolder } from './temporary-folder.ts'

const TOKENS = 'sources:\n  otlp: {type: otlp_http, tokens: [token]}\n'
const MAKE_ONE = '(make one with: openssl rand -hex 32)'
const CHARACTERS =
  '2:36: the token file holds more than one line of printable ASCII without spaces (a file holds one token)'

describe('token files', () => {
  test.each([
    ['sixteen-letters-', []],
    ['sixteen-letters-\n', []],
    ['sixteen-letters-\r\n', []],
    ['AZaz09-._~+/==================', []],
    ['!sixteen-letters-"', []],
    ['fifteen-letters\n', [`2:36: the token has under 16 characters ${MAKE_ONE}`]],
    ['', [`2:36: the token has under 16 characters ${MAKE_ONE}`]],
    ['sixteen-letters-\n\n', [CHARACTERS]],
    ['sixteen-letters-\nanother-token-here\n', [CHARACTERS]],
    [' sixteen-letters-', [CHARACTERS]],
    ['sixteen-letters-ü', [CHARACTERS]],
    ['sixteen\tletters-', [CHARACTERS]],
    ['x'.repeat(4099), [`2:36: the token file is over 4 KiB ${MAKE_ONE}`]],
  ])('%j', (token, expected) => {
    expect(issuesOf(TOKENS, { token })).toEqual(expected)
  })

  test('that are not there, or are no files, are an issue', () => {
    expect(issuesOf(TOKENS)).toEqual([`2:36: the token file cannot be read ${MAKE_ONE}`])
    expect(issuesOf(TOKENS, { 'token/x': '' })).toEqual([`2:36: the token file cannot be read ${MAKE_ONE}`])
  })
})

test.each([
  ['sources', 'type: otlp_http, tls: {cert: none, key: key}'],
  ['sources', 'type: otlp_http, tls: {key: none, cert: key}'],
  ['sources', 'type: otlp_http, tls: {client_ca: none, cert: key, key: key}'],
  ['sinks', 'type: otlp_http, endpoint: https://backend, tls: {ca: none}'],
  ['sinks', 'type: otlp_http, endpoint: https://backend, tls: {cert: none, key: key}'],
  ['sinks', 'type: otlp_http, endpoint: https://backend, tls: {key: none, cert: key}'],
])('%s: {%s} names a file that is not there', (section, options) => {
  const line = `  it: {${options}}`
  expect(issuesOf(`${section}:\n${line}\n`, { key: 'PEM' })).toEqual([
    `2:${line.indexOf('none') + 1}: the file cannot be read`,
  ])
})

test('a warning says which secrets others can read', () => {
  const folder = temporaryFolder({
    'config.yaml':
      'sources: {in: {type: otlp_http, tokens: [token], tls: {cert: cert, key: key}}}\nsinks: {out: {type: otlp_http, endpoint: "https://backend", tls: {cert: cert, key: key}}}\n',
    token: 'sixteen-letters-',
    cert: 'PEM',
    key: 'PEM',
  })
  const warnings = (token: number, key: number) => {
    chmodSync(join(folder, 'token'), token)
    chmodSync(join(folder, 'key'), key)
    return loadConfig(join(folder, 'config.yaml'), { env: {} }).warnings.slice(0, -1)
  }
  const ofToken = 'source "in": the file of tokens[0] can be read by others than its owner; run chmod 600 on it'
  expect(warnings(0o600, 0o600)).toEqual([])
  expect(warnings(0o600, 0o640)).toEqual([])
  expect(warnings(0o640, 0o600)).toEqual([ofToken])
  expect(warnings(0o604, 0o604)).toEqual([
    'source "in": the file of tls.key can be read by others than its owner; run chmod 600 on it',
    ofToken,
    'sink "out": the file of tls.key can be read by others than its owner; run chmod 600 on it',
  ])
})
