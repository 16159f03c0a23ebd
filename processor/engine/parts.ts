import { headerTemplate } from '../jwe/envelope.ts'
import type { RecipientSet, Serialization } from '../jwe/sealer.ts'
import { type SealingRounds, Slot } from './sealing-rounds.ts'

/**
 * One of the parts that a record's JWE holds together (`cty` `fieldseal-parts+json`): where it was, its type unless it
 * is a text, and the text itself, or bytes that are no text as base64.
 */
export interface Part {
  readonly path: string
  readonly cty?: string
  readonly text?: string
  readonly base64?: string
}

/** The header of every JWE that holds parts: where it stands is always the same. */
const PARTS_HEADER = headerTemplate({ cty: 'fieldseal-parts+json', path: 'fieldseal.sealed' })

/** Parts of one owner, for the same recipients, that share one JWE. */
class PartsJwe {
  readonly slot: Slot
  readonly #parts: (() => Part)[] = []

  constructor(rounds: SealingRounds, to: RecipientSet, serialization: Serialization, depth: number, record: number) {
    this.slot = rounds.add(
      new Slot({ to, serialization, depth, record, header: PARTS_HEADER, plaintext: () => this.#plaintext() }),
    )
  }

  add(part: () => Part): number {
    return this.#parts.push(part) - 1
  }

  #plaintext(): Uint8Array {
    const members = this.#parts.map((part, index) => `"${index}":${JSON.stringify(part())}`)
    return Buffer.from(`{${members.join()}}`)
  }
}

/** Where a part went: gives its placeholder once its JWE is sealed. */
export type Placeholder = () => string

/** The JWEs of parts of a batch, by owner. */
export class PartsByOwner {
  readonly #rounds: SealingRounds
  readonly #byOwner = new Map<number, Map<RecipientSet, PartsJwe[]>>()

  constructor(rounds: SealingRounds) {
    this.#rounds = rounds
  }

  /**
   * Adds a part.
   *
   * @param depth - as of a slot: parts that contain other sealed values never share a JWE with those that do not, so
   *   that no JWE waits for itself.
   */
  add(
    owner: number,
    to: RecipientSet,
    serialization: Serialization,
    depth: number,
    record: number,
    kind: string,
    part: () => Part,
  ): Placeholder {
    const bySet = this.#byOwner.get(owner) ?? new Map<RecipientSet, PartsJwe[]>()
    this.#byOwner.set(owner, bySet)
    const jwes = bySet.get(to) ?? []
    bySet.set(to, jwes)
    let jwe = jwes.find(({ slot }) => slot.depth === depth && slot.serialization === serialization)
    if (jwe === undefined) {
      jwe = new PartsJwe(this.#rounds, to, serialization, depth, record)
      jwes.push(jwe)
    }
    const { slot } = jwe
    const index = jwe.add(part)
    return () => `[sealed:${kind}:${slot.sealed.id}/${index}]`
  }

  /** The sealed JWEs, by owner. */
  *sealed(): Iterable<{ readonly owner: number; readonly jwes: readonly Uint8Array[] }> {
    for (const [owner, bySet] of this.#byOwner) {
      const jwes = [...bySet.values()].flat().map(({ slot }) => Buffer.from(slot.sealed.jwe, 'latin1'))
      yield { owner, jwes }
    }
  }

  has(owner: number): boolean {
    return this.#byOwner.has(owner)
  }
}

/** Finds placeholders: kind, id of the JWE, number of the part. */
export const PLACEHOLDER = /\[sealed:([A-Za-z0-9_.-]{1,64}):([A-Za-z0-9_-]{8})\/(\d{1,7})\]/g
