import { setTimeout as wait } from 'node:timers/promises'

/** What a client was told of its records, and how often it has sent each. */
export interface Repeated {
  readonly accepted: readonly number[]
  /** For good: they were not sent again. */
  readonly refused: readonly number[]
  readonly sendings: ReadonlyMap<number, number>
}

/** What came of sending once. `not sent`: there was nobody to send it to. */
export type Outcome = 'accepted' | 'refused' | 'not told' | 'not sent'

/** Milliseconds before a batch is sent again. */
const PAUSE = 100

export interface SendingOptions {
  /** So many clients that send at the same time, each one batch after the other. */
  readonly clients: number
  /** Sends a batch once. */
  readonly attempt: (numbers: readonly number[], client: number) => Promise<Outcome>
  /** Called when a batch was settled; its client waits until it is over, and the others go on. */
  readonly settled?: () => Promise<void>
}

/** Sends each batch again until it is told what became of it, as clients do that lose nothing. */
export async function sendRepeatedly(
  batches: readonly (readonly number[])[],
  { clients, attempt, settled = async () => {} }: SendingOptions,
): Promise<Repeated> {
  const waiting = [...batches]
  const accepted: number[] = []
  const refused: number[] = []
  const sendings = new Map<number, number>()
  const send = async (numbers: readonly number[], client: number): Promise<void> => {
    for (;;) {
      const outcome = await attempt(numbers, client)
      if (outcome !== 'not sent') for (const number of numbers) sendings.set(number, (sendings.get(number) ?? 0) + 1)
      if (outcome === 'accepted') accepted.push(...numbers)
      if (outcome === 'refused') refused.push(...numbers)
      if (outcome === 'accepted' || outcome === 'refused') return
      await wait(PAUSE)
    }
  }
  const run = async (client: number): Promise<void> => {
    for (let numbers = waiting.shift(); numbers !== undefined; numbers = waiting.shift()) {
      await send(numbers, client)
      await settled()
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, client) => run(client)))
  return { accepted, refused, sendings }
}

/** Does something each time so many batches were settled, and counts how often. */
export class Recurring {
  count = 0
  readonly #every: number
  readonly #act: () => Promise<void>
  #settled = 0
  #acting = false

  constructor(every: number, act: () => Promise<void>) {
    this.#every = every
    this.#act = act
  }

  readonly settled = async (): Promise<void> => {
    this.#settled += 1
    if (this.#acting || this.#settled < this.#every * (this.count + 1)) return
    this.#acting = true
    this.count += 1
    await this.#act()
    this.#acting = false
  }
}
