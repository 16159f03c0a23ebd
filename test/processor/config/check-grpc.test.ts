import { describe, expect, test } from 'vitest'
import { issuesOf, warningsOf } from './loading.ts'

const FILES = { token: 'a-token-of-sixteen\n', ca: 'PEM', cert: 'PEM', key: 'PEM' }

function source(options: string): string {
  return `sources:\n  grpc: {type: otlp_grpc, ${options}}\n`
}

function sink(options: string): string {
  return `sinks:\n  out: {type: otlp_grpc, ${options}}\n`
}

describe('an otlp_grpc source', () => {
  const UNGUARDED =
    '2:35: other machines can reach this address, and nothing says who is let in (set tokens or tls.client_ca, or listen on 127.0.0.1; insecure: true lets everyone in)'

  test.each([
    ['insecure: false', []],
    ['listen: 127.0.0.1:4317', []],
    ['listen: 0.0.0.0:4317', [UNGUARDED]],
    ['listen: 0.0.0.0:4317, tls: {cert: cert, key: key}', [UNGUARDED]],
    ['listen: 0.0.0.0:4317, insecure: true', []],
    ['listen: 0.0.0.0:4317, tokens: [token]', []],
    ['listen: 0.0.0.0:4317, tls: {cert: cert, key: key, client_ca: ca}', []],
    [
      'insecure: true, tokens: [token]',
      ['2:37: insecure lets everyone in, and tokens or tls.client_ca do not (remove either)'],
    ],
  ])('is let listen: %s', (options, expected) => {
    expect(issuesOf(source(options), FILES)).toEqual(expected)
  })

  test('has a warning where tokens can be overheard', () => {
    const warnings = (options: string) => warningsOf(source(options), FILES).filter((text) => /clear/.test(text))
    expect(warnings('listen: 0.0.0.0:4317, tokens: [token]')).toHaveLength(1)
    expect(warnings('listen: 0.0.0.0:4317, tokens: [token], tls: {cert: cert, key: key}')).toEqual([])
  })

  test('promises no message that could never be accepted: it is in memory once', () => {
    expect(issuesOf(source('max_wire: 64MiB, max_inflated: 64MiB'))).toEqual([])
    expect(issuesOf(source('max_wire: 96MiB'))).toEqual([])
    expect(issuesOf(source('max_wire: 97MiB, max_inflated: 64MiB'))).toEqual([
      '2:58: max_wire or max_inflated is 97MiB, and service.in_flight.connection is 96MiB: such a request could never be accepted (raise service.in_flight.connection, or lower them)',
    ])
  })

  test('does not share its address with another', () => {
    const other = '  http: {type: otlp_http, listen: 127.0.0.1:4317}\n'
    expect(issuesOf(`${source('listen: 127.0.0.1:4317')}${other}`)).toEqual([
      '3:35: source "grpc" listens on this address and port',
    ])
  })
})

describe('an otlp_grpc sink', () => {
  const EXPECTED = 'expected an address with a port, such as https://backend.example.com:4317, and no path'

  test.each([
    ['endpoint: "backend:4317"', []],
    ['endpoint: http://backend:4317', []],
    ['endpoint: "[::1]:4317"', []],
    ['endpoint: https://backend', [`2:36: ${EXPECTED}`]],
    ['endpoint: http://backend:4317/v1/logs', [`2:36: ${EXPECTED}`]],
    ['endpoint: http://user:pass@backend:4317', [`2:36: ${EXPECTED}`]],
    ['endpoint: backend:70000', ['2:36: a port is at most 65535']],
    ['endpoint: 4317', [`2:36: ${EXPECTED}`]],
  ])('sends to %s', (options, expected) => {
    expect(issuesOf(sink(options))).toEqual(expected)
  })

  test.each([
    ['http://127.0.0.1:4317', true],
    ['localhost:4317', true],
    ['http://127.0.0.1:4318', false],
  ])('does not send to where the service listens: %s', (endpoint, refused) => {
    const found = issuesOf(`${sink(`endpoint: "${endpoint}"`)}sources: {grpc: {type: otlp_grpc}}\n`)
    const loop = '2:36: source "grpc" listens here: batches would come back without end (choose another port)'
    expect(found).toEqual(refused ? [loop] : [])
  })

  test.each([
    ['endpoint: https://backend:4317, tls: {ca: ca, cert: cert, key: key}', []],
    ['endpoint: "backend:4317", tls: {ca: ca}', []],
    ['endpoint: http://backend:4317, tls: {ca: ca}', ['2:57: tls needs an https endpoint, and this one is http']],
    ['endpoint: https://backend:4317, tls: {cert: cert}', ['2:64: cert needs key, the file of its private key']],
    ['endpoint: https://backend:4317, retry: {first: 10s}', ['2:73: first is longer than longest']],
  ])('%s', (options, expected) => {
    expect(issuesOf(sink(options), FILES)).toEqual(expected)
  })

  test.each([
    ['x-tenant: a', []],
    ['Content-Type: a', ['the sink sets this header itself']],
    ['x-a: a, X-A: b', ['this header is set twice; case does not count']],
    ['grpc-timeout: 1S', [expect.stringContaining('metadata')]],
    ['x-bin: a', [expect.stringContaining('metadata')]],
  ])('sends the metadata %s', (text, expected) => {
    const found = issuesOf(sink(`endpoint: https://backend:4317, headers: {${text}}`))
    expect(found.map((issue) => issue.replace(/^[\d:]+ /, ''))).toEqual(expected)
  })

  test('has a warning where a token goes over the network in the clear', () => {
    const warnings = (endpoint: string) => warningsOf(sink(`endpoint: "${endpoint}", headers: {authorization: a}`))
    expect(warnings('http://backend:4317')).toHaveLength(1)
    expect(warnings('backend:4317')).toEqual([])
    expect(warnings('http://127.0.0.1:4317')).toEqual([])
  })
})
