import { FieldsealError } from '../../errors.ts'
import { LineDelivery } from '../lines/line-delivery.ts'
import { pause } from '../lines/pause.ts'
import type { Source, SourceContext, SourceCounts } from '../source.ts'
import { Fingerprints } from './fingerprints.ts'
import { FolderWatch } from './folder-watch.ts'
import type { FollowedFile } from './followed-file.ts'
import { Follower } from './follower.ts'
import { Lock } from './lock.ts'
import { errnoOf } from './opened-file.ts'
import { type Positions, putDamagedAside, readPositions } from './position-file.ts'
import { PositionKeeper, positionsFailed } from './position-keeper.ts'
import type { FilesSourceSettings } from './settings.ts'
import { Turns } from './turns.ts'

/** Files that have lines in memory at the same time. */
const FILES_AT_ONCE = 4
/** Milliseconds between two looks for files that have come or gone, where the system reports none. */
const DISCOVERY_MS = 1000
/** A file that has not changed for so long is looked at with the next look for files: there may be many. */
const QUIET_MS = 5000
/** Milliseconds between two looks, however often the system reports a change: lines gather meanwhile. */
const SHORTEST_MS = 50

/** Takes lines from files, as `tail -F` does. Of several workers the first one reads. */
export function filesSource(settings: FilesSourceSettings, context: SourceContext): Source<FilesSourceSettings> {
  return new FilesSource(settings, context)
}

class FilesSource implements Source<FilesSourceSettings> {
  readonly #settings: FilesSourceSettings
  readonly #context: SourceContext
  readonly #delivery: LineDelivery
  readonly #draining = new AbortController()
  readonly #closed = new AbortController()
  readonly #busy = new Map<FollowedFile, Promise<void>>()
  #follower: Follower | undefined
  #keeper: PositionKeeper | undefined
  #lock: Lock | undefined
  #watch: FolderWatch | undefined
  #following: Promise<void> = Promise.resolve()
  /** What changes which files are followed: one after the other. */
  #changes: Promise<unknown> = Promise.resolve()
  #nextDiscovery = 0
  #wake: () => void = () => {}

