import { z } from 'zod'
import { fileSinkSettings } from './file/settings.ts'
import { forwardSinkSettings } from './forward/settings.ts'
import { otlpGrpcSinkSettings } from './otlp-grpc/settings.ts'
import { otlpHttpSinkSettings } from './otlp-http/settings.ts'
import { stdoutSinkSettings } from './stdout/settings.ts'

/** Every kind of sink. One line makes a kind known to the configuration; `sinks/index.ts` says who runs it. */
export const sinkSettings = z.discriminatedUnion('type', [
  otlpHttpSinkSettings,
  otlpGrpcSinkSettings,
  fileSinkSettings,
  stdoutSinkSettings,
  forwardSinkSettings,
])

export type SinkSettings = z.output<typeof sinkSettings>
