import { isDeepStrictEqual } from 'node:util'
import type { LoadedConfig } from '../config/load.ts'
import type { Engine } from '../engine.ts'
import type { FieldsealError } from '../errors.ts'
import { ByteBudget } from '../pipeline/byte-budget.ts'
import { codedError, Health } from '../pipeline/health.ts'
import { type Carry, measuredSource } from '../pipeline/measured.ts'
import type { OutgoingScan } from '../pipeline/outgoing-scan.ts'
import { createPipeline, type Stages } from '../pipeline/pipeline.ts'
import type { Sink } from '../sinks/sink.ts'
import type { Source, SourceContext } from '../sources/source.ts'
import { recorder } from '../telemetry/instruments.ts'
import type { Log } from '../telemetry/log.ts'
import { settledWithin } from './deadline.ts'
import { observeWorker } from './telemetry/observe-worker.ts'
import type { WorkerTelemetry } from './telemetry/worker-telemetry.ts'
import type { Worker, WorkerStatus } from './worker.ts'

type SourceSettings = LoadedConfig['settings']['sources'][string]
type SinkSettings = LoadedConfig['settings']['sinks'][string]

/** What a worker is made of. It does not know which sources and sinks there are. */
export interface WorkerParts {
  /** Reads and checks all files. @throws FieldsealError */
  readonly load: () => LoadedConfig
  /** @throws FieldsealError */
  readonly engine: (loaded: LoadedConfig) => Engine
  readonly source: (settings: SourceSettings, context: SourceContext) => Source
  readonly sink: (name: string, settings: SinkSettings, loaded: LoadedConfig) => Sink
  /** Of what leaves; undefined where it is off. */
  readonly scan?: (loaded: LoadedConfig) => OutgoingScan | undefined
  readonly log: Log
  /** Makes this process count; left out in tests. @throws FieldsealError */
  readonly telemetry?: (loaded: LoadedConfig) => WorkerTelemetry
}

/** Milliseconds between two looks at whether what has failed works again. */
const RECOVERY_MS = 1000

/** Runs sources, engine and sinks of one configuration, and takes on others while it runs. */
export class RunningWorker implements Worker {
  readonly #parts: WorkerParts
  readonly #telemetry: WorkerTelemetry | undefined
  readonly #health: Health
  readonly #recovery: NodeJS.Timeout
  #loaded: LoadedConfig
  #stages: Stages
  readonly #sources: ReadonlyMap<string, Source>
  readonly #budget: ByteBudget
  readonly #endObserving: () => void
  readonly #counts = { batches: 0, accepted: 0, refused: 0, rejected: 0, delivered: 0, reloads: 0, failedReloads: 0 }
  #reloadError: FieldsealError | undefined
  #reloading: Promise<boolean> | undefined
  #reloadAgain: Promise<boolean> | undefined
  #started = false
  #draining = false
  readonly #ended = Promise.withResolvers<FieldsealError | undefined>()

