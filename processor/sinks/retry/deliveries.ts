import { refused, type Settlement } from '../../pipeline/settlement.ts'
import type { OutgoingBatch } from '../sink.ts'
import { type Sender, unavailable } from './attempt.ts'
import type { Backend } from './backend.ts'
import { Delivery, type DeliveryContext } from './delivery.ts'
import type { RetrySettings } from './settings.ts'

export interface DeliverySettings {
  /** Batches under way at the same time; the others wait. */
  readonly requests: number
  readonly retry: RetrySettings
}

/** The batches of a sink that are under way, each with a carrier of its own, and those that wait for one. */
export class Deliveries<Carrier, Message> {
  readonly #requests: number
  readonly #context: DeliveryContext<Carrier, Message>
  readonly #open: () => Carrier
  readonly #carriers: Carrier[] = []
  /** The last one that was used comes first: the others may idle and close. */
  readonly #free: Carrier[] = []
  /** In the order in which they came. */
  readonly #waiting = new Set<Delivery<Carrier, Message>>()
  #sending = 0
  #pumping = false
  #closing = false
  #idle: (() => void) | undefined

  /** @param open - makes another carrier; called no more often than there may be requests */
  constructor(
    { requests, retry }: DeliverySettings,
    backend: Backend,
    sender: Sender<Carrier, Message>,
    open: () => Carrier,
  ) {
    this.#requests = requests
    this.#open = open
    this.#context = { retry, sender, backend, ended: (delivery, carrier) => this.#ended(delivery, carrier) }
  }

  get sending(): number {
    return this.#sending
  }

  /** Every carrier that was opened. */
  get carriers(): readonly Carrier[] {
    return this.#carriers
  }

  send(batch: OutgoingBatch): Promise<Settlement> {
    const { name } = this.#context.backend
    if (this.#closing) return Promise.resolve(doesNotRun(name))
    if (batch.signal.aborted) {
      return Promise.resolve(refused(unavailable(`sink ${name} was given a batch for which nobody waits`)))
    }
    return new Promise((resolve) => {
      this.#sending += 1
      const delivery = new Delivery(this.#context, batch, resolve)
      const carrier = this.#freeCarrier()
      if (carrier !== undefined) {
        delivery.begin(carrier)
      } else {
        this.#waiting.add(delivery)
        delivery.queue()
      }
    })
  }

  #freeCarrier(): Carrier | undefined {
    const carrier = this.#free.pop()
    if (carrier !== undefined) return carrier
    if (this.#carriers.length >= this.#requests) return undefined
    const opened = this.#open()
    this.#carriers.push(opened)
    return opened
  }

  #ended(delivery: Delivery<Carrier, Message>, carrier: Carrier | undefined): void {
    this.#sending -= 1
    if (carrier === undefined) this.#waiting.delete(delivery)
    else this.#free.push(carrier)
    this.#pump()
    if (this.#sending === 0) this.#idle?.()
  }

  /** A loop: many that wait may be refused one after the other, each of them from within `begin`. */
  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    for (const delivery of this.#waiting) {
      const carrier = this.#freeCarrier()
      if (carrier === undefined) break
      this.#waiting.delete(delivery)
      delivery.begin(carrier)
    }
    this.#pumping = false
  }

  /** Takes no further batch. Resolves when every batch is settled. To be called once. */
  async finish(): Promise<void> {
    this.#closing = true
    if (this.#sending === 0) return
    await new Promise<void>((resolve) => {
      this.#idle = resolve
    })
  }
}

/** What is answered where there is nothing to send with: before the start, and after the end. */
export function doesNotRun(sink: string): Settlement {
  return refused(unavailable(`sink ${sink} does not run`))
}
