import type { DetectorSet } from '../../../detectors/set.ts'
import { type PathPattern, pathMatches } from '../../../rules/path.ts'
import type { LeakNames } from '../../telemetry/leak-names.ts'
import { type Entries, type Holder, LEVEL, type Plain, ValueBudget } from './content.ts'
import type { FirstLook } from './first-look.ts'
import type { KeyFacts, Keys } from './keys.ts'
import { jsonInText } from './lines.ts'
import { type Place, rootPlace, shownPath, stepsTo } from './place.ts'
import type { Tally } from './report.ts'
import type { WhatRemains } from './what-remains.ts'

const LIST = 'fieldseal.sealed'
const UNKNOWN = 'unknown'

/** What all batches are looked at with. */
export interface Looking {
  readonly set: DetectorSet
  readonly remains: WhatRemains
  readonly keys: Keys
  readonly names: LeakNames
  readonly firstLook: FirstLook
  readonly ignore: readonly PathPattern[]
}

/** Looks at the records of one batch, and at what is said once of several. */
export class HolderScan {
  readonly #set: DetectorSet
  readonly #remains: WhatRemains
  readonly #keys: Keys
  readonly #ignore: readonly PathPattern[]
  readonly #names: LeakNames
  readonly #firstLook: FirstLook
  readonly #budget = new ValueBudget()
  readonly #tally: Tally
  readonly #parsesBodies: boolean
  /** By level: something was found in what speaks for the records that follow, and none has come yet. */
  readonly #pending: boolean[] = []
  /** Of the holder under way. */
  #service = ''
  #ids: ReadonlySet<string> = new Set()
  #leaks = false

  constructor({ set, remains, keys, names, firstLook, ignore }: Looking, tally: Tally, parsesBodies: boolean) {
    this.#set = set
    this.#remains = remains
    this.#keys = keys
    this.#names = names
    this.#firstLook = firstLook
    this.#ignore = ignore
    this.#tally = tally
    this.#parsesBodies = parsesBodies
  }

  take(holder: Holder): void {
    const { level, attributes, fields, unknown } = holder
    this.#service = holder.service
    this.#leaks = false
    if (holder.unreadable === true) this.#tally.unreadable = true
    // JSON in a body may hide in escapes what it says.
    if (this.#parsesBodies || !this.#firstLook.isClean(holder)) {
      this.#ids = this.#sealedIn(attributes)
      this.#entries(attributes, rootPlace(holder.root), [])
      for (const [path, value] of fields) this.#field(path, value)
      if (unknown.length > 0) this.#unknown(unknown)
    }
    if (level === LEVEL.RECORD) this.#record()
    else this.#waits(level)
  }

