import type { FieldsealError } from '../../errors.ts'
import { unavailable } from '../retry/attempt.ts'
import type { Delivery } from './delivery.ts'
import type { Endpoint, EndpointOwner } from './endpoint.ts'
import type { ForwardSinkSettings } from './settings.ts'

export interface DispatcherOwner {
  succeeded(endpoint: Endpoint): void
  /** @param works - whether another endpoint has taken what it was last given, or was not asked yet */
  failed(endpoint: Endpoint, error: FieldsealError, works: boolean): void
}

/**
 * Hands deliveries to endpoints: those that come back before those that are new, and each in the order in which they
 * came. Where no endpoint works, each waits for one until its time is up.
 */
export class Dispatcher implements EndpointOwner {
  readonly #sink: string
  readonly #distribution: ForwardSinkSettings['distribution']
  readonly #owner: DispatcherOwner
  readonly #endpoints: Endpoint[] = []
  /** Few: no more than can be under way. */
  readonly #returned = new Set<Delivery>()
  readonly #waiting = new Set<Delivery>()
  readonly #abandoned = new Map<Delivery, () => void>()
  #next = 0
  #pumping = false
  #pumpAgain = false
  #error: FieldsealError | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(sink: string, distribution: ForwardSinkSettings['distribution'], owner: DispatcherOwner) {
    this.#sink = sink
    this.#distribution = distribution
    this.#owner = owner
  }

  /** @param endpoints - whose owner this is */
  use(endpoints: readonly Endpoint[]): void {
    this.#endpoints.push(...endpoints)
  }

  add(delivery: Delivery): void {
    this.#wait(this.#waiting, delivery)
  }

  returned(delivery: Delivery): void {
    this.#wait(this.#returned, delivery)
  }

  succeeded(endpoint: Endpoint): void {
    this.#owner.succeeded(endpoint)
  }

  failed(endpoint: Endpoint, error: FieldsealError): void {
    this.#error = error
    const works = this.#endpoints.some((other) => other.works)
    this.#owner.failed(endpoint, error, works)
  }

  free(): void {
    this.#pump()
  }

  #wait(set: Set<Delivery>, delivery: Delivery): void {
    if (delivery.signal.aborted) {
      delivery.refused(this.#nobodyWaits())
      this.#pump()
      return
    }
    const abandoned = (): void => {
      this.#take(set, delivery)
      delivery.refused(this.#nobodyWaits())
      // The clock may have been set for this one.
      this.#pump()
    }
    delivery.signal.addEventListener('abort', abandoned)
    this.#abandoned.set(delivery, abandoned)
    set.add(delivery)
    this.#pump()
  }

  #nobodyWaits(): FieldsealError {
    return unavailable(`sink ${this.#sink} has a batch for which nobody waits any more`)
  }

  #take(set: Set<Delivery>, delivery: Delivery): void {
    set.delete(delivery)
    delivery.signal.removeEventListener('abort', this.#abandoned.get(delivery)!)
    this.#abandoned.delete(delivery)
  }

  /** A loop: one that begins may come back, and another one be refused, from within. */
  #pump(): void {
    this.#pumpAgain = this.#pumping
    if (this.#pumping) return
    this.#pumping = true
    // One time for all of it: an endpoint that is not yet to be tried now is waited for below.
    const now = performance.now()
    do {
      this.#pumpAgain = false
      this.#assign(this.#returned, now)
      this.#assign(this.#waiting, now)
    } while (this.#pumpAgain)
    this.#pumping = false
    this.#giveUp(now)
  }

  #assign(set: Set<Delivery>, now: number): void {
    for (const delivery of set) {
      const endpoint = this.#choose(delivery, now)
      if (endpoint !== undefined) {
        this.#take(set, delivery)
        endpoint.begin(delivery)
      } else if (set === this.#waiting) {
        // What is new may go anywhere: there is nothing for those behind it either.
        return
      }
    }
  }

  #choose(delivery: Delivery, now: number): Endpoint | undefined {
    const count = this.#endpoints.length
    for (let turn = 0; turn < count; turn += 1) {
      const index = this.#distribution === 'first' ? turn : (this.#next + turn) % count
      const endpoint = this.#endpoints[index]!
      if (!delivery.mayTry(endpoint, now)) continue
      if (endpoint.hasRoom(now)) {
        this.#next = index + 1
        return endpoint
      }
      // Those behind it stand by for when it fails, not for when it is busy.
      if (this.#distribution === 'first' && endpoint.works) return undefined
    }
    return undefined
  }

  /** Refuses those for which no endpoint can be tried in time. Those that are only in a queue wait. */
  #giveUp(now: number): void {
    clearTimeout(this.#timer)
    let wake = Number.POSITIVE_INFINITY
    for (const set of [this.#returned, this.#waiting]) {
      for (const delivery of set) {
        const until = this.#patience(delivery, now)
        if (until !== undefined) {
          wake = Math.min(wake, until)
          // Those behind it have as much time, and more.
          if (set === this.#waiting) break
          continue
        }
        this.#take(set, delivery)
        delivery.refused(delivery.error ?? this.#error ?? unavailable(`sink ${this.#sink} has no endpoint that works`))
      }
    }
    if (wake < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#pump(), Math.max(1, wake - now))
  }

  /** When a delivery that waits is to be looked at again, without end where something else will tell; undefined where it need not wait. */
  #patience(delivery: Delivery, now: number): number | undefined {
    const endpoints = this.#endpoints.filter((endpoint) => delivery.mayTry(endpoint, now))
    if (endpoints.some(({ works }) => works)) return Number.POSITIVE_INFINITY
    const hopeful = endpoints.some(({ passing, availableAt }) => passing || availableAt <= now)
    const next = Math.min(...endpoints.map(({ availableAt }) => availableAt))
    if (!hopeful || delivery.giveUpAt <= now || delivery.giveUpAt < next) return undefined
    const later = endpoints.flatMap(({ availableAt }) => (availableAt > now ? [availableAt] : []))
    return Math.min(delivery.giveUpAt, ...later)
  }
}
