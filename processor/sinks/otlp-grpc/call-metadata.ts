import { Metadata } from '@grpc/grpc-js'
import { FieldsealError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'

/** Of the connection, or made by gRPC: set by hand they would contradict what is sent. */
const OURS =
  /^(connection|proxy-connection|keep-alive|te|trailer|transfer-encoding|upgrade|host|user-agent|content-.*)$/i

/** gRPC over HTTP/2, "ASCII-Value"; without a blank at either end, which HTTP/2 does not let pass. */
const VALUE = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/

/** What goes with each call. */
export class CallMetadata {
  readonly #entries: readonly (readonly [name: string, value: Secret])[]

  /** @throws FieldsealError `FIELDSEAL_CONFIG_INVALID`, with the name of an entry that cannot be sent */
  constructor(sink: string, headers: Readonly<Record<string, Secret>>) {
    this.#entries = Object.entries(headers)
    const names = new Set<string>()
    for (const [name, value] of this.#entries) {
      const problem = problemOf(name, value, names)
      if (problem !== undefined)
        throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `sinks.${sink}.headers: ${name} ${problem}`)
      names.add(name.toLowerCase())
    }
  }

  /** For one call: a secret is text no longer than that. */
  make(traceparent?: string): Metadata {
    const metadata = new Metadata()
    for (const [name, value] of this.#entries) metadata.set(name, value.reveal().toString('latin1'))
    if (traceparent !== undefined) metadata.set('traceparent', traceparent)
    return metadata
  }
}

function problemOf(name: string, value: Secret, before: ReadonlySet<string>): string | undefined {
  if (OURS.test(name)) return 'cannot be set: it belongs to the connection or to gRPC'
  if (before.has(name.toLowerCase())) return 'stands there twice'
  return VALUE.test(value.reveal().toString('latin1')) ? undefined : 'has a value that metadata cannot have'
}