  /** What was found at a level waits for a record; what waited at those below it is for none. */
  #waits(level: number): void {
    this.#pending.length = Math.min(this.#pending.length, level)
    this.#pending[level] = this.#leaks
  }

  #record(): void {
    this.#tally.records += 1
    if (this.#leaks || this.#pending.includes(true)) this.#tally.addRecord(this.#names.service(this.#service))
    this.#pending.fill(false)
  }

  /** Ids of the JWEs in the holder's own list: placeholders for parts of those are sealed. */
  #sealedIn(attributes: Entries): ReadonlySet<string> {
    const ids = new Set<string>()
    for (const [key, value] of attributes) {
      if (key !== LIST || value.kind !== 'array') continue
      for (const item of value.items) {
        if (item.kind !== 'text') continue
        const id = this.#remains.sealedId(item.bytes.toString('latin1'))
        if (id !== undefined) ids.add(id)
      }
    }
    return ids
  }

  #field(path: string, value: Plain): void {
    const place = rootPlace(path)
    const isText = path === 'body' && value.kind === 'text'
    if (this.#parsesBodies && isText && !this.#remains.isSealed(value.bytes)) {
      this.#budget.renew()
      const json = jsonInText(value.bytes, this.#budget)
      if (json !== undefined) {
        this.#value(json, place, '', [])
        return
      }
    }
    this.#value(value, place, '', [])
  }

  /** @param named - detectors that know all that is in here by a key around it. */
  #entries(entries: Entries, parent: Place, named: readonly number[]): void {
    for (const [key, value] of entries) {
      const facts = this.#keys.factsOf(key)
      const place: Place = { parent, key, masked: facts.masked }
      if (facts.found.length > 0 && !this.#isSealedEntry(key, value)) {
        for (const detector of facts.found) this.#found(detector, place)
      }
      this.#value(value, place, key, facts.names.length === 0 ? named : united(named, facts))
    }
  }

  /** A key that was sealed with its value. */
  #isSealedEntry(key: string, value: Plain): boolean {
    if (!key.startsWith('sealed:') || value.kind !== 'text') return false
    return this.#remains.sealedId(value.bytes.toString('latin1')) === key.slice('sealed:'.length)
  }

  #value(value: Plain, place: Place, key: string, named: readonly number[]): void {
    switch (value.kind) {
      case 'nothing':
        return
      case 'map':
        this.#entries(value.entries, place, named)
        return
      case 'array': {
        const element: Place = { parent: place, key: undefined, masked: false }
        for (const item of value.items) this.#value(item, element, key, named)
        return
      }
      case 'text':
        this.#text(value.bytes, place, key, named)
        return
      default:
        this.#scalar(value, place, key, named)
    }
  }

  #text(content: Buffer, place: Place, key: string, named: readonly number[]): void {
    if (content.length === 0 || this.#remains.isSealed(content)) return
    for (const { detector } of this.#remains.inText(content, key, this.#ids)) this.#found(detector, place)
    if (named.length > 0 && !this.#remains.isTaken(content, this.#ids)) {
      for (const detector of named) this.#found(detector, place)
    }
  }

  #scalar(
    { kind, bytes }: Plain & { readonly bytes: Buffer },
    place: Place,
    key: string,
    named: readonly number[],
  ): void {
    if (bytes.length === 0) return
    if (kind !== 'boolean') {
      for (const { detector } of this.#remains.inBytes(bytes, key)) this.#found(detector, place)
    }
    for (const detector of named) this.#found(detector, place)
  }

  /** Two readings of the same bytes are one finding. */
  #unknown(values: readonly Plain[]): void {
    const seen = new Map<ArrayBufferLike, Set<string>>()
    const place = rootPlace(UNKNOWN)
    const look = (value: Plain, key: string): void => {
      if (value.kind === 'map') {
        for (const [name, inner] of value.entries) {
          look({ kind: 'bytes', bytes: Buffer.from(name) }, '')
          look(inner, name)
        }
      } else if (value.kind === 'array') {
        for (const item of value.items) look(item, key)
      } else if (value.kind !== 'nothing' && !this.#remains.isSealed(value.bytes)) {
        const { buffer, byteOffset } = value.bytes
        const places = seen.get(buffer) ?? new Set()
        seen.set(buffer, places)
        for (const { detector, start } of this.#remains.inBytes(value.bytes, key)) {
          const finding = `${detector} ${byteOffset + start}`
          if (!places.has(finding)) this.#found(detector, place)
          places.add(finding)
        }
      }
    }
    for (const value of values) look(value, '')
  }

  #found(detector: number, place: Place): void {
    if (this.#ignore.length > 0) {
      const steps = stepsTo(place)
      if (this.#ignore.some((pattern) => pathMatches(pattern, steps))) return
    }
    this.#leaks = true
    const { name } = this.#set.detectors[detector]!
    const service = this.#names.service(this.#service)
    this.#tally.add(this.#names.place(name, shownPath(place), service))
  }
}

function united(named: readonly number[], { names }: KeyFacts): readonly number[] {
  return named.length === 0 ? names : [...new Set([...named, ...names])]
}
