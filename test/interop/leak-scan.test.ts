import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { decodeMultiStream, encode } from '@msgpack/msgpack'
import { type Attributes, SeverityNumber } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { generalDecrypt, importJWK, type JWK } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { operatorsFolder, PRIVATE_KEYS, RECIPIENTS, type RunningFieldseal, runFieldseal } from '../peers/fieldseal.ts'
import { ENVIRONMENT } from '../processes.ts'
import { Prometheus } from '../prometheus.ts'
import { findingsIn, PLANTED } from './leak-oracle.ts'
import { describeWithPackage } from './package.ts'

const MAIL = 'jane.doe@example.com'
const CARD = '4111 1111 1111 1111'
const RULES = 'rules: [{id: sealed, path: attributes.sealed, seal: {to: [default]}}]\n'
const SCANS = ['independent', 'inline']

interface Running extends RunningFieldseal {
  readonly prometheus: Prometheus
  /** The records that have left, one a line. */
  written(): Record<string, unknown>[]
}

/** The service with this scan, and a Prometheus that scrapes it. */
async function running(scan: string): Promise<Running> {
  const { folder, remove } = operatorsFolder()
  onTestFinished(remove)
  writeFileSync(join(folder, 'rules.yaml'), RULES)
  const fieldseal = await runFieldseal(
    folder,
    `${RECIPIENTS.replace('rules/packs/default.yaml', 'rules.yaml')}leak_scan: ${scan}
service: {admin: {listen: '127.0.0.1:0'}}
sources:
  otlp: {type: otlp_http, listen: '127.0.0.1:0'}
  agents: {type: forward, listen: '127.0.0.1:0'}
sinks: {archive: {type: file, path: sealed.jsonl, format: json_lines}}
`,
    ENVIRONMENT,
  )
  onTestFinished(async () => {
    await fieldseal.program.stop()
  })
  const prometheus = await Prometheus.started({ targets: [fieldseal.admin] })
  onTestFinished(() => prometheus.stop())
  const written = () => readFileSync(join(folder, 'sealed.jsonl'), 'utf8').trimEnd().split('\n').map(asRecord)
  return { ...fieldseal, prometheus, written }
}

const asRecord = (line: string): Record<string, unknown> => JSON.parse(line)

interface Logged {
  readonly body: string
  readonly attributes?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

const endpoint = (service: RunningFieldseal) => `http://${service.source('otlp')}/v1/logs`

/** Records of one service, as OpenTelemetry's own exporter writes them: protobuf. */
async function exported(to: RunningFieldseal, name: string, records: readonly Logged[]): Promise<void> {
  const processor = new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: endpoint(to) }) })
  const resource = resourceFromAttributes({ 'service.name': name })
  const provider = new LoggerProvider({ resource, processors: [processor] })
  const logger = provider.getLogger('checkout', '1.2.3')
  for (const { body, attributes = {} } of records)
    logger.emit({ severityNumber: SeverityNumber.INFO, body, attributes: attributes as Attributes })
  await provider.forceFlush()
  await provider.shutdown()
}

function anyValue(value: string | Readonly<Record<string, string>>): object {
  return typeof value === 'string' ? { stringValue: value } : { kvlistValue: { values: keyValues(value) } }
}

function keyValues(of: Required<Logged>['attributes']): object[] {
  return Object.entries(of).map(([key, value]) => ({ key, value: anyValue(value) }))
}

/** Records of one service as JSON, and what the client is told. */
async function posted(to: RunningFieldseal, name: string, records: readonly Logged[]): Promise<unknown> {
  const logRecords = records.map(({ body, attributes = {} }) => ({
    body: anyValue(body),
    attributes: keyValues(attributes),
  }))
  const resource = { attributes: keyValues({ 'service.name': name }) }
  const response = await fetch(endpoint(to), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }),
  })
  expect(response.status).toBe(200)
  return response.json()
}

/** Sends events of Fluent Forward in one chunk. @returns what the server answers. */
async function forwarded(to: RunningFieldseal, records: readonly object[]): Promise<unknown> {
  const [host, port] = to.source('agents').split(':')
  const socket = connect({ host: host!, port: Number(port) })
  await once(socket, 'connect')
  const events = records.map((record) => [1_790_000_000, record])
  socket.write(encode(['app.log', events, { chunk: 'Y2h1bms=' }]))
  for await (const answer of decodeMultiStream(socket as AsyncIterable<Buffer>)) {
    socket.destroy()
    return answer
  }
  return undefined
}

