import { otlpGrpcSinkSettings } from '../../../../processor/sinks/otlp-grpc/settings.ts'
import { createOtlpGrpcSink } from '../../../../processor/sinks/otlp-grpc/sink.ts'
import type { OutgoingBatch, Sink, SinkContext } from '../../../../processor/sinks/sink.ts'
import { batchOf } from '../../sources/otlp-grpc/fixtures.ts'
import { outgoing, sinkContext } from '../suite.ts'

/** What a configuration can say. */
export type Given = Record<string, unknown>

/** Impatient, so that what takes seconds in operation takes milliseconds here. */
export const QUICK = { first: '10ms', longest: '20ms', give_up: '5s' } as const

export function sinkTo(endpoint: string, given: Given = {}, context: SinkContext = sinkContext()): Sink {
  const settings = otlpGrpcSinkSettings.parse({ type: 'otlp_grpc', endpoint, retry: QUICK, ...given })
  return createOtlpGrpcSink(settings, context)
}

export async function startedSink(endpoint: string, given?: Given, context?: SinkContext): Promise<Sink> {
  const sink = sinkTo(endpoint, given, context)
  await sink.start()
  return sink
}

/** A batch of OTLP protobuf with one record, whose body is `text`. */
export function protobufBatch(text: string, signal?: AbortSignal): OutgoingBatch {
  return outgoing(batchOf(text), 'otlp-protobuf', signal)
}
