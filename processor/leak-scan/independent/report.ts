import type { LeakCounts } from '../../telemetry/leaks.ts'

/** What was found, where, and in the records of which service. No value, and no key with a finding. */
export interface Leak {
  readonly detector: string
  /** As rules have it; keys in which a detector finds something are `*`. */
  readonly path: string
  /** `service.name` of the resource; `unknown` where there is none, `*` where a detector finds something in it. */
  readonly service: string
}

export interface LeakReport {
  /** Records that were looked at. */
  readonly records: number
  /** Records with a finding, by service. What is said once of several records counts for the first of them. */
  readonly leakingRecords: ReadonlyMap<string, number>
  /** By a key that tells them apart; `count` is the number of findings. */
  readonly leaks: ReadonlyMap<string, { readonly leak: Leak; readonly count: number }>
  /** Part of the batch could not be read: something went out that nobody understands. What was read before counts. */
  readonly unreadable: boolean
}

/** A report as metrics take it; undefined where nothing was found. */
export function leakCounts({ leaks, leakingRecords }: LeakReport): LeakCounts | undefined {
  if (leaks.size === 0) return undefined
  return { findings: [...leaks.values()].map(({ leak, count }) => ({ ...leak, count })), records: leakingRecords }
}

/** Counts up a report. What it is given is bounded already. */
export class Tally implements LeakReport {
  records = 0
  unreadable = false
  readonly leakingRecords = new Map<string, number>()
  readonly leaks = new Map<string, { readonly leak: Leak; count: number }>()

  add(leak: Leak): void {
    const key = JSON.stringify([leak.detector, leak.path, leak.service])
    const known = this.leaks.get(key)
    if (known === undefined) this.leaks.set(key, { leak, count: 1 })
    else known.count += 1
  }

  addRecord(service: string): void {
    this.leakingRecords.set(service, (this.leakingRecords.get(service) ?? 0) + 1)
  }
}
