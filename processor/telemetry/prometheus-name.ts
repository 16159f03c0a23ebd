import { METRICS, type MetricName } from './metrics.ts'

/** Units that Prometheus writes out, and puts at the end of names. What stands in braces is left out. */
const UNITS: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' }

/** `seconds` for `s`; empty for a unit that Prometheus does not write. */
export function prometheusUnit(unit: string): string {
  return UNITS[unit] ?? ''
}

/**
 * The name of a metric in Prometheus, without what is added for buckets (OpenTelemetry specification, "Prometheus and
 * OpenMetrics Compatibility", metric metadata): the same name that it gets by way of OTLP and a Collector.
 */
export function prometheusName(name: MetricName): string {
  const { kind, unit } = METRICS[name]
  return [name.replaceAll('.', '_'), prometheusUnit(unit), kind === 'counter' ? 'total' : '']
    .filter((part) => part !== '')
    .join('_')
}

/** The name of an attribute, as a label. */
export function prometheusLabel(attribute: string): string {
  return attribute.replaceAll('.', '_')
}
