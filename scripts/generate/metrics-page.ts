import { METER_NAME } from '../../processor/telemetry/instruments.ts'
import { ATTRIBUTES, METRICS, type MetricName } from '../../processor/telemetry/metrics.ts'
import { prometheusName } from '../../processor/telemetry/prometheus-name.ts'
import { page, table } from './markdown.ts'

const INTRODUCTION = `Fieldseal counts through the meter \`${METER_NAME}\` of the global meter provider of \`@opentelemetry/api\`. A program that sets one (\`metrics.setGlobalMeterProvider\`, before or after it makes an engine) gets these metrics by whatever exporter it has; without one they go nowhere, and cost next to nothing. The service brings an exporter: [running the service](../service.md#metrics-and-traces). Each batch is reported once, when it is done.

No attribute holds a value of a record or a key of one. But for \`fieldseal.path\` and \`service.name\`, which are masked and bounded in number, no attribute has more values than there are formats, error codes, rules, reasons, and names in the configuration.

In Prometheus a dot is \`_\`, and units and \`_total\` stand at the end, as after a Collector; attributes are labels by the same rule (\`fieldseal_rule_id\`, \`error_type\`). Histograms have \`_bucket\`, \`_sum\` and \`_count\` behind the name. On the service's own page each series has the label \`worker\`, the number of the process.`

/** docs/reference/metrics.md */
export function metricsPage(): string {
  const metrics = table(
    ['Metric', 'In Prometheus', 'Kind', 'Unit', 'Meaning', 'Attributes'],
    Object.entries(METRICS).map(([name, { kind, unit, description, attributes }]) => [
      code(name),
      code(prometheusName(name as MetricName)),
      kind,
      code(unit),
      description,
      attributes.map(code).join(', '),
    ]),
  )
  const attributes = table(
    ['Attribute', 'Meaning', 'Values'],
    Object.entries(ATTRIBUTES).map(([name, facts]) => [
      code(name),
      facts.description,
      'values' in facts ? facts.values.map(code).join(', ') : '',
    ]),
  )
  return page('# Metrics', INTRODUCTION, '## Metrics', metrics, '## Buckets', buckets(), '## Attributes', attributes)
}

/** Those of histograms that have the same stand together. */
function buckets(): string {
  const byBounds = new Map<string, string[]>()
  for (const [name, metric] of Object.entries(METRICS)) {
    if (!('buckets' in metric)) continue
    const bounds = metric.buckets.join(', ')
    byBounds.set(bounds, [...(byBounds.get(bounds) ?? []), code(name)])
  }
  return table(
    ['Histograms', 'Upper bounds'],
    [...byBounds].map(([bounds, names]) => [names.join(', '), bounds]),
  )
}

function code(text: string): string {
  return `\`${text}\``
}
