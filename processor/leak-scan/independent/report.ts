/** What was found, where, and in the records of which service. No value, and no key with a finding. */
export interface Leak {
  readonly detector: string
  /** As rules have it; keys in which a detector finds something are `*`. */
  readonly path: string
  /** `service.name` of the resource; empty where there is none, `*` where a detector finds something in it. */
  readonly service: string
}

export interface LeakCount {
  readonly leak: Leak
  /** Findings. */
  readonly count: number
}

export interface LeakReport {
  /** Records that were looked at. */
  readonly records: number
  /** Records with a finding, by service. What is said once of several records counts for the first of them. */
  readonly leakingRecords: ReadonlyMap<string, number>
  /** By a key that tells them apart. */
  readonly leaks: ReadonlyMap<string, LeakCount>
  /** Part of the batch could not be read: something went out that nobody understands. What was read before counts. */
  readonly unreadable: boolean
}

/** Paths and services beyond these, and longer ones, are counted together. */
const MOST_LEAKS = 1000
const MOST_SERVICES = 200
const LONGEST_NAME = 512
export const OTHER = 'other'

/** Counts up a report. Bounded: senders choose keys and names. */
export class Tally implements LeakReport {
  records = 0
  unreadable = false
  readonly leakingRecords = new Map<string, number>()
  readonly leaks = new Map<string, { readonly leak: Leak; count: number }>()

  add({ detector, path, service }: Leak): void {
    const known = this.leaks.get(JSON.stringify([detector, path, service]))
    if (known !== undefined) known.count += 1
    else if (this.leaks.size < MOST_LEAKS) this.#count({ detector, path: bounded(path), service: bounded(service) })
    else this.#count({ detector, path: OTHER, service: OTHER })
  }

  addRecord(service: string): void {
    const name = bounded(service)
    const known = this.leakingRecords.has(name) || this.leakingRecords.size < MOST_SERVICES
    const counted = known ? name : OTHER
    this.leakingRecords.set(counted, (this.leakingRecords.get(counted) ?? 0) + 1)
  }

  #count(leak: Leak): void {
    const key = JSON.stringify([leak.detector, leak.path, leak.service])
    const known = this.leaks.get(key)
    if (known === undefined) this.leaks.set(key, { leak, count: 1 })
    else known.count += 1
  }
}

function bounded(name: string): string {
  return name.length > LONGEST_NAME ? OTHER : name
}
