import { otlpHttpSinkSettings } from '../../../../processor/sinks/otlp-http/settings.ts'
import { createOtlpHttpSink } from '../../../../processor/sinks/otlp-http/sink.ts'
import type { Sink, SinkContext } from '../../../../processor/sinks/sink.ts'
import { sinkContext } from '../suite.ts'

/** What a configuration can say. */
export type Given = Record<string, unknown>

/** Impatient, so that what takes seconds in operation takes milliseconds here. */
export const QUICK = { first: '10ms', longest: '20ms', give_up: '5s' } as const

export function sinkTo(endpoint: string, given: Given = {}, context: SinkContext = sinkContext()): Sink {
  const settings = otlpHttpSinkSettings.parse({ type: 'otlp_http', endpoint, retry: QUICK, ...given })
  return createOtlpHttpSink(settings, context)
}

export async function startedSink(endpoint: string, given?: Given, context?: SinkContext): Promise<Sink> {
  const sink = sinkTo(endpoint, given, context)
  await sink.start()
  return sink
}
