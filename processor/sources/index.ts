import { filesSource } from './files/source.ts'
import { forwardSource } from './forward/source.ts'
import { otlpGrpcSource } from './otlp-grpc/source.ts'
import { otlpHttpSource } from './otlp-http/source.ts'
import type { SourceSettings } from './settings.ts'
import type { Source, SourceContext } from './source.ts'
import { stdinSource } from './stdin/source.ts'

type Kind = SourceSettings['type']
type SettingsOf<K extends Kind> = Extract<SourceSettings, { readonly type: K }>

/** Every kind of source, by its `type` in the configuration: exactly those that `sources/settings.ts` lists. */
export const SOURCES: {
  readonly [K in Kind]: (settings: SettingsOf<K>, context: SourceContext) => Source<SettingsOf<K>>
} = {
  otlp_http: otlpHttpSource,
  otlp_grpc: otlpGrpcSource,
  forward: forwardSource,
  files: filesSource,
  stdin: stdinSource,
}

/** A source that does not listen yet. */
export function createSource<K extends Kind>(settings: SettingsOf<K>, context: SourceContext): Source<SettingsOf<K>> {
  return SOURCES[settings.type as K](settings, context)
}
