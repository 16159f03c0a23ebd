import { createFileSink } from './file/sink.ts'
import { createForwardSink } from './forward/sink.ts'
import { createOtlpGrpcSink } from './otlp-grpc/sink.ts'
import { createOtlpHttpSink } from './otlp-http/sink.ts'
import type { SinkSettings } from './settings.ts'
import type { Sink, SinkContext } from './sink.ts'
import { createStdoutSink } from './stdout/sink.ts'

type Type = SinkSettings['type']

type Factories = {
  readonly [T in Type]: (settings: Extract<SinkSettings, { readonly type: T }>, context: SinkContext) => Sink
}

/** The catalogue of sinks: one line each, for each kind that the configuration knows. */
export const SINKS = {
  otlp_http: createOtlpHttpSink,
  otlp_grpc: createOtlpGrpcSink,
  file: createFileSink,
  stdout: createStdoutSink,
  forward: createForwardSink,
} as const satisfies Factories

/** A sink that has not been started. */
export function createSink(settings: SinkSettings, context: SinkContext): Sink {
  // The compiler does not see that factory and settings are of one type; `satisfies` above does.
  const create = SINKS[settings.type] as (settings: SinkSettings, context: SinkContext) => Sink
  return create(settings, context)
}
