import { METRICS, type MetricName } from '../../processor/telemetry/metrics.ts'
import { prometheusLabel, prometheusName } from '../../processor/telemetry/prometheus-name.ts'

/** What Prometheus and its targets add by themselves. */
const LABELS_OF_PROMETHEUS = ['job', 'instance', 'worker', 'le', 'alertname', 'severity']
const HISTOGRAM_SERIES = ['_bucket', '_sum', '_count']

/** Every series that Fieldseal has in Prometheus, with its labels. */
export function seriesOfCatalogue(): Map<string, ReadonlySet<string>> {
  const series = new Map<string, ReadonlySet<string>>()
  for (const name of Object.keys(METRICS) as MetricName[]) {
    const { kind, attributes } = METRICS[name]
    const labels = new Set([...LABELS_OF_PROMETHEUS, ...attributes.map((attribute) => prometheusLabel(attribute))])
    const shown = prometheusName(name)
    for (const end of kind === 'histogram' ? HISTOGRAM_SERIES : ['']) series.set(shown + end, labels)
  }
  return series
}
