import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InstrumentType,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'

/** A reader that collects when it is asked. */
class ManualReader extends MetricReader {
  constructor() {
    // What a gauge does not show any more is gone, as in the service.
    const gone = (type: InstrumentType) => type === InstrumentType.OBSERVABLE_GAUGE
    super({
      aggregationTemporalitySelector: (type) =>
        gone(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    })
  }
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

export interface Meter {
  /** Everything that was recorded so far, as an exporter gets it. */
  collect(): Promise<ResourceMetrics>
  /**
   * What a metric has counted, by its attributes: values in the order of the attributes' names, joined by spaces. Of a
   * histogram, the number of measurements.
   */
  counted(name: string): Promise<Record<string, number>>
  /** Whoever comes after finds no provider. */
  remove(): void
}

/** OpenTelemetry's own SDK as the global meter provider. */
export function installMeter(): Meter {
  const reader = new ManualReader()
  const provider = new MeterProvider({ readers: [reader] })
  if (!metrics.setGlobalMeterProvider(provider)) throw new Error('there is a meter provider already')
  const collect = async () => {
    const { resourceMetrics, errors } = await reader.collect()
    if (errors.length > 0) throw new Error('metrics cannot be collected')
    return resourceMetrics
  }
  return {
    collect,
    async counted(name) {
      const all = (await collect()).scopeMetrics.flatMap((scope) => scope.metrics)
      const points = all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []
      return Object.fromEntries(
        (points as DataPoint<number | Histogram>[]).map((point) => [labels(point), count(point)]),
      )
    },
    remove: () => metrics.disable(),
  }
}

function labels({ attributes }: DataPoint<unknown>): string {
  return Object.keys(attributes)
    .sort()
    .map((name) => attributes[name])
    .join(' ')
}

function count({ value }: DataPoint<number | Histogram>): number {
  return typeof value === 'number' ? value : value.count
}