  /** @throws FieldsealError where the configuration is wrong. */
  constructor(parts: WorkerParts) {
    this.#parts = parts
    const loaded = parts.load()
    this.#loaded = loaded
    this.#telemetry = parts.telemetry?.(loaded)
    const engine = parts.engine(loaded)
    this.#stages = {
      engine,
      sinks: Object.entries(loaded.settings.sinks).map((entry) => parts.sink(...entry, loaded)),
      scan: parts.scan?.(loaded),
    }
    this.#health = new Health(
      () => this.#stages.engine.check(),
      (error) => this.#healthChanged(error),
    )
    this.#budget = new ByteBudget(loaded.settings.service.in_flight.total)
    const carry = this.#counted(createPipeline({ stages: () => this.#stages, health: this.#health }))
    this.#endObserving = observeWorker({
      loaded: () => this.#loaded,
      ready: () => this.#ready,
      inFlight: () => this.#inFlight,
      now: () => Date.now(),
    })
    this.#sources = new Map(
      Object.entries(loaded.settings.sources).map(([name, settings]) => {
        const deliver = measuredSource(name, carry)
        const source = parts.source(settings, {
          name,
          deliver:
            'parse' in settings && settings.parse === 'json'
              ? (batch) => deliver({ ...batch, parse: 'json' })
              : deliver,
          budget: this.#budget,
          connectionBytes: loaded.settings.service.in_flight.connection,
          log: parts.log,
        })
        return [name, source]
      }),
    )
    this.#endWithSources()
    this.#endWithSinks(this.#stages.sinks)
    // Readiness must come back without a batch: where it is off, none may be sent.
    this.#recovery = setInterval(() => this.#look(), RECOVERY_MS)
    this.#recovery.unref()
  }

  async start(): Promise<void> {
    try {
      this.#stages.engine.check()
      for (const sink of this.#stages.sinks) await sink.start()
      for (const source of this.#sources.values()) await source.start()
    } catch (error) {
      await this.kill()
      throw error
    }
    this.#started = true
  }

  get ended(): Promise<FieldsealError | undefined> {
    return this.#ended.promise
  }

  #endWithSources(): void {
    const ended = [...this.#sources.values()].map((source) => source.ended ?? new Promise<never>(() => {}))
    if (ended.length === 0) return
    void Promise.all(ended).then((errors) => this.#ended.resolve(errors.find((error) => error !== undefined)))
  }

  #endWithSinks(sinks: readonly Sink[]): void {
    for (const sink of sinks) {
      if (!sink.required) continue
      void sink.gone?.then((error) => {
        // A reload may have taken it out meanwhile.
        if (this.#stages.sinks.includes(sink)) this.#ended.resolve(error)
      })
    }
  }

  /** A key that expires makes the service unready though no batch needs it yet. */
  #look(): void {
    if (this.#health.error !== undefined) this.#health.recover()
    else if (expired(this.#loaded)) this.#health.verify()
  }

  #counted(carry: Carry): Carry {
    const counts = this.#counts
    return async (batch, passage) => {
      counts.batches += 1
      const settlement = await carry(batch, passage)
      counts.batches -= 1
      if (settlement.outcome === 'accepted') {
        counts.accepted += 1
        counts.rejected += settlement.rejected
      } else {
        counts.refused += 1
      }
      return settlement
    }
  }

  #healthChanged(error: FieldsealError | undefined): void {
    if (error === undefined) this.#parts.log('ready', 'sealing works again')
    else this.#parts.log('unready', error.message, { code: error.code, hint: error.hint })
  }

  reload(): Promise<boolean> {
    if (this.#reloading === undefined) {
      this.#reloading = this.#reload().finally(() => {
        this.#reloading = undefined
      })
      return this.#reloading
    }
    // What has changed since the running one read its files is taken up by one more.
    this.#reloadAgain ??= this.#reloading.then(() => {
      this.#reloadAgain = undefined
      return this.reload()
    })
    return this.#reloadAgain
  }

  async #reload(): Promise<boolean> {
    try {
      const loaded = this.#parts.load()
      const undone = await this.#takeOn(loaded)
      this.#counts.reloads += 1
      recorder()?.add('fieldseal.configuration.reloads', 1, { 'fieldseal.reload.result': 'succeeded' })
      this.#reloadError = undefined
      this.#parts.log('reloaded', 'the new configuration is in use', { configuration: loaded.hash })
      for (const name of undone)
        this.#parts.log('warning', `${name} has changed and needs a restart; until then the old settings hold`)
      return true
    } catch (thrown) {
      const error = codedError(thrown)
      this.#counts.failedReloads += 1
      recorder()?.add('fieldseal.configuration.reloads', 1, { 'fieldseal.reload.result': 'failed' })
      this.#reloadError = error
      this.#parts.log('reload-failed', error.message, { code: error.code, hint: error.hint })
      return false
    }
  }

  /** @returns what has changed and cannot be taken on while it runs. @throws where anything is wrong; the old holds. */
  async #takeOn(loaded: LoadedConfig): Promise<string[]> {
    const before = this.#stages
    const kept = this.#unchangedSinks(loaded)
    const fresh: Sink[] = []
    try {
      const engine = this.#parts.engine(loaded)
      engine.check()
      const sinks = Object.entries(loaded.settings.sinks).map(([name, settings]) => {
        const sink = kept.get(name) ?? this.#parts.sink(name, settings, loaded)
        if (!kept.has(name)) fresh.push(sink)
        return sink
      })
      const scan = this.#parts.scan?.(loaded)
      for (const sink of fresh) await sink.start()
      const undone = this.#reloadSources(loaded)
      // From one batch to the next, and all at once.
      this.#stages = { engine, sinks, scan }
      this.#endWithSinks(fresh)
      this.#loaded = loaded
      before.engine.close()
      // Each closes once what it has under way is settled.
      for (const sink of before.sinks) if (!sinks.includes(sink)) void sink.close()
      return undone
    } catch (error) {
      await Promise.all(fresh.map((sink) => sink.close()))
      throw error
    }
  }

  #unchangedSinks(loaded: LoadedConfig): ReadonlyMap<string, Sink> {
    const kept = new Map<string, Sink>()
    // Sinks that write other formats than batches have know them.
    if (!isDeepStrictEqual(loaded.settings.body_keys, this.#loaded.settings.body_keys)) return kept
    for (const [name, settings] of Object.entries(loaded.settings.sinks)) {
      const running = this.#stages.sinks.find((sink) => sink.name === name)
      const before = this.#loaded.settings.sinks[name]
      // Files that TLS names may have changed though their names have not; and secrets do not compare.
      const opaque = 'tls' in settings || ('headers' in settings && Object.keys(settings.headers).length > 0)
      if (running !== undefined && !opaque && isDeepStrictEqual(before, settings)) kept.set(name, running)
    }
    return kept
  }

  #reloadSources(loaded: LoadedConfig): string[] {
    const undone: string[] = []
    for (const section of ['service', 'telemetry'] as const)
      if (!isDeepStrictEqual(loaded.settings[section], this.#loaded.settings[section])) undone.push(section)
    for (const name of new Set([...this.#sources.keys(), ...Object.keys(loaded.settings.sources)])) {
      const source = this.#sources.get(name)
      const settings = loaded.settings.sources[name]
      const before = this.#loaded.settings.sources[name]
      if (source === undefined || settings === undefined || before === undefined || before.type !== settings.type) {
        undone.push(`sources.${name}`)
        continue
      }
      source.reload(settings)
      if (!isDeepStrictEqual(fixedPart(settings), fixedPart(before))) undone.push(`sources.${name}`)
    }
    return undone
  }

  get #ready(): boolean {
    return this.#started && !this.#draining && this.#health.error === undefined
  }

  get #inFlight(): WorkerStatus['inFlight'] {
    return { bytes: this.#budget.used, limit: this.#budget.limit, batches: this.#counts.batches }
  }

  status(): WorkerStatus {
    const { accepted, refused, rejected, reloads, failedReloads } = this.#counts
    const { error } = this.#health
    const reloadError = this.#reloadError
    return {
      pid: process.pid,
      ready: this.#ready,
      draining: this.#draining,
      ...(error === undefined ? {} : { error: { code: error.code, message: error.message, hint: error.hint } }),
      configuration: this.#loaded.hash,
      reloads: {
        succeeded: reloads,
        failed: failedReloads,
        ...(reloadError === undefined ? {} : { error: { code: reloadError.code, message: reloadError.message } }),
      },
      sources: Object.fromEntries([...this.#sources].map(([name, source]) => [name, source.address])),
      sourceCounts: Object.fromEntries(
        [...this.#sources].flatMap(([name, source]) => {
          const counts = source.counts?.()
          return counts === undefined ? [] : [[name, counts]]
        }),
      ),
      sinks: Object.fromEntries(this.#stages.sinks.map((sink) => [sink.name, sink.status()])),
      inFlight: this.#inFlight,
      batches: { accepted, refused },
      records: { rejected },
      memory: { rss: process.memoryUsage.rss() },
    }
  }

  async metrics(): Promise<string> {
    return (await this.#telemetry?.prometheus()) ?? ''
  }

  async stop(): Promise<void> {
    this.#draining = true
    const drained = Promise.all([...this.#sources.values()].map((source) => source.drain()))
    await settledWithin(drained, this.#loaded.settings.service.drain)
    await this.kill()
  }

  async kill(): Promise<void> {
    this.#draining = true
    clearInterval(this.#recovery)
    await Promise.all([...this.#sources.values()].map((source) => source.close()))
    await Promise.all(this.#stages.sinks.map((sink) => sink.close()))
    this.#stages.engine.close()
    this.#endObserving()
    await this.#telemetry?.stop()
  }
}

function expired({ recipients }: LoadedConfig): boolean {
  const now = Date.now()
  return [...recipients.values()].some(({ expires }) => expires !== undefined && expires <= now)
}

/** What a source takes on while it runs: what lets clients in. */
const RELOADED: ReadonlySet<string> = new Set(['tls', 'tokens', 'security'])

/** What a source takes on only when it starts. */
function fixedPart(settings: SourceSettings): object {
  return Object.fromEntries(Object.entries(settings).filter(([option]) => !RELOADED.has(option)))
}