/** Waits until Prometheus has seen that every scan has looked at so many records. */
async function scanned({ prometheus }: Running, records: number, scans = SCANS): Promise<void> {
  const isThere = (value: number) => value === records
  for (const scan of scans)
    await prometheus.until(`sum(fieldseal_leak_scanned_total{fieldseal_leak_scan="${scan}"})`, ([sum]) =>
      isThere(sum!.value),
    )
}

/** What OTLP calls a body; Forward has no name for it, and our events call it `message`. */
const bodies = (service: Running) => service.written().map(({ body, message }) => body ?? message)

/** Series as lines, in order: their labels, and what they say. */
async function counted({ prometheus }: Running, metric: string, ...labels: string[]): Promise<string[]> {
  const samples = await prometheus.query(`sum by (${labels.join(', ')}) (${metric})`)
  return samples.map((sample) => [...labels.map((label) => sample.labels[label]), sample.value].join(' ')).sort()
}

const findings = (service: Running) =>
  counted(
    service,
    'fieldseal_leak_findings_total',
    'fieldseal_leak_scan',
    'fieldseal_detector',
    'fieldseal_path',
    'service_name',
  )

const leakingRecords = (service: Running) =>
  counted(service, 'fieldseal_leak_records_total', 'fieldseal_leak_scan', 'service_name')

