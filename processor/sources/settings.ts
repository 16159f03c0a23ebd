import { z } from 'zod'
import { otlpHttpSourceSettings } from './otlp-http/settings.ts'

/** Every kind of source. One line makes a kind known to the configuration; `sources/index.ts` says who runs it. */
export const sourceSettings = z.discriminatedUnion('type', [otlpHttpSourceSettings])

export type SourceSettings = z.output<typeof sourceSettings>
