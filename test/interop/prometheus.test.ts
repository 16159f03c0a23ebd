import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { metrics } from '@opentelemetry/api'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../processor/engine.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { open } from '../../processor/open.ts'
import { prometheusText } from '../../processor/service/telemetry/prometheus-text.ts'
import { DASHBOARDS } from '../../scripts/dashboards/index.ts'
import { ROOT, RULES_FILE, readRules } from '../../scripts/deploy/rules.ts'
import { ENVIRONMENT } from '../processes.ts'
import { temporaryFolder } from '../processor/config/temporary-folder.ts'
import { Prometheus } from '../prometheus.ts'
import { describeWithPackage } from './package.ts'

const MAIN = join(ROOT, 'processor/cli/main.ts')
const KEYS = generateKeyPair('P-256', 'security-1')
const DAY = 86_400_000
const day = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10)

function config(backend: number, scan: string): string {
  return `recipients: {security: {jwk: security.pub.jwk, created: ${day(-30)}, expires: ${day(60)}}}
groups: {default: [security]}
rules: [rules.yaml]
leak_scan: {inline: ${scan}, independent: {sample: 1}}
service: {admin: {listen: "127.0.0.1:0"}, watch: false, drain: 1s}
sources: {in: {type: otlp_http, listen: "127.0.0.1:0"}}
sinks:
  archive: {type: file, path: archive.jsonl}
  backend: {type: otlp_http, endpoint: "http://127.0.0.1:${backend}/v1/logs", required: true, retry: {give_up: 1s}}
`
}

const RULES = `rules:
  - {id: mails, detect: [email], path: ["**"], seal: {to: [default], text: whole}}
  - {id: names, path: attributes.name, hash: {key: names}}
  - {id: later, path: attributes.later, mode: audit, expires: ${day(30)}, mask: {}}
`

function started(...argv: string[]): { child: ChildProcess; line(wanted: RegExp): Promise<string> } {
  const [folder, ...rest] = argv as [string, ...string[]]
  const child = spawn(process.execPath, [MAIN, ...rest], {
    cwd: folder,
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const lines: string[] = []
  let heard = () => {}
  createInterface(child.stderr!).on('line', (line) => {
    lines.push(line)
    heard()
  })
  return {
    child,
    async line(wanted) {
      for (;;) {
        const index = lines.findIndex((line) => wanted.test(line))
        if (index >= 0) return lines.splice(0, index + 1)[index]!
        if (child.exitCode !== null) throw new Error(`it has ended: ${lines.join('\n')}`)
        await Promise.race([new Promise<void>((resolve) => (heard = resolve)), ended])
      }
    },
  }
}

/** A backend whose answer to the next requests can be set. */
async function backend() {
  let answers: { status: number; body: string }[] = []
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { status, body } = answers.shift() ?? { status: 200, body: '{}' }
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    next: (...given: { status: number; body: string }[]) => {
      answers = given
    },
  }
}

async function post(address: string, attributes: Record<string, string>): Promise<number> {
  const list = Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }))
  const body = JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeLogs: [{ logRecords: [{ body: { stringValue: 'paid' }, attributes: list }] }],
      },
    ],
  })
  return send(address, body)
}

