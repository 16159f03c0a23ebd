import { randomUUID } from 'node:crypto'
import { metrics } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  InstrumentType,
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { TelemetrySettings } from '../../config/telemetry-settings.ts'
import { VERSION } from '../../http/user-agent.ts'
import type { Log } from '../../telemetry/log.ts'
import { settledWithin } from '../deadline.ts'
import { reportingOutages } from './export-outages.ts'
import { otlpOptions } from './otlp-options.ts'
import { observeProcess } from './process-metrics.ts'
import { prometheusText } from './prometheus-text.ts'
import { startTraces } from './traces.ts'

/**
 * Series of one metric, at most: what is more is summed up in one (OpenTelemetry, "Cardinality limits"). Both leak scans tell a
 * thousand places apart each, and need some for what is `other`.
 */
const MOST_SERIES = 4000
/** Of the text of one worker: it goes over the channel to the primary process in one piece. */
const MOST_TEXT = 16 * 1024 * 1024
/** Milliseconds that the last metrics get to be sent. */
const LAST_MS = 2000

/** What one worker measures of itself, and who gets it. */
export interface WorkerTelemetry {
  /** As Prometheus reads it; empty where that is not wanted. */
  prometheus(): Promise<string>
  /** Sends what is left, for a short time. */
  stop(): Promise<void>
}

/**
 * Makes the process count: sets the global meter provider, which is the service's own.
 *
 * @param worker - its number.
 * @throws FieldsealError `FIELDSEAL_TLS_INVALID`
 */
export function startTelemetry(settings: TelemetrySettings, worker: string, log: Log): WorkerTelemetry {
  const { prometheus, otlp } = settings.metrics
  const pulled = prometheus ? new PulledReader() : undefined
  const pushed = otlp === undefined ? undefined : pushingReader(otlp, log)
  const readers = [pulled, pushed].filter((reader) => reader !== undefined)
  const resource = resourceOf(settings, worker)
  const endTraces = settings.traces === undefined ? undefined : startTraces(settings.traces, resource, log)
  if (readers.length === 0) return { prometheus: async () => '', stop: () => atLast(endTraces) }
  const provider = new MeterProvider({ resource, readers })
  // Where a program has set one before, it is the program's to say who gets what is measured.
  const isOurs = metrics.setGlobalMeterProvider(provider)
  const endObserving = observeProcess()
  return {
    async prometheus() {
      if (pulled === undefined) return ''
      const { resourceMetrics } = await pulled.collect()
      const text = prometheusText(resourceMetrics, worker)
      return text.length > MOST_TEXT ? '' : text
    },
    async stop() {
      endObserving()
      if (isOurs) metrics.disable()
      await Promise.all([atLast(endTraces), atLast(() => provider.shutdown())])
    },
  }
}

/** What cannot be sent by then is given up: nobody waits for it. */
async function atLast(end: (() => Promise<void>) | undefined): Promise<void> {
  if (end !== undefined)
    await settledWithin(
      end().catch(() => {}),
      LAST_MS,
    )
}

/** Whose metrics and spans they are. */
function resourceOf({ resource }: Pick<TelemetrySettings, 'resource'>, worker: string): Resource {
  return resourceFromAttributes({
    'service.name': 'fieldseal',
    ...resource,
    'service.version': VERSION,
    // OpenTelemetry's conventions want a random one where nothing else tells instances apart: each process is one.
    'service.instance.id': randomUUID(),
    'fieldseal.worker': worker,
  })
}

/** A reader that collects when somebody asks. */
class PulledReader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: temporality, cardinalitySelector: () => MOST_SERIES })
  }
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** Sums grow for as long as the process lives. What a gauge does not show any more is gone, as an old configuration. */
function temporality(type: InstrumentType): AggregationTemporality {
  return type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE
}

class PushingExporter extends OTLPMetricExporter {
  override selectAggregationTemporality(type: InstrumentType): AggregationTemporality {
    return temporality(type)
  }
}

function pushingReader(
  otlp: NonNullable<TelemetrySettings['metrics']['otlp']>,
  log: Log,
): PeriodicExportingMetricReader {
  return new PeriodicExportingMetricReader({
    exporter: reportingOutages(new PushingExporter(otlpOptions(otlp)), 'metrics', log),
    exportIntervalMillis: otlp.interval,
    exportTimeoutMillis: Math.min(otlp.timeout, otlp.interval),
    cardinalityLimits: { default: MOST_SERIES },
  })
}
