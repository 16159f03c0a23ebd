import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { METRICS, type MetricName } from '../../../../processor/telemetry/metrics.ts'
import { prometheusLabel, prometheusName } from '../../../../processor/telemetry/prometheus-name.ts'
import { HAS_PROMETHEUS, HAS_PROMTOOL, Prometheus, problemsOfMetrics } from '../../../prometheus.ts'
import { ServiceProcess } from '../service-process.ts'
import { OtlpReceiver } from './otlp-receiver.ts'

const RULES = `rules:
  - {id: mails, detect: [email], path: ["**"], seal: {to: [security], text: whole}}
  - {id: cards, detect: [payment_card], path: ["**"], mode: audit, expires: 2099-01-01, drop: {}}
`

/** Recorded where there is no service that seals: opening, scans of what is stored, canaries. Each has a test there. */
const ELSEWHERE = /^fieldseal\.(opening|leak|canary)\./

interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

function seriesOf(text: string): Series[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^([a-z_0-9]+)\{(.*)\} (\S+)$/.exec(line) ?? []
      return {
        name,
        labels: Object.fromEntries([...labels.matchAll(/([a-z_0-9]+)="([^"]*)"/g)].map(([, key, text]) => [key, text])),
        value: Number(value),
      }
    })
}

function find(series: readonly Series[], name: string, labels: Record<string, string> = {}): Series[] {
  return series.filter(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  )
}

async function everythingOn(): Promise<{ service: ServiceProcess; receiver: OtlpReceiver }> {
  const receiver = await OtlpReceiver.started()
  receiver.answer = '{"partialSuccess":{"rejectedLogRecords":"1"}}'
  const service = await ServiceProcess.started({
    rules: RULES,
    recipient: ', created: 2026-01-01, expires: 2099-01-01T00:00:00Z',
    telemetry: `{metrics: {otlp: {endpoint: "${receiver.address}/v1/metrics", interval: 1s, headers: {x-token: secret}}}, resource: {service.name: sealer}}`,
    service: 'watch: false',
    sinks: `{archive: {type: file, path: archive.jsonl}, backend: {type: otlp_http, endpoint: "${receiver.address}/v1/logs"}}`,
  })
  return { service, receiver }
}

/** What the service has to count: batches that pass and fail, reloads that succeed and fail. */
async function run(service: ServiceProcess): Promise<void> {
  expect(await service.post('jane@example.com paid with 4111 1111 1111 1111')).toBe(200)
  expect(await service.post('joe@example.com')).toBe(200)
  const { 'sources.in': address } = (await service.event('started')) as unknown as Record<string, string>
  const headers = { 'content-type': 'application/json', connection: 'close' }
  const wrong = await fetch(`http://${address}/v1/logs`, { method: 'POST', headers, body: '{"resourceLogs":[' })
  expect(wrong.status).toBe(400)
  service.child.kill('SIGHUP')
  await service.event('reloaded')
  writeFileSync(join(service.folder, 'rules.yaml'), 'rules: [')
  service.child.kill('SIGHUP')
  await service.event('reload-failed')
}

