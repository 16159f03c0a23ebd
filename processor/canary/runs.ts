import type { LoadedConfig } from '../config/load.ts'
import type { Arrivals } from './arrivals.ts'
import { type Arrived, arrivedIn } from './arrived.ts'
import { type ClearCanary, clearCanary } from './clear.ts'
import { checkCoverage, namesOf } from './coverage.ts'
import { type Expected, expectationOf, expectingEngine } from './expected.ts'
import type { Fault } from './fault.ts'
import { type CanaryKey, judge } from './judge.ts'
import { idMaker, plantedFor, requestOf } from './planted.ts'
import { type AdminPlace, findingsOf } from './scan-page.ts'
import { type Endpoint, pause, send } from './send.ts'

export interface CanarySettings {
  /** Reads the configuration. */
  readonly load: () => LoadedConfig
  readonly keys: readonly CanaryKey[]
  readonly plants: readonly { readonly path: string; readonly value: string }[]
  readonly endpoint: Endpoint
  /** Undefined where no canary is to go in the clear. */
  readonly clear: { readonly admin: AdminPlace; readonly path: string | undefined } | undefined
  /** Milliseconds for one run. */
  readonly timeout: number
}

/** What came of the canary in the clear. */
export type ScanResult = 'fired' | 'silent' | 'not applicable' | 'not asked'

export interface RunResult {
  readonly faults: readonly Fault[]
  readonly sent: number
  readonly arrived: number
  /** Records that came again: no fault, since delivery is at least once. */
  readonly duplicates: number
  readonly scan: ScanResult
  /** Names of recipients for whom it is proved that they are listed, and nothing is wrong. */
  readonly proved: readonly string[]
  /** Names of recipients for whom the rules seal nothing. */
  readonly unused: readonly string[]
  readonly seconds: number
}

/** Milliseconds between looks at the page of the leak scan. */
const SCAN_PAUSE_MS = 100

/** Runs of the canary, one after the other, with one place where the records come out. */
export class CanaryRuns {
  readonly #settings: CanarySettings
  readonly #arrivals: Arrivals
  #take: (json: string) => void = () => {}

  constructor(settings: CanarySettings, arrivals: Arrivals) {
    this.#settings = settings
    this.#arrivals = arrivals
  }

  /** @throws FieldsealError where it cannot look for what comes out. */
  async start(): Promise<void> {
    await this.#arrivals.start((json) => this.#take(json))
  }

  async close(): Promise<void> {
    await this.#arrivals.close()
  }

  /** @throws FieldsealError where the configuration is wrong, or a run could not prove what it should. */
  async run(): Promise<RunResult> {
    const start = performance.now()
    const { load, keys, plants } = this.#settings
    const loaded = load()
    const strangers = this.#strangers(loaded)
    if (strangers.length > 0) return this.#result(loaded, [], strangers, start)
    const { run, next } = idMaker()
    const engine = expectingEngine(loaded)
    const { expected } = expectationOf(engine, plantedFor(loaded, plants, next), run)
    const asked = this.#settings.clear
    const clear = asked === undefined ? undefined : clearCanary(engine, loaded.settings.leak_scan, asked.path)
    engine.close()
    const unused = checkCoverage(loaded, expected, keys)
    const sealed = await this.#sealed(loaded, expected, run)
    const { fault, scan } = await this.#inTheClear(clear)
    return {
      ...this.#result(loaded, expected, [...sealed.faults, ...(fault === undefined ? [] : [fault])], start),
      arrived: sealed.arrived,
      duplicates: sealed.duplicates,
      scan,
      unused,
    }
  }

