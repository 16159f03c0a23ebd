import {
  type Counter,
  createNoopMeter,
  type Histogram,
  type MeterProvider,
  metrics,
  ValueType,
} from '@opentelemetry/api'
import { type AttributesOf, type CounterName, type HistogramName, METRICS, type MetricName } from './metrics.ts'

/** The name of the instrumentation scope. */
export const METER_NAME = 'fieldseal'

interface Instruments {
  readonly provider: MeterProvider
  readonly counters: ReadonlyMap<MetricName, Counter>
  readonly histograms: ReadonlyMap<MetricName, Histogram>
  /** There is no OpenTelemetry SDK: nobody would get what is recorded. */
  readonly areSilent: boolean
}

let made: Instruments | undefined

/**
 * The instruments of the provider that is global now. A program may set its provider after it has made an engine, and
 * the meters of this API, unlike its tracers, do not follow: what was made before stays without effect for ever.
 */
function instruments(): Instruments {
  const provider = metrics.getMeterProvider()
  if (made?.provider !== provider) made = makeInstruments(provider)
  return made
}

function makeInstruments(provider: MeterProvider): Instruments {
  const meter = provider.getMeter(METER_NAME)
  const counters = new Map<MetricName, Counter>()
  const histograms = new Map<MetricName, Histogram>()
  for (const name of Object.keys(METRICS) as MetricName[]) {
    const metric = METRICS[name]
    const { unit, description } = metric
    if (metric.kind === 'counter') {
      counters.set(name, meter.createCounter(name, { unit, description, valueType: ValueType.INT }))
    } else {
      const advice = { explicitBucketBoundaries: [...metric.buckets] }
      histograms.set(name, meter.createHistogram(name, { unit, description, advice }))
    }
  }
  return { provider, counters, histograms, areSilent: meter === createNoopMeter() }
}

/** Where what was measured goes. */
export interface Recording {
  add<M extends CounterName>(name: M, value: number, attributes: AttributesOf<M>): void
  record<M extends HistogramName>(name: M, value: number, attributes: AttributesOf<M>): void
}

/**
 * Hands measurements to the meter of the application; without an OpenTelemetry SDK they go nowhere.
 *
 * Never throws: a fault of somebody's exporter must not decide whether a record is passed on.
 */
export function report(measure: (recording: Recording) => void): void {
  try {
    const { counters, histograms, areSilent } = instruments()
    if (areSilent) return
    measure({
      add: (name, value, attributes) => counters.get(name)?.add(value, attributes),
      record: (name, value, attributes) => histograms.get(name)?.record(value, attributes),
    })
  } catch {
    // There is nobody to tell: whoever would be told is who failed.
  }
}
