import { expect, test } from 'vitest'
import { issuesOf, loadText } from './loading.ts'

const SOCKET = (length: number): string => `/${'s'.repeat(length - 1)}`

test.each([
  ['service: {admin: {listen: 127.0.0.1:0}}', []],
  ['service: {admin: {listen: "[::1]:8890"}}', []],
  ['service: {admin: {listen: localhost:8890}}', []],
  [
    'service: {admin: {listen: 0.0.0.0:8890}}',
    ['1:27: the admin listener is for this machine alone: expected a loopback address (such as 127.0.0.1:8890)'],
  ],
  [`service: {admin: {socket: ${SOCKET(107)}}}`, []],
  [`service: {admin: {socket: ${SOCKET(108)}}}`, ['1:27: with its folder, the path of a socket has at most 107 bytes']],
  ['service: {in_flight: {connection: 128MiB}}', []],
  ['service: {in_flight: {connection: 134217729}}', ['1:35: connection is larger than total, which includes it']],
])('%s', (config, expected) => {
  expect(issuesOf(`${config}\n`)).toEqual(expected)
})

test('the admin listener is one address or one socket', () => {
  expect(issuesOf('service: {admin: {}}\n')).not.toEqual([])
  expect(issuesOf('service: {admin: {listen: 127.0.0.1:1, socket: s}}\n')).not.toEqual([])
})

test.each([
  ['127.0.0.1:4318', '127.0.0.1:4318', true],
  ['127.0.0.1:4318', '127.0.0.1:4319', false],
  ['127.0.0.1:4318', '127.0.0.2:4318', false],
  ['127.0.0.1:4318', '"[::1]:4318"', false],
  ['127.0.0.1:0', '127.0.0.1:0', false],
  ['127.0.0.1:4318', 'localhost:4318', true],
  ['"[::1]:4318"', 'LOCALHOST:4318', true],
  ['127.0.0.2:4318', 'localhost:4318', false],
  ['127.0.0.1:4318', '0.0.0.0:4318', true],
  ['"[::]:4318"', '127.0.0.1:4318', true],
])('%s beside %s cannot be had: %s', (first, second, refused) => {
  const source = (listen: string): string => `{type: otlp_http, listen: ${listen}, insecure: true}`
  const found = issuesOf(`sources:\n  one: ${source(first)}\n  two: ${source(second)}\n`)
  expect(found).toEqual(refused ? ['3:34: source "one" listens on this address and port'] : [])
})

test('a source cannot have the address of the admin listener', () => {
  expect(issuesOf('sources:\n  otlp: {type: otlp_http, listen: 127.0.0.1:8890}\n')).toEqual([
    '2:35: service.admin listens on this address and port',
  ])
})

test('the defaults hold together', () => {
  const { settings, warnings } = loadText(
    'sources: {otlp: {type: otlp_http}}\nsinks: {file: {type: file, path: f}, http: {type: otlp_http, endpoint: "http://backend"}}\n',
  )
  const [source] = Object.values(settings.sources)
  const { connection, total } = settings.service.in_flight
  if (source?.type !== 'otlp_http') throw new Error('another kind of source')
  expect(source.max_wire).toBe(20 * 1024 ** 2)
  expect(source.max_inflated).toBe(64 * 1024 ** 2)
  expect(source.max_wire + source.max_inflated).toBeLessThanOrEqual(connection)
  expect(connection).toBeLessThan(total)
  expect(warnings).toEqual(['there are no rules: nothing is sealed'])
})
