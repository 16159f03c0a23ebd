import type { Server } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import { isLoopback, type ListenAddress, type ServerTls } from '../config/network.ts'
import { FieldsealError } from '../errors.ts'
import { readServerTls, type ServerCredentials } from '../http/server-tls.ts'
import { addressOf, listen } from './listening.ts'
import type { SourceContext } from './source.ts'

/** Settings of every source that listens. */
export interface DoorSettings {
  readonly listen: ListenAddress
  readonly tls?: ServerTls | undefined
  readonly insecure: boolean
}

/**
 * Where a source listens: to whom it is open, and the certificates that it shows.
 *
 * The configuration is checked for open doors, too; here they are looked at a second time, before anybody can come in.
 */
export class Door {
  readonly #context: SourceContext
  readonly #settings: DoorSettings
  readonly #isOpen: boolean
  #server: Server | undefined
  #credentials: ServerCredentials | undefined

  /**
   * @param guarded - whether clients are asked who they are by something else than certificates.
   * @param guard - the setting that would guard it.
   * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` where everyone who reaches the address could send, and nothing
   *   says that this is meant; `FIELDSEAL_TLS_INVALID`.
   */
  constructor(settings: DoorSettings, context: SourceContext, guarded: boolean, guard: string) {
    const { listen: address, tls, insecure } = settings
    this.#context = context
    this.#settings = settings
    this.#credentials = tls === undefined ? undefined : readServerTls(tls)
    this.#isOpen = !guarded && this.#credentials?.ca === undefined && !isLoopback(address)
    if (this.#isOpen && !insecure)
      throw this.#invalid(`everyone who reaches the address could send records; set ${guard}, client_ca or insecure`)
  }

  /** Certificates; undefined without TLS. */
  get credentials(): ServerCredentials | undefined {
    return this.#credentials
  }

  /** Where it listens, as `127.0.0.1:4318`; empty before. */
  get address(): string {
    return addressOf(this.#server)
  }

  /** @throws FieldsealError `FIELDSEAL_LISTEN_FAILED` */
  async open(server: Server): Promise<void> {
    const { log, name: source } = this.#context
    await listen(server, this.#settings.listen, source)
    server.on('error', () => log('source-failed', 'a listener has failed', { source }))
    this.#server = server
    if (this.#isOpen)
      log('insecure', 'everyone who reaches the address can send records', { source, address: this.address })
  }

  /**
   * Reads the certificates that are to be shown from now on; `show` does so.
   *
   * @throws FieldsealError where they are bad, or where a reload would switch something on or off.
   */
  read(tls: ServerTls | undefined): ServerCredentials | undefined {
    const before = this.#settings.tls
    if (
      (tls === undefined) !== (before === undefined) ||
      (tls?.client_ca === undefined) !== (before?.client_ca === undefined)
    )
      throw this.#invalid('tls and client_ca are switched on and off by a restart')
    return tls === undefined ? undefined : readServerTls(tls)
  }

  /**
   * Shows other certificates to whoever comes from now on.
   *
   * @returns whether other clients are let in by their certificates. Those are looked at once, when a connection begins:
   *   who was let in by the old list has to come again.
   */
  show(credentials: ServerCredentials | undefined): boolean {
    const before = this.#credentials
    if (credentials !== undefined) (this.#server as TlsServer | undefined)?.setSecureContext(credentials)
    this.#credentials = credentials
    return !isDeepStrictEqual(before?.ca, credentials?.ca)
  }

  #invalid(message: string): FieldsealError {
    return new FieldsealError('FIELDSEAL_CONFIG_INVALID', `source ${this.#context.name}: ${message}`)
  }
}