  constructor(settings: FilesSourceSettings, context: SourceContext) {
    this.#settings = settings
    this.#context = context
    this.#delivery = LineDelivery.of(settings, context, {
      // The files still have what is not settled when it drains.
      enough: this.#draining.signal,
      gone: this.#closed.signal,
    })
  }

  get name(): string {
    return this.#context.name
  }

  get address(): string {
    return this.#follower === undefined ? '' : this.#settings.include.join(', ')
  }

  /** Nothing of it can change while it runs. */
  reload(): void {}

  counts(): SourceCounts {
    return { ...this.#delivery.counts, ...this.#follower?.counts }
  }

  /** @throws FieldsealError `FIELDSEAL_POSITIONS_FAILED` where the position file cannot be used, or another process has it. */
  async start(): Promise<void> {
    const { suffix } = this.#context
    if (suffix !== undefined && !/(^|\D)1$/.test(suffix)) return
    const { positions: path } = this.#settings
    let follower: Follower | undefined
    try {
      this.#lock = Lock.take(`${path}.lock`)
      if (this.#lock === undefined) throw positionsFailed(this.name, 'is in use by another process')
      const positions = await this.#read(path)
      follower = this.#follow(positions)
      this.#watchFolders()
      await follower.discover()
      await this.#write(follower)
      this.#follower = follower
    } catch (error) {
      this.#watch?.close()
      await follower?.close()
      this.#lock?.release()
      this.#lock = undefined
      throw error instanceof FieldsealError ? error : positionsFailed(this.name, `cannot be used (${errnoOf(error)})`)
    }
    this.#following = this.#run(follower)
  }

  /** Before the first look, so that nothing falls in between. */
  #watchFolders(): void {
    this.#watch = new FolderWatch((named) => {
      if (named) this.#nextDiscovery = 0
      this.#wake()
    })
    this.#watch.watch(this.#settings.include)
  }

  async #read(path: string): Promise<Positions | undefined> {
    const read = await readPositions(path)
    if (read !== 'missing' && read !== 'damaged') return read
    const { start } = this.#settings
    const { name: source, log } = this.#context
    const { code, hint } = positionsFailed(source, read)
    if (read === 'missing') {
      log('positions-missing', 'there is no position file; files are begun anew', { source, start, code })
      return undefined
    }
    await putDamagedAside(path)
    log('positions-damaged', 'the position file is damaged and was put aside; files are begun anew', {
      source,
      start,
      code,
      hint,
    })
    return undefined
  }

  #follow(positions: Positions | undefined): Follower {
    const { batch, exclude, include, max_files, max_line, rotate_wait, start, unfinished } = this.#settings
    const { budget, connectionBytes, log, name } = this.#context
    return new Follower(
      {
        source: name,
        log,
        include,
        exclude,
        maxFiles: max_files,
        start: positions === undefined ? start : 'beginning',
        reading: {
          delivery: this.#delivery,
          leftOut: this.#delivery.leftOut,
          fingerprints: new Fingerprints(positions?.key),
          connection: budget.connection(connectionBytes),
          turns: new Turns(FILES_AT_ONCE),
          batch,
          maxLine: max_line,
          unfinished,
          rotateWait: rotate_wait,
          enough: this.#draining.signal,
          moved: () => this.#keeper?.changed(),
        },
      },
      positions?.files ?? [],
    )
  }

  /** The first time, so that the end of a file stays the place where it was begun, however often it is started. */
  async #write(follower: Follower): Promise<void> {
    const { log, name } = this.#context
    const keeper = new PositionKeeper(name, this.#settings.positions, log, () => follower.positions())
    await keeper.write()
    if (keeper.failed) throw positionsFailed(name, 'cannot be written')
    this.#keeper = keeper
  }

  async #run(follower: Follower): Promise<void> {
    const { signal } = this.#draining
    while (!signal.aborted) {
      const now = performance.now()
      const all = now >= this.#nextDiscovery
      if (all) {
        this.#nextDiscovery = now + DISCOVERY_MS
        const found = await this.#change(() => follower.discover())
        this.#watch?.watch([...found.files.values()].map(({ path }) => path).concat(this.#settings.include))
      }
      for (const file of follower.files) {
        if (!this.#busy.has(file) && (all || file.quietMs < QUIET_MS)) this.#begin(follower, file)
      }
      await this.#wait(signal)
    }
    await Promise.all(this.#busy.values())
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { poll } = this.#settings
    await pause(Math.min(poll, SHORTEST_MS), signal)
    if (poll <= SHORTEST_MS || signal.aborted) return
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    await pause(poll - SHORTEST_MS, AbortSignal.any([signal, woken.signal]))
  }

  #change<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(act)
    this.#changes = result.catch(() => {})
    return result
  }

  #begin(follower: Follower, file: FollowedFile): void {
    const reading = this.#readOn(follower, file).finally(() => this.#busy.delete(file))
    this.#busy.set(file, reading)
  }

  /** Reads a file until there is nothing more for now. Never rejects. */
  async #readOn(follower: Follower, file: FollowedFile): Promise<void> {
    try {
      while (!this.#draining.signal.aborted) {
        const { generation } = file
        const look = await file.look()
        if (look === 'replaced') await this.#change(() => follower.replaced(file, generation))
        else if (look === 'done') return await this.#change(() => follower.done(file))
        else if (look !== 'more') break
      }
      if (file.isOpen) follower.succeeded(file)
    } catch (error) {
      if (!this.#closed.signal.aborted) await this.#change(() => follower.failed(file, error))
    }
  }

  async drain(): Promise<void> {
    this.#draining.abort()
    const ended = this.#following.then(() => this.#keeper?.write())
    await Promise.race([ended, aborted(this.#closed.signal)])
  }

  async close(): Promise<void> {
    this.#draining.abort()
    this.#closed.abort()
    this.#watch?.close()
    this.#delivery.leftOut.tellRest()
    const keeper = this.#keeper
    this.#keeper = undefined
    await keeper?.close()
    this.#lock?.release()
    this.#lock = undefined
    // A batch under way is not waited for.
    await this.#follower?.close()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
