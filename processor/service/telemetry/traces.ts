import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { Resource } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TelemetrySettings } from '../../config/telemetry-settings.ts'
import { METER_NAME } from '../../telemetry/instruments.ts'
import type { Log } from '../../telemetry/log.ts'
import { setTracer } from '../../telemetry/tracing.ts'
import { reportingOutages } from './export-outages.ts'
import { otlpOptions } from './otlp-options.ts'

/** Spans that wait to be sent; what comes beyond is dropped. */
const MOST_SPANS = 4096
/** Bytes of names and codes: nothing that a client sends stands in an attribute. */
const LONGEST_ATTRIBUTE = 256

/** Makes spans of batches, and sends those that are sampled. @returns what ends it, and sends what is left. */
export function startTraces({ otlp, sample }: NonNullable<TelemetrySettings['traces']>, resource: Resource, log: Log) {
  const provider = new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sample) }),
    spanLimits: { attributeValueLengthLimit: LONGEST_ATTRIBUTE },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reportingOutages(new OTLPTraceExporter(otlpOptions(otlp)), 'traces', log),
        maxQueueSize: MOST_SPANS,
        exportTimeoutMillis: otlp.timeout,
      }),
    ],
  })
  setTracer(provider.getTracer(METER_NAME))
  return async (): Promise<void> => {
    setTracer(undefined)
    await provider.shutdown()
  }
}
