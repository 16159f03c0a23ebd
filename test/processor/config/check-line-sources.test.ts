import { describe, expect, test } from 'vitest'
import { issuesOf, warningsOf } from './loading.ts'

const files = (options: string, name = 'app') =>
  `  ${name}: {type: files, include: [app.log], positions: ${name}.json${options === '' ? '' : `, ${options}`}}\n`
const stdin = (options = '', name = 'in') => `  ${name}: {type: stdin${options === '' ? '' : `, ${options}`}}\n`

describe('files', () => {
  test('are read with nothing but their names and a position file', () => {
    expect(issuesOf(`sources:\n${files('')}`)).toEqual([])
    expect(issuesOf('sources:\n  app: {type: files, positions: p}\n')).toEqual(['2:8: the key "include" is missing'])
    expect(issuesOf('sources:\n  app: {type: files, include: [], positions: p}\n')).toHaveLength(1)
    expect(issuesOf('sources:\n  app: {type: files, include: [a]}\n')).toEqual(['2:8: the key "positions" is missing'])
  })

  test('have a position file of their own', () => {
    const other = files('').replace('app:', 'other:')
    expect(issuesOf(`sources:\n${files('')}${other}`)).toEqual(['3:55: source "app" has the same position file'])
  })

  test('do not read their own position file', () => {
    expect(issuesOf('sources:\n  app: {type: files, include: ["*"], positions: p.json}\n')).toEqual([
      '2:49: the source would read its own position file',
    ])
  })

  test('do not read what a sink writes', () => {
    const sinks = (path: string) => `sinks: {out: {type: file, path: ${path}}}\n`
    const loop = 'source "app" reads this file: lines would come back without end (choose another folder)'
    expect(issuesOf(`sources:\n${files('')}${sinks('app.log')}`)).toEqual([`3:33: ${loop}`])
    const pattern = '  app: {type: files, include: ["logs/*"], positions: p'
    expect(issuesOf(`sources:\n${pattern}}\n${sinks('logs/out.jsonl')}`)).toEqual([`3:33: ${loop}`])
    expect(issuesOf(`sources:\n${pattern}, exclude: ["logs/out*"]}\n${sinks('logs/out.jsonl')}`)).toEqual([])
    expect(issuesOf(`sources:\n${pattern}}\n${sinks('out.jsonl')}`)).toEqual([])
  })
})

describe('sizes', () => {
  test.each([files, stdin])('of a batch fit into what may be in flight', (source) => {
    const room = 'service: {in_flight: {connection: 4MiB}}\n'
    expect(issuesOf(`sources:\n${source('')}${room}`)).toEqual([])
    const [issue] = issuesOf(`sources:\n${source('batch: 2MiB')}${room}`)
    expect(issue).toContain(
      'a batch is in memory twice, and service.in_flight.connection is 4MiB: it could never be passed on',
    )
    expect(issuesOf(`sources:\n${source('max_line: 2MiB')}${room}`)).toHaveLength(1)
  })

  test('of a batch are within limits.batch, and those of a line should be within limits.record', () => {
    expect(issuesOf(`sources:\n${stdin('batch: 2MiB')}limits: {batch: 1MiB}\n`)).toEqual([
      '2:28: batch is larger than limits.batch (1MiB): it could never be passed on',
    ])
    expect(warningsOf(`sources:\n${stdin('max_line: 8MiB')}`)).toEqual([
      'source "in": max_line is 8MiB, limits.record 4MiB: lines between them are read, then left out',
    ])
    expect(warningsOf(`sources:\n${stdin()}`)).toEqual([])
  })
})

describe('standard input', () => {
  test('has one source', () => {
    expect(issuesOf(`sources:\n${stdin()}${stdin('', 'again')}`)).toEqual(['3:17: source "in" reads standard input'])
  })

  test.each(['2', 'auto'])('has one reader, and so there is one worker, and not %s', (workers) => {
    expect(issuesOf(`sources:\n${stdin()}service: {workers: ${workers}}\n`)).toEqual([
      '2:14: standard input has one reader, and there may be several workers (set service.workers to 1)',
    ])
  })
})

test('standard output has one sink, and any number of workers', () => {
  const sinks = 'sinks:\n  one: {type: stdout}\n'
  expect(issuesOf(`${sinks}service: {workers: 4}\n`)).toEqual([])
  expect(issuesOf(`${sinks}  two: {type: stdout, format: otlp_json}\n`)).toEqual([
    '3:15: sink "one" writes to standard output',
  ])
})
