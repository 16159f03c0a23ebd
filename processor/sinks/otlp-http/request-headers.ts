import { FieldsealError } from '../../errors.ts'
import type { FormatName } from '../../formats/index.ts'
import { USER_AGENT } from '../../http/user-agent.ts'
import type { Secret } from '../../secret.ts'

/** Media types of OTLP over HTTP. What has none is not OTLP. */
const CONTENT_TYPES: Partial<Record<FormatName, string>> = {
  'otlp-protobuf': 'application/x-protobuf',
  'otlp-json': 'application/json',
}

/** Of the connection (RFC 9110 section 7.6.1) or made by us: set by hand they would contradict what is sent. */
const OURS = /^(connection|proxy-connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|host|content-.*)$/i

/** Characters of a header's value (RFC 9110 section 5.5), without a blank at either end. */
const VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/

/** The headers of each request: name, value, name, value. */
export class RequestHeaders {
  readonly #plain: Partial<Record<FormatName, readonly string[]>>
  readonly #secrets: readonly (readonly [name: string, value: Secret])[]

  /** @throws FieldsealError `FIELDSEAL_CONFIG_INVALID`, with the name of a header that cannot be sent */
  constructor(sink: string, headers: Readonly<Record<string, Secret>>, compression: 'none' | 'gzip') {
    this.#secrets = Object.entries(headers)
    const names = new Set<string>()
    for (const [name, value] of this.#secrets) {
      const problem = problemOf(name, value, names)
      if (problem !== undefined) {
        throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `sinks.${sink}.headers: ${name} ${problem}`)
      }
      names.add(name.toLowerCase())
    }
    const always = [
      ...(names.has('user-agent') ? [] : ['user-agent', USER_AGENT]),
      ...(compression === 'gzip' ? ['content-encoding', 'gzip'] : []),
    ]
    this.#plain = Object.fromEntries(
      Object.entries(CONTENT_TYPES).map(([format, type]) => [format, ['content-type', type, ...always]]),
    )
  }

  /** Whether the format is OTLP. */
  know(format: FormatName): boolean {
    return this.#plain[format] !== undefined
  }

  /** @param format - one of OTLP */
  for(format: FormatName, traceparent?: string): string[] {
    const headers = [...(this.#plain[format] ?? [])]
    // A secret is text no longer than the request is being written.
    for (const [name, value] of this.#secrets) headers.push(name, value.reveal().toString('latin1'))
    if (traceparent !== undefined) headers.push('traceparent', traceparent)
    return headers
  }
}

function problemOf(name: string, value: Secret, before: ReadonlySet<string>): string | undefined {
  if (OURS.test(name)) return 'cannot be set: it belongs to the connection or to the body'
  if (before.has(name.toLowerCase())) return 'stands there twice'
  return VALUE.test(value.reveal().toString('latin1')) ? undefined : 'has a value that no header can have'
}
