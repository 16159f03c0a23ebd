import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../processor/config/load.ts'
import { serviceIssues } from '../../processor/config/service-issues.ts'
import { operatorsFolder } from '../peers/fieldseal.ts'
import { codeBlock, document } from './document.ts'

const PAGE = 'docs/collector.md'

/** Milliseconds. */
function seconds(text: string): number {
  return Number(/^(\d+)s$/.exec(text)![1]) * 1000
}

function collectorBlock(name: string) {
  return parse(codeBlock(PAGE, name)).exporters
}

function fieldsealBlock(name: string) {
  const { folder, remove } = operatorsFolder()
  const file = join(folder, 'config.yaml')
  // The files of /etc are somebody else's; test/interop runs the whole.
  const config = codeBlock(PAGE, name).replaceAll('/etc/fieldseal/', 'keys/')
  for (const [, path] of config.matchAll(/[ [](keys\/[\w.]+\.(?:pem|key|token))/g))
    writeFileSync(join(folder, path!), 'c0ffee'.repeat(6))
  writeFileSync(file, config)
  const loaded = loadConfig(file, { env: { GATEWAY_TOKEN: 'a-token-of-the-gateway' } })
  remove()
  return loaded
}

describe.each(['behind', 'front', 'between'])('%s', (place) => {
  const loaded = fieldsealBlock(`${place}: fieldseal`)
  const [sink] = Object.values(loaded.settings.sinks)

  test('the configuration of Fieldseal is valid', () => {
    expect(serviceIssues(loaded)).toEqual([])
  })

  test('whoever sends waits longer than Fieldseal may take', () => {
    if (sink?.type !== 'otlp_http') throw new Error('the sink has no time-outs')
    const takes = sink.retry.give_up + sink.timeout
    const sender = {
      behind: () => seconds(collectorBlock('behind: collector')['otlp_http/fieldseal'].timeout),
      // The default of OTEL_EXPORTER_OTLP_TIMEOUT.
      front: () => 10_000,
      between: () => seconds(collectorBlock('between: agent')['otlp_http/fieldseal'].timeout),
    }[place]!
    expect(sender()).toBeGreaterThan(takes)
  })
})

test.each(['front: collector', 'between: gateway'])(
  'Fieldseal waits longer than the Collector of "%s" may take',
  (name) => {
    const [sink] = Object.values(fieldsealBlock(name.replace(/: .*/, ': fieldseal')).settings.sinks)
    if (sink?.type !== 'otlp_http') throw new Error('the sink has no time-outs')
    const exporter = collectorBlock(name)['otlp_http/backend']
    expect(exporter.retry_on_failure).toEqual({ enabled: false })
    expect(sink.timeout).toBeGreaterThan(seconds(exporter.timeout))
  },
)

test('the page names the Collector that the tests run', () => {
  const [, version] = /go\.opentelemetry\.io\/collector\/otelcol (v\d+\.\d+)/.exec(
    document('test/peers/collector/go.mod'),
  )!
  expect(document(PAGE)).toContain(`Collector ${version}:`)
})