describeWithPackage('the leak scan of a running service, by Prometheus', 'prometheus', 'prometheus --version', () => {
  test('each leak of every detector that is on is counted once by either scan, with detector, path and service', async () => {
    const service = await running('{inline: report, independent: {sample: 1}}')
    const clean: Logged[] = [
      { body: 'request completed', attributes: { status: '200', user: { plan: 'basic' } } },
      { body: 'paid', attributes: { sealed: `${MAIL} with ${CARD}` } },
      { body: 'signed in', attributes: { sealed: { password: 'correct horse', card: CARD } } },
    ]
    await exported(service, 'shop', clean)
    await posted(service, 'bank', clean)
    await scanned(service, 2 * clean.length)
    expect(await findings(service)).toEqual([])
    expect(await leakingRecords(service)).toEqual([])

    const planted = PLANTED.map(({ key, text }) => ({ body: 'seen', attributes: { planted: { [key]: text } } }))
    await exported(service, 'shop', planted)
    await posted(service, 'bank', planted)
    await scanned(service, 2 * (clean.length + planted.length))
    const expected = PLANTED.flatMap(({ key, text }) =>
      [...findingsIn(text, key)].flatMap(([detector, count]) =>
        SCANS.flatMap((scan) =>
          ['shop', 'bank'].map((name) => `${scan} ${detector} attributes.planted.${key} ${name} ${count}`),
        ),
      ),
    )
    // Each detector finds at least its own, at a place that it does not share.
    expect(PLANTED.filter(({ detector, key, text }) => !findingsIn(text, key).has(detector))).toEqual([])
    expect(new Set(PLANTED.map(({ key }) => key)).size).toBe(PLANTED.length)
    expect(PLANTED.length).toBeGreaterThan(200)
    expect(await findings(service)).toEqual(expected.sort())
    expect(await leakingRecords(service)).toEqual(
      SCANS.flatMap((scan) => ['bank', 'shop'].map((name) => `${scan} ${name} ${planted.length}`)),
    )
    expect(service.written()).toHaveLength(2 * (clean.length + planted.length))
    expect(JSON.stringify(service.written())).not.toContain('correct horse')
  })

  test('of paths and services beyond the bound only the numbers are told, as "other"', async () => {
    const service = await running('{inline: report, independent: {sample: 1}}')
    const names = Array.from({ length: 120 }, (_, index) => `service-${index}`)
    for (const name of names) await posted(service, name, [{ body: MAIL }])
    const many = Object.fromEntries(Array.from({ length: 1200 }, (_, index) => [`at${index}`, MAIL]))
    await posted(service, names[0]!, [{ body: 'seen', attributes: { planted: many } }])
    await scanned(service, names.length + 1)
    // A hundred services and the others have one place each; what is left of a thousand is for paths.
    const left = 1000 - 101
    const series = await findings(service)
    for (const scan of SCANS) {
      const own = series.filter((line) => line.startsWith(`${scan} email `))
      expect(own).toContain(`${scan} email body service-0 1`)
      expect(own).toContain(`${scan} email body other 20`)
      expect(own).toContain(`${scan} email attributes.planted.at${left - 1} service-0 1`)
      expect(own).toContain(`${scan} email other other ${1200 - left}`)
      expect(own).toHaveLength(1001)
    }
    expect(series).toHaveLength(2 * 1001)
    expect(await leakingRecords(service)).toContain('inline other 20')
  })

  test('what is refused is told to clients of OTLP, acknowledged to those of Forward, and counted; the others pass', async () => {
    const service = await running('{inline: refuse, independent: {sample: 1}}')
    const told = await posted(service, 'shop', [
      { body: 'first' },
      { body: `paid with ${CARD}` },
      { body: 'second', attributes: { sealed: MAIL } },
      { body: 'seen', attributes: { user: { email: MAIL } } },
    ])
    expect(told).toMatchObject({ partialSuccess: { rejectedLogRecords: '2' } })
    expect(JSON.stringify(told)).not.toMatch(/jane|4111/)
    expect(await posted(service, 'shop', [{ body: MAIL }])).toMatchObject({
      partialSuccess: { rejectedLogRecords: '1' },
    })
    expect(await posted(service, 'shop', [{ body: 'third' }])).toEqual({})
    await exported(service, 'shop', [{ body: 'fourth' }, { body: MAIL }])
    const events = [{ message: 'fifth' }, { message: `card ${CARD}` }, { message: 'sixth' }]
    expect(await forwarded(service, events)).toEqual({ ack: 'Y2h1bms=' })

    await scanned(service, 11, ['inline'])
    await scanned(service, 6, ['independent'])
    expect(await counted(service, 'fieldseal_leak_refused_total')).toEqual(['5'])
    expect(await findings(service)).toEqual([
      'inline email attributes.user.email shop 1',
      'inline email body shop 2',
      'inline payment_card body shop 1',
      'inline payment_card body unknown 1',
    ])
    expect(bodies(service)).toEqual(['first', 'second', 'third', 'fourth', 'fifth', 'sixth'])
  })

  test('what is sealed because of the scan is opened by jose with the keys of "default"', async () => {
    const service = await running('{inline: seal, independent: {sample: 1}}')
    await posted(service, 'shop', [
      { body: `${MAIL} paid with ${CARD}`, attributes: { password: 'correct horse', user: { email: MAIL } } },
    ])
    await scanned(service, 1)
    expect(JSON.stringify(service.written())).not.toMatch(/jane|4111|horse/)
    const keys = await Promise.all(PRIVATE_KEYS.map((key) => importJWK(key as JWK)))
    const jwes = jwesIn(service.written())
    for (const key of keys) {
      const opened = await Promise.all(jwes.map((jwe) => generalDecrypt(JSON.parse(jwe), key)))
      const texts = opened.flatMap(({ plaintext }) => textsIn(Buffer.from(plaintext).toString()))
      expect(texts.sort()).toEqual([CARD, 'correct horse', MAIL, MAIL])
    }
    expect(await counted(service, 'fieldseal_leak_sealed_total', 'fieldseal_detector')).toEqual([
      'email 2',
      'password 1',
      'payment_card 1',
    ])
    // It had to be found by the one to be sealed; nothing was left for the other.
    expect((await findings(service)).map((line) => line.split(' ')[0])).toEqual([
      'inline',
      'inline',
      'inline',
      'inline',
    ])
  })

  test('nothing is scanned, and there is no series of it, where both scans are off', async () => {
    const service = await running('{inline: off, independent: {sample: 0}}')
    expect(await posted(service, 'shop', [{ body: MAIL, attributes: { sealed: MAIL } }])).toEqual({})
    await service.prometheus.until('fieldseal_source_records_total', ([series]) => series!.value === 1)
    expect(await service.prometheus.query('{__name__=~"fieldseal_leak.*"}')).toEqual([])
    expect(await (await fetch(`http://${service.admin}/metrics`)).text()).not.toContain('leak')
    expect(bodies(service)).toEqual([MAIL])
  })
})

/** Texts that are a JWE in JSON, wherever they stand. */
function jwesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('{"protected":') ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(jwesIn) : []
}

/** What was sealed: a value, or parts of texts, each with its path. */
function textsIn(plaintext: string): string[] {
  if (!plaintext.startsWith('{')) return [plaintext]
  return Object.values(JSON.parse(plaintext) as Record<string, { text: string }>).map(({ text }) => text)
}
