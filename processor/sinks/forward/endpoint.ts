import { FieldsealError } from '../../errors.ts'
import { backoff } from '../retry/backoff.ts'
import type { RetrySettings } from '../retry/settings.ts'
import type { PreparedChunk } from './chunks.ts'
import { Connection, type ConnectionOwner, type ConnectionSettings } from './connection.ts'
import type { Delivery } from './delivery.ts'
import { errorOf, type Failure, isPassing } from './failure.ts'
import type { Outcome } from './transmission.ts'

export interface EndpointSettings {
  /** Of the sink, for errors. */
  readonly sink: string
  /** Deliveries under way at the same time. */
  readonly chunks: number
  readonly retry: RetrySettings
  readonly connection: Omit<ConnectionSettings, 'address'>
}

export interface EndpointOwner {
  /** It has taken a delivery. */
  succeeded(endpoint: Endpoint): void
  /** Told before the deliveries come back. */
  failed(endpoint: Endpoint, error: FieldsealError): void
  /** The delivery is not settled, and goes elsewhere or comes again. */
  returned(delivery: Delivery): void
  /** There is room for another delivery. */
  free(): void
}

/** A server, the one connection to it, and what is known of it. */
export class Endpoint implements ConnectionOwner {
  /** As the operator has written it. */
  readonly name: string
  readonly #settings: EndpointSettings
  readonly #connectionSettings: ConnectionSettings
  readonly #owner: EndpointOwner
  /** With those that take no more chunks and have some under way. */
  readonly #connections = new Set<Connection>()
  #connection: Connection | undefined
  #assigned = 0
  #single = false
  #failures = 0
  #passing = true
  #availableAt = 0

  constructor(address: ConnectionSettings['address'], settings: EndpointSettings, owner: EndpointOwner) {
    const { host, port } = address
    this.name = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    this.#settings = settings
    this.#connectionSettings = { ...settings.connection, address }
    this.#owner = owner
  }

  /** Whether it has taken what it was last given; true before the first. */
  get works(): boolean {
    return this.#failures === 0
  }

  /** Whether it might take something before people have mended it. */
  get passing(): boolean {
    return this.#passing
  }

  /** When it may be tried again, on the clock of `performance.now()`. */
  get availableAt(): number {
    return this.#availableAt
  }

  /** After a failure it is tried with one delivery, before it is given more. */
  hasRoom(now: number): boolean {
    if (now < this.#availableAt) return false
    return this.#assigned < (this.works && !this.#single ? this.#settings.chunks : 1)
  }

  begin(delivery: Delivery): void {
    this.#assigned += 1
    void delivery.prepare().then((prepared) => {
      if (prepared instanceof FieldsealError || prepared.length === 0) {
        this.#assigned -= 1
        if (prepared instanceof FieldsealError) delivery.refused(prepared)
        else delivery.accepted()
        this.#owner.free()
      } else if (performance.now() < this.#availableAt) {
        // It has failed others meanwhile.
        this.#ended(delivery, 'unsent')
      } else {
        this.#send(delivery, prepared)
      }
    })
  }

  /** All chunks at once. Whatever becomes of one, the others are waited for. */
  #send(delivery: Delivery, chunks: readonly PreparedChunk[]): void {
    let pending = chunks.length
    let worst: Outcome = 'accepted'
    for (const chunk of chunks) {
      this.#connection ??= this.#connect()
      this.#connection.send({
        ...chunk,
        ended: (outcome) => {
          pending -= 1
          if (outcome === 'accepted') this.#taken(delivery, chunk)
          else worst = worseOf(worst, outcome)
          if (pending === 0) this.#ended(delivery, worst)
        },
      })
    }
  }

  #taken(delivery: Delivery, chunk: PreparedChunk): void {
    delivery.taken(chunk)
    this.#failures = 0
    this.#passing = true
    this.#availableAt = 0
    this.#owner.succeeded(this)
  }

  #connect(): Connection {
    const connection = new Connection(this.#connectionSettings, this)
    this.#connections.add(connection)
    return connection
  }

  #ended(delivery: Delivery, outcome: Outcome): void {
    this.#assigned -= 1
    if (outcome === 'accepted') {
      delivery.accepted()
      this.#owner.free()
      return
    }
    if (outcome === 'stale') {
      if (!delivery.renew()) {
        this.failed('closed')
        this.#failedOne(delivery, 'closed')
      }
    } else if (outcome !== 'unsent') {
      this.#failedOne(delivery, outcome)
    }
    this.#owner.returned(delivery)
  }

  #failedOne(delivery: Delivery, failure: Failure): void {
    delivery.failed(this, this.#error(failure), isPassing(failure))
  }

  #error(failure: Failure): FieldsealError {
    return errorOf(failure, this.name, this.#settings.sink)
  }

  single(wanted: boolean): void {
    this.#single = wanted
  }

  failed(failure: Failure): void {
    const now = performance.now()
    // Several that fail together are one failure.
    if (now >= this.#availableAt) {
      this.#failures += 1
      this.#availableAt = now + backoff(this.#settings.retry, this.#failures, undefined)
    }
    this.#passing = isPassing(failure)
    this.#owner.failed(this, this.#error(failure))
  }

  left(connection: Connection): void {
    if (this.#connection === connection) this.#connection = undefined
  }

  gone(connection: Connection): void {
    this.#connections.delete(connection)
  }

  /** With nothing under way. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#connections, (connection) => connection.close()))
  }
}

/** From best to worst; a failure is worse than all of them. */
const RANKS: readonly Outcome[] = ['accepted', 'unsent', 'stale']

/** What several chunks together have come to. */
function worseOf(one: Outcome, other: Outcome): Outcome {
  const [left, right] = [one, other].map((outcome) => RANKS.indexOf(outcome)) as [number, number]
  return left === -1 || (right !== -1 && left > right) ? one : other
}
