import { once } from 'node:events'
import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { CANARY_FAULTS } from '../../../processor/canary/fault.ts'
import { FileArrivals } from '../../../processor/canary/file-arrivals.ts'
import { isInTheClear } from '../../../processor/canary/in-the-clear.ts'
import { MetricsListener } from '../../../processor/canary/metrics-listener.ts'
import { CanaryMetrics } from '../../../processor/canary/metrics-text.ts'
import { recordAt } from '../../../processor/canary/planted.ts'
import { countIn } from '../../../processor/canary/scan-page.ts'
import { HAS_PROMTOOL, problemsOfMetrics } from '../../prometheus.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'

const RESULT = {
  faults: [],
  sent: 1,
  arrived: 1,
  duplicates: 0,
  scan: 'fired',
  proved: ['secu"rity'],
  unused: [],
  seconds: 0.2,
} as const

test('a file is followed from its end, through half a line, and when it is put aside', async () => {
  const folder = temporaryFolder({ 'out.jsonl': 'before\n' })
  const file = join(folder, 'out.jsonl')
  const taken: string[] = []
  let heard = () => {}
  const arrivals = new FileArrivals(file)
  await arrivals.start((line) => {
    taken.push(line)
    heard()
  })
  onTestFinished(() => arrivals.close())
  const until = async (count: number) => {
    while (taken.length < count)
      await new Promise<void>((resolve) => {
        heard = resolve
      })
  }
  appendFileSync(file, 'one\ntw')
  await until(1)
  appendFileSync(file, 'o\nthree')
  await until(2)
  appendFileSync(file, '\n')
  renameSync(file, join(folder, 'aside.jsonl'))
  writeFileSync(file, 'four\n')
  await until(4)
  expect(taken).toEqual(['one', 'two', 'three', 'four'])
})

test('findings of the canary alone count, of all workers', () => {
  const line = (worker: number, detector: string, service: string, count: number) =>
    `fieldseal_leak_findings_total{fieldseal_leak_scan="inline",fieldseal_detector="${detector}",fieldseal_path="attributes[\\"a b\\"]",service_name="${service}",worker="${worker}"} ${count} 1700000000000`
  const page = [
    '# TYPE fieldseal_leak_findings_total counter',
    line(1, 'isin', 'fieldseal-canary', 2),
    line(2, 'isin', 'fieldseal-canary', 3),
    line(1, 'isin', 'other', 4),
    line(1, 'isin', 'shop', 100),
    line(1, 'email', 'fieldseal-canary', 100),
    '',
  ].join('\n')
  expect(countIn(page, 'isin')).toBe(9)
  expect(countIn('', 'isin')).toBe(0)
})

test.each([
  ['attributes.user.email', { attributes: { user: { email: 'v' } } }],
  ['attributes.**', { attributes: { canary: 'v' } }],
  ['attributes.items[*].id', { attributes: { items: [{ id: 'v' }] } }],
  ['resource["odd.key"]', { resource: { 'odd.key': 'v' } }],
  ['body', { body: 'v' }],
  ['body.order.*', { body: { order: { canary: 'v' } } }],
  ['**', { attributes: { canary: 'v' } }],
])('a value at %s', (path, record) => {
  expect(recordAt(path, 'v')).toEqual(record)
})

test('short values count as words, long ones wherever they stand', () => {
  const arrived = (text: string) => ({ id: '', texts: [text], jwes: [] })
  expect(isInTheClear('4711', arrived('pin 4711.'))).toBe(true)
  expect(isInTheClear('4711', arrived('a94711b'))).toBe(false)
  expect(isInTheClear('a+b?', arrived('say a+b? now'))).toBe(true)
  expect(isInTheClear('jane@example.com', arrived('xjane@example.comx'))).toBe(true)
  expect(isInTheClear('say "hello"', arrived('{"a":"say \\"hello\\""}'))).toBe(true)
})

test('a run counts once for each thing that is wrong, and a success only for whom it was proved', async () => {
  const metrics = new CanaryMetrics()
  metrics.add(RESULT, 1000)
  const fault = { code: 'wrong-key', canary: 'email', recipient: 'dpo' } as const
  metrics.add({ ...RESULT, faults: [fault, fault, { code: 'lost', canary: 'iban' }], proved: [], seconds: 700 }, 2000)
  const text = metrics.text()
  expect(text).toContain('fieldseal_canary_runs_total{fieldseal_canary_result="passed"} 1\n')
  expect(text).toContain(
    'fieldseal_canary_runs_total{fieldseal_canary_result="failed",fieldseal_canary_fault="wrong-key"} 1\n',
  )
  expect(text).toContain(
    'fieldseal_canary_runs_total{fieldseal_canary_result="failed",fieldseal_canary_fault="lost"} 1\n',
  )
  for (const code of CANARY_FAULTS) expect(text).toContain(`fieldseal_canary_fault="${code}"`)
  expect(text).toContain('fieldseal_canary_last_success_seconds{fieldseal_recipient="secu\\"rity"} 1000\n')
  expect(text).toContain('fieldseal_canary_duration_seconds_bucket{le="0.25"} 1\n')
  expect(text).toContain('fieldseal_canary_duration_seconds_bucket{le="+Inf"} 2\n')
  if (HAS_PROMTOOL) expect(problemsOfMetrics(text)).toBe('')

  const listener = new MetricsListener({ host: '127.0.0.1', port: 0 }, () => text)
  await listener.start()
  onTestFinished(() => listener.close())
  expect(await (await fetch(`http://${listener.address}/metrics`)).text()).toBe(text)
  expect((await fetch(`http://${listener.address}/other`)).status).toBe(404)
})

test('the page is for this machine alone', async () => {
  const listener = new MetricsListener({ host: '127.0.0.1', port: 0 }, () => 'a metric')
  await listener.start()
  onTestFinished(() => listener.close())
  // What a browser says whose page has its own name resolved to this machine.
  const request = get(`http://${listener.address}/metrics`, { headers: { host: 'page.example.com' } })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  expect([response.statusCode, await text(response)]).toEqual([403, 'forbidden\n'])
  await expect(new MetricsListener({ host: '0.0.0.0', port: 0 }, () => '').start()).rejects.toThrow('this machine')
})
