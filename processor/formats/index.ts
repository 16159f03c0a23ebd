import type { Format } from './format.ts'
import { forward } from './forward.ts'
import { jsonLines, text } from './json-lines.ts'
import { otlpJson } from './otlp-json.ts'
import { otlpProtobuf } from './otlp-protobuf.ts'

/** The catalogue of formats: one line each. */
export const FORMATS = {
  'json-lines': jsonLines,
  'otlp-json': otlpJson,
  'otlp-protobuf': otlpProtobuf,
  forward,
  text,
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[]
