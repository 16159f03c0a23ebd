import type { FormatName } from '../../formats/index.ts'

/** The two encodings of OTLP/HTTP. A response has that of its request. */
export type Encoding = 'protobuf' | 'json'

export const MEDIA_TYPES = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
} as const satisfies Record<Encoding, string>

export const FORMATS = { protobuf: 'otlp-protobuf', json: 'otlp-json' } as const satisfies Record<Encoding, FormatName>

/** The encoding that a `Content-Type` names, whatever its parameters; undefined where it is none of OTLP's. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  // RFC 9110 section 8.3.1: type and subtype are compared without regard to case.
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === MEDIA_TYPES.protobuf) return 'protobuf'
  return type === MEDIA_TYPES.json ? 'json' : undefined
}
