import { once } from 'node:events'
import { appendFileSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../sources/suite.ts'
import { folderWith, line, many, masked, run } from './run-process.ts'

test('files are followed through a rotation and a kill', async () => {
  const folder = folderWith(
    'sources: {app: {type: files, include: ["logs/app.log"], positions: positions.json, poll: 20ms}}\nsinks: {out: {type: file, path: out.jsonl, format: json_lines}}\n',
  )
  mkdirSync(join(folder, 'logs'))
  const path = join(folder, 'logs/app.log')
  const out = () => {
    try {
      return readFileSync(join(folder, 'out.jsonl'), 'utf8')
    } catch {
      return ''
    }
  }
  appendFileSync(path, line(1))
  const first = run(folder, 'ignore')
  await until(() => out().includes(masked(1)))
  first.kill('SIGKILL')
  await once(first, 'close')
  appendFileSync(path, line(2))
  renameSync(path, `${path}.1`)
  appendFileSync(path, line(3))
  const second = run(folder, 'ignore')
  await until(() => out().includes(masked(2)) && out().includes(masked(3)))
  second.kill('SIGTERM')
  expect(await once(second, 'close')).toEqual([0, null])
  expect(out()).not.toContain('example.com')
})

test('several workers write whole lines to one standard output, and one of them reads the files', async () => {
  const folder = folderWith(
    [
      'service: {workers: 2, admin: {listen: "127.0.0.1:0"}}',
      'sources:',
      '  http: {type: otlp_http, listen: "127.0.0.1:0"}',
      '  app: {type: files, include: ["app.log"], positions: positions.json, poll: 20ms}',
      'sinks: {out: {type: stdout}}',
      '',
    ].join('\n'),
  )
  appendFileSync(join(folder, 'app.log'), many(line, 200))
  const child = run(folder, 'ignore')
  let log = ''
  let out = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    log += chunk
  })
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk
  })
  await until(() => log.includes('"event":"started"'))
  const started = log.split('\n').find((text) => text.includes('"event":"started"'))
  const address = JSON.parse(started!)['sources.http']
  // Far beyond PIPE_BUF each, so that two that wrote at once would be mixed.
  const filling = 'y'.repeat(100_000)
  const post = async (number: number) => {
    const body = { stringValue: `${number} ${filling}` }
    const response = await fetch(`http://${address}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body }] }] }] }),
    })
    return response.status
  }
  const statuses = await Promise.all(Array.from({ length: 60 }, (_, number) => post(number)))
  expect(new Set(statuses)).toEqual(new Set([200]))
  await until(() => out.includes(masked(199)))
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([0, null])
  const records = out
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
  expect(records).toHaveLength(260)
  expect(log.split('positions-missing')).toHaveLength(2)
})
