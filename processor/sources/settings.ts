import { z } from 'zod'
import { filesSourceSettings } from './files/settings.ts'
import { forwardSourceSettings } from './forward/settings.ts'
import { otlpGrpcSourceSettings } from './otlp-grpc/settings.ts'
import { otlpHttpSourceSettings } from './otlp-http/settings.ts'
import { stdinSourceSettings } from './stdin/settings.ts'

/** Every kind of source. One line makes a kind known to the configuration; `sources/index.ts` says who runs it. */
export const sourceSettings = z.discriminatedUnion('type', [
  otlpHttpSourceSettings,
  otlpGrpcSourceSettings,
  forwardSourceSettings,
  filesSourceSettings,
  stdinSourceSettings,
])

export type SourceSettings = z.output<typeof sourceSettings>
