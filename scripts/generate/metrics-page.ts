import { METER_NAME } from '../../processor/telemetry/instruments.ts'
import { ATTRIBUTES, METRICS } from '../../processor/telemetry/metrics.ts'
import { page, table } from './markdown.ts'

const INTRODUCTION = `Fieldseal counts through the meter \`${METER_NAME}\` of the global meter provider of \`@opentelemetry/api\`. A program that sets one (\`metrics.setGlobalMeterProvider\`, before or after it makes an engine) gets these metrics by whatever exporter it has; without one they go nowhere, and cost next to nothing. Each batch is reported once, when it is done.

No attribute holds anything of a record, neither a value nor a key nor a path, and no attribute has more values than there are formats, error codes, rules or reasons.`

/** docs/reference/metrics.md */
export function metricsPage(): string {
  const metrics = table(
    ['Metric', 'Kind', 'Unit', 'Meaning', 'Attributes'],
    Object.entries(METRICS).map(([name, { kind, unit, description, attributes }]) => [
      code(name),
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
  const buckets = Object.entries(METRICS).flatMap(([name, metric]) =>
    'buckets' in metric ? [`Buckets of ${code(name)} end at ${metric.buckets.join(', ')} ${metric.unit}.`] : [],
  )
  return page('# Metrics', INTRODUCTION, '## Metrics', metrics, ...buckets, '## Attributes', attributes)
}

function code(text: string): string {
  return `\`${text}\``
}
