import {
  type Attributes,
  type Counter,
  createNoopMeter,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
  type ObservableResult,
  ValueType,
} from '@opentelemetry/api'
import {
  type AttributesOf,
  type CounterName,
  type HistogramName,
  METRICS,
  type MetricName,
  type ObservedName,
} from './metrics.ts'

/** The name of the instrumentation scope. */
export const METER_NAME = 'fieldseal'

/** Where what was measured goes. Its methods never throw. */
export interface Recording {
  add<M extends CounterName>(name: M, value: number, attributes: AttributesOf<M>): void
  record<M extends HistogramName>(name: M, value: number, attributes: AttributesOf<M>): void
}

/** One value of a metric that is read. */
export type Observation<M extends ObservedName> = readonly [value: number, attributes: AttributesOf<M>]

type Read = () => Iterable<readonly [value: number, attributes: Attributes]>

let made: { readonly provider: MeterProvider; readonly recording: Recording | undefined } | undefined
/** Who is asked when somebody collects, by metric. */
const readers = new Map<MetricName, Set<Read>>()

/**
 * The instruments of the provider that is global now. A program may set its provider after it has made an engine, and
 * the meters of this API, unlike its tracers, do not follow: what was made before stays without effect for ever.
 *
 * @returns undefined where there is no OpenTelemetry SDK: nobody would get what is recorded. Never throws: a fault of
 *   somebody's exporter must not decide whether a record is passed on.
 */
export function recorder(): Recording | undefined {
  const provider = metrics.getMeterProvider()
  if (made?.provider !== provider) made = { provider, recording: makeInstruments(provider) }
  return made.recording
}

function makeInstruments(provider: MeterProvider): Recording | undefined {
  try {
    const meter = provider.getMeter(METER_NAME)
    return meter === createNoopMeter() ? undefined : recordingTo(meter)
  } catch {
    // There is nobody to tell: whoever would be told is who failed.
    return undefined
  }
}

function recordingTo(meter: Meter): Recording {
  const counters = new Map<MetricName, Counter>()
  const histograms = new Map<MetricName, Histogram>()
  for (const name of Object.keys(METRICS) as MetricName[]) {
    const metric = METRICS[name]
    const { kind, unit, description } = metric
    const observe = (result: ObservableResult) => readInto(name, result)
    if (kind === 'gauge') meter.createObservableGauge(name, { unit, description }).addCallback(observe)
    else if ('observed' in metric) meter.createObservableCounter(name, { unit, description }).addCallback(observe)
    else if (kind === 'counter') {
      counters.set(name, meter.createCounter(name, { unit, description, valueType: ValueType.INT }))
    } else {
      const advice = { explicitBucketBoundaries: [...metric.buckets] }
      histograms.set(name, meter.createHistogram(name, { unit, description, advice }))
    }
  }
  return {
    add(name, value, attributes) {
      try {
        counters.get(name)?.add(value, attributes)
      } catch {}
    },
    record(name, value, attributes) {
      try {
        histograms.get(name)?.record(value, attributes)
      } catch {}
    },
  }
}

function readInto(name: MetricName, result: ObservableResult): void {
  for (const read of readers.get(name) ?? []) {
    for (const [value, attributes] of read()) result.observe(value, attributes)
  }
}

/**
 * Hands measurements to the meter of the application; without an OpenTelemetry SDK they go nowhere. Never throws. On the
 * way of a batch `recorder` does the same without a function for each call.
 */
export function report(measure: (recording: Recording) => void): void {
  const recording = recorder()
  if (recording === undefined) return
  try {
    measure(recording)
  } catch {
    // What could not be measured must not decide whether a record is passed on.
  }
}

/**
 * Says what a gauge shows from now on, whenever somebody collects: whoever reads it gives every value that there is.
 *
 * @returns what ends it.
 */
export function observe<M extends ObservedName>(name: M, read: () => Iterable<Observation<M>>): () => void {
  const those = readers.get(name) ?? new Set<Read>()
  readers.set(name, those.add(read))
  // Where nothing was recorded yet there would be no instrument to be asked for it.
  recorder()
  return () => those.delete(read)
}
