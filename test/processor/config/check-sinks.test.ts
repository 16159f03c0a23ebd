import { describe, expect, test } from 'vitest'
import { issuesOf, warningsOf } from './loading.ts'

const FILES = { cert: 'PEM', key: 'PEM', ca: 'PEM' }

function sink(options: string): string {
  return `sinks:\n  out: {type: otlp_http, ${options}}\n`
}

describe('endpoints', () => {
  const password =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what the operator writes.
    '2:36: a URL is shown in messages: user and password do not belong into it (use headers: {authorization: "Basic ${NAME}"})'
  test.each([
    ['endpoint: http://backend/v1/logs', []],
    ['endpoint: "https://[2001:db8::1]:4318/v1/logs?tenant=a"', []],
    ['endpoint: ftp://backend/v1/logs', ['2:36: expected an http or https URL']],
    ['endpoint: backend:4318', ['2:36: expected an http or https URL']],
    ['endpoint: 4318', ['2:36: expected an http or https URL']],
    ['endpoint: http://user:pass@backend/v1/logs', [password]],
    ['endpoint: http://user@backend/v1/logs', [password]],
    ['endpoint: http://:pass@backend/v1/logs', [password]],
  ])('%s', (options, expected) => {
    expect(issuesOf(sink(options))).toEqual(expected)
  })

  test.each([
    ['127.0.0.1:4318', 'http://127.0.0.1:4318/v1/logs', true],
    ['127.0.0.1:4318', 'http://localhost:4318/v1/logs', true],
    ['127.0.0.1:4318', 'http://127.0.0.1:4320/v1/logs', false],
    ['127.0.0.1:4318', 'http://backend:4318/v1/logs', false],
    ['"[::1]:4318"', 'http://[::1]:4318/v1/logs', true],
    ['0.0.0.0:80', 'http://127.0.0.1/v1/logs', true],
    ['0.0.0.0:443', 'https://localhost', true],
    ['0.0.0.0:4318', 'http://backend:4318/v1/logs', false],
    ['127.0.0.1:0', 'http://127.0.0.1:0', false],
  ])('what listens on %s is not what a sink may send to: %s', (listen, endpoint, refused) => {
    const sources = `sources: {otlp: {type: otlp_http, listen: ${listen}, insecure: true}}\n`
    const found = issuesOf(`${sink(`endpoint: "${endpoint}"`)}${sources}`)
    const loop = '2:36: source "otlp" listens here: batches would come back without end (choose another port)'
    expect(found).toEqual(refused ? [loop] : [])
  })
})

describe('certificates', () => {
  test.each([
    ['endpoint: https://backend, tls: {cert: cert, key: key, ca: ca}', []],
    ['endpoint: https://backend, tls: {ca: ca}', []],
    ['endpoint: http://backend, tls: {ca: ca}', ['2:52: tls needs an https endpoint, and this one is http']],
    ['endpoint: https://backend, tls: {cert: cert}', ['2:59: cert needs key, the file of its private key']],
    ['endpoint: https://backend, tls: {key: key}', ['2:59: key needs cert, the file of its certificate']],
  ])('%s', (options, expected) => {
    expect(issuesOf(sink(options), FILES)).toEqual(expected)
  })
})

describe('headers', () => {
  const header = (text: string) => issuesOf(sink(`endpoint: https://backend, headers: {${text}}`))
  test.each([
    ['x-tenant: a', []],
    ['authorization: "Bearer 1234"', []],
    ['Content-Type: text/plain', ['2:63: the sink sets this header itself']],
    ['transfer-encoding: chunked', ['2:63: the sink sets this header itself']],
    ['x-tenant: a, X-Tenant: b', ['2:76: this header is set twice; case does not count']],
    ['"x tenant": a', ['2:63: expected the name of a header']],
    ['x-tenant: "a\\nb: c"', ['2:73: expected one line of printable ASCII']],
    ['x-tenant: ü', ['2:73: expected one line of printable ASCII']],
    ['x-tenant: 3', ['2:73: expected one line of printable ASCII']],
  ])('%s', (text, expected) => {
    expect(header(text)).toEqual(expected)
  })

  test('a warning says where an authorization can be overheard', () => {
    const options = (endpoint: string) => sink(`endpoint: ${endpoint}, headers: {Authorization: Bearer 1234}`)
    expect(warningsOf(options('http://backend'))).toEqual([
      'sink "out": authorization goes over the network in the clear; use an https endpoint',
    ])
    expect(warningsOf(options('https://backend'))).toEqual([])
    expect(warningsOf(options('http://127.0.0.1:4320'))).toEqual([])
  })
})

test('waits do not shrink', () => {
  const retry = (text: string) => issuesOf(sink(`endpoint: http://backend, retry: {${text}}`))
  expect(retry('first: 5s, longest: 5s')).toEqual([])
  expect(retry('first: 6s')).toEqual(['2:67: first is longer than longest'])
})

test('a file has one writer, however its path is written', () => {
  const files = (one: string, two: string) =>
    issuesOf(`sinks:\n  one: {type: file, path: ${one}}\n  two: {type: file, path: ${two}}\n`)
  expect(files('a.jsonl', 'b.jsonl')).toEqual([])
  expect(files('a.jsonl', './b/../a.jsonl')).toEqual(['3:27: sink "one" writes the same file'])
})

test('at least one sink is required', () => {
  const file = (name: string, required: boolean) => `  ${name}: {type: file, path: ${name}, required: ${required}}\n`
  expect(issuesOf(`sinks:\n${file('a', true)}${file('b', false)}`)).toEqual([])
  expect(issuesOf(`sinks:\n${file('a', false)}${file('b', false)}`)).toEqual([
    '1:1: no sink is required: batches would be acknowledged that nobody has (leave required: true for at least one)',
  ])
})
