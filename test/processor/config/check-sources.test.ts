import { describe, expect, test } from 'vitest'
import { issuesOf, warningsOf } from './loading.ts'

const FILES = { token: 'a-token-of-sixteen\n', ca: 'PEM', cert: 'PEM', key: 'PEM' }
const MTLS = 'tls: {cert: cert, key: key, client_ca: ca}'
const UNGUARDED =
  '2:35: other machines can reach this address, and nothing says who is let in (set tokens or tls.client_ca, or listen on 127.0.0.1; insecure: true lets everyone in)'

function source(options: string): string {
  return `sources:\n  otlp: {type: otlp_http, ${options}}\n`
}

describe('who may send records', () => {
  test.each([
    ['listen: 127.0.0.1:4318', []],
    ['listen: 127.9.9.9:4318', []],
    ['listen: "[::1]:4318"', []],
    ['listen: localhost:4318', []],
    ['listen: 0.0.0.0:4318', [UNGUARDED]],
    ['listen: "[::]:4318"', [UNGUARDED]],
    ['listen: 10.0.0.1:4318', [UNGUARDED]],
    ['listen: 127.0.0.1.example.org:4318', [UNGUARDED]],
    ['listen: 0.0.0.0:0', [UNGUARDED]],
    ['listen: 0.0.0.0:4318, tls: {cert: cert, key: key}', [UNGUARDED]],
    ['listen: 0.0.0.0:4318, insecure: true', []],
    ['listen: 0.0.0.0:4318, tokens: [token]', []],
    [`listen: 0.0.0.0:4318, ${MTLS}`, []],
    ['insecure: true', []],
    [
      'insecure: true, tokens: [token]',
      ['2:37: insecure lets everyone in, and tokens or tls.client_ca do not (remove either)'],
    ],
    [
      `listen: 0.0.0.0:4318, insecure: true, ${MTLS}`,
      ['2:59: insecure lets everyone in, and tokens or tls.client_ca do not (remove either)'],
    ],
  ])('%s', (options, expected) => {
    expect(issuesOf(source(options), FILES)).toEqual(expected)
  })

  test('a warning says where tokens can be overheard', () => {
    const overheard = 'source "otlp": tokens come over the network in the clear; set tls'
    const warnings = (options: string) => warningsOf(source(options), FILES).filter((text) => /clear/.test(text))
    expect(warnings('listen: 0.0.0.0:4318, tokens: [token]')).toEqual([overheard])
    expect(warnings('listen: 0.0.0.0:4318, tokens: [token], tls: {cert: cert, key: key}')).toEqual([])
    expect(warnings('listen: 127.0.0.1:4318, tokens: [token]')).toEqual([])
  })
})

test('a request that could never be accepted is not promised', () => {
  expect(issuesOf(source('max_wire: 32MiB, max_inflated: 64MiB'))).toEqual([])
  expect(issuesOf(source('max_wire: 33554433, max_inflated: 64MiB'))).toEqual([
    '2:61: max_wire and max_inflated are 100663297B together, and service.in_flight.connection is 96MiB: such a request could never be accepted (raise service.in_flight.connection, or lower them)',
  ])
  expect(issuesOf(`${source('max_inflated: 128MiB')}limits: {batch: 128MiB}\n`)).toHaveLength(1)
  const room = 'service: {in_flight: {connection: 1GiB, total: 2GiB}}\nlimits: {batch: 128MiB}\n'
  expect(issuesOf(`${source('max_inflated: 128MiB')}${room}`)).toEqual([])
})

test('a warning says where requests are taken in that the engine refuses', () => {
  expect(warningsOf(source('max_inflated: 64MiB'))).toEqual([])
  expect(warningsOf(`${source('max_inflated: 64MiB')}limits: {batch: 16MiB}\n`)).toEqual([
    'source "otlp": max_inflated is 64MiB, limits.batch 16MiB: what is between them is taken in, then refused',
  ])
})

test('headers have no more time than the request that they belong to', () => {
  expect(issuesOf(source('headers_timeout: 30s, request_timeout: 30s'))).toEqual([])
  expect(issuesOf(source('headers_timeout: 31s, request_timeout: 30s'))).toEqual([
    '2:44: headers_timeout is longer than request_timeout, which includes it',
  ])
})