  #result(loaded: LoadedConfig, expected: readonly Expected[], faults: readonly Fault[], start: number): RunResult {
    const nameOf = namesOf(loaded)
    const names = new Set(expected.flatMap(({ seals }) => seals.flatMap(({ kids }) => kids.map(nameOf))))
    // A fault without a recipient is one of all whose values the canary holds.
    const broken = new Set<string>()
    for (const { recipient, canary, code } of faults) {
      if (recipient !== undefined) broken.add(recipient)
      if (code !== 'lost' && code !== 'bypassed') continue
      for (const { planted, seals } of expected)
        if (planted.name === canary) for (const { kids } of seals) for (const kid of kids) broken.add(nameOf(kid))
    }
    return {
      faults,
      sent: expected.length,
      arrived: 0,
      duplicates: 0,
      scan: 'not asked',
      proved: [...names].filter((name) => !broken.has(name)),
      unused: [],
      seconds: (performance.now() - start) / 1000,
    }
  }

  /** Keys that are no recipient's: either the configuration has lost them, or the canary has the wrong ones. */
  #strangers(loaded: LoadedConfig): Fault[] {
    const kids = new Set([...loaded.recipients.values()].map(({ kid }) => kid))
    return this.#settings.keys
      .filter(({ kid }) => !kids.has(kid))
      .map(({ kid }) => ({
        code: 'recipient-missing',
        canary: 'configuration',
        recipient: kid,
        detail: 'the key of the canary is no recipient of the configuration',
      }))
  }

  async #sealed(loaded: LoadedConfig, expected: readonly Expected[], run: string) {
    const { endpoint, timeout, keys } = this.#settings
    const byId = new Map(expected.map((one) => [one.planted.id, one]))
    const arrived = new Map<string, Arrived[]>()
    const ended = new AbortController()
    const timer = setTimeout(() => ended.abort(), timeout)
    this.#take = (json) => {
      for (const record of arrivedIn(json, run)) {
        if (!byId.has(record.id)) continue
        const others = arrived.get(record.id)
        if (others === undefined) arrived.set(record.id, [record])
        else others.push(record)
      }
      if (arrived.size === byId.size) ended.abort()
    }
    const planted = expected.map((one) => one.planted)
    const problem = await send(endpoint, requestOf(planted), ended.signal)
    // What was not taken may have come by another way all the same.
    while (!ended.signal.aborted && problem === undefined) await pause(ended.signal, timeout)
    clearTimeout(timer)
    this.#take = () => {}
    const nameOf = namesOf(loaded)
    const faults = expected.flatMap((one): Fault[] => {
      const records = arrived.get(one.planted.id)
      if (records === undefined)
        return [{ code: 'lost', canary: one.planted.name, detail: problem ?? 'it has not arrived in time' }]
      return records.flatMap((record) => judge(one, record, keys, nameOf))
    })
    const copies = [...arrived.values()].reduce((sum, records) => sum + records.length, 0)
    return { faults, arrived: arrived.size, duplicates: copies - arrived.size }
  }

  async #inTheClear(canary: ClearCanary | undefined): Promise<{ fault?: Fault; scan: ScanResult }> {
    const { clear, endpoint, timeout } = this.#settings
    if (clear === undefined) return { scan: 'not asked' }
    if (canary === undefined) return { scan: 'not applicable' }
    const silent = (detail: string) => ({
      scan: 'silent' as const,
      fault: { code: 'scan-silent' as const, canary: canary.planted.name, detail },
    })
    const before = await findingsOf(clear.admin, canary.detector)
    if (before === undefined) return silent('the page /metrics of the service cannot be read')
    const ended = AbortSignal.timeout(timeout)
    // Where the scan has it refused, it has fired: the page says so.
    const problem = await send(endpoint, requestOf([canary.planted]), ended)
    for (;;) {
      const after = await findingsOf(clear.admin, canary.detector)
      // A worker that was replaced begins at zero.
      if (after !== undefined && after > before) return { scan: 'fired' }
      if (ended.aborted) return silent(problem ?? `the leak scan counts nothing at ${canary.path}`)
      await pause(ended, SCAN_PAUSE_MS)
    }
  }
}