async function send(address: string, body: string): Promise<number> {
  const response = await fetch(`http://${address}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  await response.arrayBuffer()
  return response.status
}

/** Collected when the page is asked for. */
class OnDemand extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** A program that opens, and one of its keys that does not fit, with a meter of its own. */
async function opening(): Promise<string> {
  const reader = new OnDemand()
  const provider = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  const server = createServer(async (_request, response) => {
    const { resourceMetrics } = await reader.collect()
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(prometheusText(resourceMetrics, '1'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    metrics.disable()
    await provider.shutdown()
  })
  const engine = createEngine({
    recipients: { security: KEYS.publicJwk as Record<string, unknown> },
    rules: [{ id: 'mails', detect: ['email'], seal: { to: ['security'], text: 'whole' } }],
  })
  const { bytes } = engine.seal(Buffer.from('{"mail":"jane@example.com"}\n'), 'json-lines')
  engine.close()
  const impostor = generateKeyPair('P-256', 'security-1')
  const turns = setInterval(() => {
    open(bytes, 'json-lines', { keys: [KEYS.privateJwk] })
    open(bytes, 'json-lines', { keys: [impostor.privateJwk] })
  }, 500)
  onTestFinished(() => clearInterval(turns))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

describeWithPackage('Prometheus', 'prometheus', 'prometheus --version', () => {
  test('every panel and every recorded rule has data once everything has happened that can', async () => {
    const out = await backend()
    const folder = temporaryFolder({
      'security.pub.jwk': JSON.stringify(KEYS.publicJwk),
      'security.jwk': JSON.stringify(KEYS.privateJwk),
      'rules.yaml': RULES,
      'names.key': 'k'.repeat(64),
      'config.yaml': '',
    })
    const write = (scan: string) =>
      writeFileSync(join(folder, 'config.yaml'), `${config(out.port, scan)}hash_keys: {names: {file: names.key}}\n`)
    write('report')
    const service = started(folder, 'run', '-c', 'config.yaml')
    const { admin, 'sources.in': source } = JSON.parse(await service.line(/"event":"started"/)) as {
      admin: string
      'sources.in': string
    }
    const canary = started(
      ...[folder, 'canary', '-c', 'config.yaml', '-k', 'security.jwk', '--endpoint', `http://${source}`],
      ...['--expect-file', 'archive.jsonl', '--admin', admin, '--every', '2s', '--metrics-listen', '127.0.0.1:0'],
    )
    const page = new URL((await canary.line(/^metrics: /)).slice('metrics: '.length)).host
    const prometheus = await Prometheus.started({
      targets: [admin, page, await opening()],
      rules: [join(ROOT, RULES_FILE)],
    })
    onTestFinished(() => prometheus.stop())

    const round = async () => {
      await post(source, { mail: 'jane@example.com', name: 'Jane', later: 'x', card: '4111111111111111' })
      await send(source, 'no JSON')
      out.next({ status: 200, body: '{"partialSuccess":{"rejectedLogRecords":"1"}}' })
      await post(source, { mail: 'jane@example.com' })
      out.next({ status: 400, body: '' })
      await post(source, { mail: 'jane@example.com' })
    }
    const reload = async (event: RegExp) => {
      service.child.kill('SIGHUP')
      await service.line(event)
    }
    await round()
    await prometheus.until('fieldseal_canary_runs_total{fieldseal_canary_result="passed"} > 0')
    for (const scan of ['seal', 'refuse', 'report']) {
      write(scan)
      await reload(/"event":"reloaded"/)
      await round()
    }
    writeFileSync(join(folder, 'config.yaml'), 'recipients: 1\n')
    await reload(/"event":"reload-failed"/)
    write('report')
    await round()

    const missing = new Map<string, string>()
    for (const [file, { rows }] of Object.entries(DASHBOARDS))
      for (const { title, queries } of rows.flatMap(({ panels }) => panels))
        for (const { expr } of queries)
          missing.set(expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', '.*'), `${file}: ${title}: ${expr}`)
    for (const { record } of readRules()) if (record !== undefined) missing.set(record, record)
    const asked = missing.size
    // Rates need two looks, and recorded rules half a minute.
    for (let tries = 0; missing.size > 0 && tries < 90; tries += 1) {
      await round()
      for (const query of [...missing.keys()]) if ((await prometheus.query(query)).length > 0) missing.delete(query)
      if (missing.size > 0) await wait(1000)
    }
    expect(asked).toBeGreaterThan(70)
    expect([...missing.values()]).toEqual([])
    expect(await prometheus.scrapeError()).toBeUndefined()
    const firing = (await prometheus.alerts()).map(({ labels }) => labels.alertname)
    expect(firing).toContain('PlaintextLeak')
  })
})
