import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { METRICS, type MetricName } from '../../telemetry/metrics.ts'
import { prometheusName, prometheusUnit } from '../../telemetry/prometheus-name.ts'

const SERIALIZER = new PrometheusSerializer(undefined, false, /^worker$/, false, true)

/**
 * Metrics as Prometheus reads them, with the label `worker` on each series: each worker is a process of its own, and sums
 * over its own batches.
 */
export function prometheusText({ resource, scopeMetrics }: ResourceMetrics, worker: string): string {
  return SERIALIZER.serialize({
    resource: resource.merge(resourceFromAttributes({ worker })),
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(renamed) })),
  })
}

/** The serializer leaves units out of names; with them the name is what it is behind a Collector. */
function renamed(metric: MetricData): MetricData {
  const { name, unit } = metric.descriptor
  if (!Object.hasOwn(METRICS, name)) return metric
  return {
    ...metric,
    descriptor: { ...metric.descriptor, name: prometheusName(name as MetricName), unit: prometheusUnit(unit) },
  }
}