test('every metric of the table is recorded by a service with everything on, with labels of the table, and sent over OTLP', async () => {
  const { service, receiver } = await everythingOn()
  await run(service)
  const { body: text } = await service.admin('/metrics')
  const series = seriesOf(text)
  for (const name of Object.keys(METRICS) as MetricName[]) {
    if (ELSEWHERE.test(name)) continue
    const prometheus = prometheusName(name)
    const suffix = METRICS[name].kind === 'histogram' ? '_count' : ''
    const those = find(series, `${prometheus}${suffix}`)
    expect({ name, recorded: those.length > 0 }).toEqual({ name, recorded: true })
    const known = [...METRICS[name].attributes.map(prometheusLabel), 'worker']
    for (const { labels } of those) expect(known).toEqual(expect.arrayContaining(Object.keys(labels)))
    for (const { labels } of those) expect(labels.worker).toBe('1')
  }
  const value = (name: string, labels: Record<string, string> = {}) =>
    find(series, name, labels).map((one) => one.value)
  const accepted = { fieldseal_source: 'in', fieldseal_settlement: 'accepted' }
  expect(value('fieldseal_source_batches_total', accepted)).toEqual([2])
  expect(value('fieldseal_source_records_total', accepted)).toEqual([2])
  expect(value('fieldseal_source_batches_total', { error_type: 'FIELDSEAL_INPUT_MALFORMED' })).toEqual([1])
  expect(value('fieldseal_sink_batches_total', { fieldseal_sink: 'archive' })).toEqual([2])
  expect(value('fieldseal_sink_rejected_total', { fieldseal_sink: 'backend' })).toEqual([2])
  expect(value('fieldseal_configuration_reloads_total', { fieldseal_reload_result: 'failed' })).toEqual([1])
  expect(value('fieldseal_configuration_info')).toEqual([1])
  expect(value('fieldseal_ready')).toEqual([1])
  expect(value('fieldseal_in_flight_batches')).toEqual([0])
  expect(value('fieldseal_in_flight_limit_bytes')).toEqual([128 * 1024 * 1024])
  expect(value('fieldseal_recipient_usable', { fieldseal_recipient_kid: 'security-1' })).toEqual([1])
  expect(value('fieldseal_recipient_key_age_seconds')[0]).toBeGreaterThan(0)
  expect(value('fieldseal_recipient_key_remaining_seconds')[0]).toBeGreaterThan(0)
  expect(value('fieldseal_epoch_wraps_count')[0]).toBeGreaterThan(0)
  // What OTLP gets: the same, by the names of the table.
  await receiver.until(() => receiver.at('/v1/metrics').some(({ body }) => body.includes('fieldseal.reload.result')))
  const sent = receiver.at('/v1/metrics').at(-1)!
  expect(sent.headers).toMatchObject({ 'x-token': 'secret', 'content-type': 'application/json' })
  for (const name of Object.keys(METRICS)) if (!ELSEWHERE.test(name)) expect(sent.body).toContain(`"${name}"`)
  expect(sent.body).toContain('"sealer"')
  expect(sent.body).not.toContain('example.com')
})

test('after a reload there is one configuration', async () => {
  const service = await ServiceProcess.started({ service: 'watch: false' })
  const hashes = async () =>
    find(seriesOf((await service.admin('/metrics')).body), 'fieldseal_configuration_info').map(
      ({ labels }) => labels.fieldseal_configuration_hash,
    )
  const before = await hashes()
  writeFileSync(join(service.folder, 'rules.yaml'), RULES)
  service.child.kill('SIGHUP')
  await service.event('reloaded')
  const after = await hashes()
  expect(after).toHaveLength(1)
  expect(after).not.toEqual(before)
})

test.skipIf(!HAS_PROMTOOL)(
  'promtool finds nothing wrong with /metrics of several workers (Debian: prometheus)',
  async () => {
    const service = await ServiceProcess.started({
      service: 'workers: 2',
      recipient: ', created: 2026-01-01, expires: 2099-01-01',
    })
    for (let count = 0; count < 4; count += 1) expect(await service.post('jane@example.com')).toBe(200)
    const answer = await service.admin('/metrics')
    expect(answer.status).toBe(200)
    expect(problemsOfMetrics(answer.body)).toBe('')
    const series = seriesOf(answer.body)
    expect(find(series, 'fieldseal_ready').map(({ labels, value }) => [labels.worker, value])).toEqual([
      ['1', 1],
      ['2', 1],
    ])
    // Connections are handed out in turn.
    const batches = find(series, 'fieldseal_source_batches_total')
    expect(batches.map(({ labels, value }) => [labels.worker, value])).toEqual([
      ['1', 2],
      ['2', 2],
    ])
  },
)

test.skipIf(!HAS_PROMTOOL)('promtool does find what is wrong (Debian: prometheus)', () => {
  expect(problemsOfMetrics('# TYPE a counter\na 1\n')).toContain('_total')
})

test.skipIf(!HAS_PROMETHEUS)('a real Prometheus reads it (Debian: prometheus)', async () => {
  const service = await ServiceProcess.started()
  const { admin } = (await service.event('started')) as unknown as Record<string, string>
  expect(await service.post('jane@example.com')).toBe(200)
  const prometheus = await Prometheus.started({ targets: [admin!] })
  try {
    const [ready] = await prometheus.until('sum(fieldseal_ready)')
    expect(ready!.value).toBe(1)
    const [batches] = await prometheus.until('fieldseal_source_batches_total')
    expect(batches).toMatchObject({ value: 1, labels: { worker: '1', fieldseal_source: 'in', job: 'fieldseal' } })
    expect(await prometheus.scrapeError()).toBeUndefined()
  } finally {
    await prometheus.stop()
  }
})

test('/metrics can be switched off', async () => {
  const service = await ServiceProcess.started({ telemetry: '{metrics: {prometheus: false}}' })
  expect((await service.admin('/metrics')).status).toBe(404)
})
