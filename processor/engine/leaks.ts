import { isReadOnly, type Plan } from '../../rules/plan.ts'
import { type Batch, FIELD, OWNER_KIND } from '../formats/batch.ts'
import type { LeakNames } from '../telemetry/leak-names.ts'
import type { LeakCount, LeakCounts } from '../telemetry/leaks.ts'
import { type Claim, isReport } from './claims.ts'
import type { Conditions } from './conditions.ts'

/** A text in which rules have replaced a part of what the scan has found: what is left of it is looked at again. */
interface Remainder {
  readonly row: number
  readonly claims: readonly Claim[]
  readonly text: () => Uint8Array
}

type Counting = { -readonly [Name in keyof LeakCount]: LeakCount[Name] }

/** Counts what the leak scan finds in one batch, and no rule has acted on. */
export class LeakCollector {
  readonly #plan: Plan
  readonly #batch: Batch
  readonly #conditions: Conditions
  readonly #names: LeakNames
  readonly #counts = new Map<string, Counting>()
  /** By service: numbers of records. What is found in a resource or scope counts for its first record. */
  readonly #records = new Map<string, Set<number>>()
  readonly #sealed = new Map<string, number>()
  /** Places of what has been counted: the tag of a message has a row for each of its records, and a field that is not known may be read in more than one way. */
  readonly #seen = new Set<string>()
  readonly #remainders: Remainder[] = []
  /** Records, resources and scopes that must not be sent. */
  readonly refused = new Set<number>()

  constructor(plan: Plan, batch: Batch, conditions: Conditions, names: LeakNames) {
    this.#plan = plan
    this.#batch = batch
    this.#conditions = conditions
    this.#names = names
  }

  /** A finding that stays in the clear, or is sealed because of the scan. */
  found(claim: Claim): void {
    const at = this.#batch.get(claim.row, claim.onKey ? FIELD.ENTRY : FIELD.START) + claim.start
    const place = `${at}:${claim.onKey}:${claim.kind}`
    if (this.#seen.has(place)) return
    this.#seen.add(place)
    this.#count(claim.row, claim.kind)
    if (!isReport(claim) && !isReadOnly(this.#batch.node(claim.row).steps))
      this.#sealed.set(claim.kind, (this.#sealed.get(claim.kind) ?? 0) + 1)
  }

  /** Of a text rules have replaced parts; `text` gives what it is then, once everything is sealed. */
  remains(row: number, claims: readonly Claim[], text: () => Uint8Array): void {
    this.#remainders.push({ row, claims, text })
  }

  #count(row: number, detector: string): void {
    const batch = this.#batch
    const owner = batch.get(row, FIELD.OWNER)
    const action = this.#plan.leakScan?.action
    if (action === 'refuse' || (action === 'seal' && isReadOnly(batch.node(row).steps))) this.refused.add(owner)
    const service = this.#names.service(this.#service(owner))
    const place = this.#names.place(detector, batch.node(row).shown, service)
    const key = `${detector} ${place.service} ${place.path}`
    const known = this.#counts.get(key)
    if (known === undefined) this.#counts.set(key, { ...place, count: 1 })
    else known.count += 1
    const records = this.#records.get(service) ?? new Set()
    records.add(batch.owners[owner]!.record)
    this.#records.set(service, records)
  }

  #service(owner: number): string | undefined {
    const { leakScan } = this.#plan
    if (leakScan === undefined) return undefined
    const { serviceField } = leakScan
    const { kind, resource } = this.#batch.owners[owner]!
    return this.#conditions.only(serviceField, kind === OWNER_KIND.SCOPE && resource >= 0 ? resource : owner)
  }

  /** @returns undefined where nothing was found. @throws MatchingError */
  finish(): LeakCounts | undefined {
    for (const { row, claims, text } of this.#remainders) {
      const wanted = new Set(claims.map(({ kind }) => kind))
      const { detectors } = this.#plan
      const isWanted = (index: number) => wanted.has(detectors.detectors[index]!.name)
      for (const { detector } of detectors.find(asBuffer(text()), isWanted, this.#batch.node(row).key))
        this.#count(row, detectors.detectors[detector]!.name)
    }
    if (this.#counts.size === 0) return undefined
    return {
      findings: [...this.#counts.values()],
      records: new Map([...this.#records].map(([service, records]) => [service, records.size])),
      sealed: this.#sealed,
    }
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
