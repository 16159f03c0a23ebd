import { type FSWatcher, statSync, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A change counts once the file has stayed as it is for so long: who writes it may not have finished. */
const SETTLED_MS = 200
/** Some changes are not reported: on network file systems, behind links into other folders, without inotify. */
const POLL_MS = 5_000

/**
 * Watches files and says when one of them has changed, has come or has gone.
 *
 * What counts is the file that the path leads to, whatever the links on the way: Kubernetes changes all files of a
 * ConfigMap at once by a link `..data` in their folder. Nothing is read, and the process is not kept alive.
 */
export class FileWatch {
  readonly #changed: () => void
  readonly #pollMs: number
  readonly #poll: NodeJS.Timeout
  #watchers: FSWatcher[] = []
  #timer: NodeJS.Timeout | undefined
  /** As it was when `changed` was last called, and as it was at the last look. */
  #reported: ReadonlyMap<string, string> = new Map()
  #seen: ReadonlyMap<string, string> = new Map()
  #closed = false

  constructor(files: readonly string[], changed: () => void, pollMs = POLL_MS) {
    this.#changed = changed
    this.#pollMs = pollMs
    this.watch(files)
    this.#poll = setInterval(() => this.#lookSoon(), this.#pollMs)
    this.#poll.unref()
  }

  /** Watches these files from now on. */
  watch(files: readonly string[]): void {
    // What is watched already keeps what was last reported of it, so that no change falls into a gap.
    this.#reported = new Map(
      files.map((file) => [file, this.#reported.get(file) ?? signature(() => statSync(file, BIG))]),
    )
    this.#seen = this.#reported
    for (const watcher of this.#watchers) watcher.close()
    this.#watchers = []
    for (const folder of new Set(files.map((file) => dirname(file)))) this.#watchFolder(folder)
    // What the old watchers have not yet reported they never will.
    this.#lookSoon()
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#poll)
    clearTimeout(this.#timer)
    for (const watcher of this.#watchers) watcher.close()
  }

  /** Editors replace files: what was watched by its name in a folder goes on, what was watched by itself would not. */
  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#lookSoon())
      // The folder went away, or there are no watches left: polling remains.
      watcher.on('error', () => watcher.close())
      this.#watchers.push(watcher)
    } catch {}
  }

  #lookSoon(): void {
    if (this.#closed || this.#timer !== undefined) return
    this.#timer = setTimeout(() => void this.#look(), SETTLED_MS)
    this.#timer.unref()
  }

  async #look(): Promise<void> {
    const reported = this.#reported
    const files = [...reported.keys()]
    const now = new Map(await Promise.all(files.map(async (file) => [file, await signatureOf(file)] as const)))
    this.#timer = undefined
    if (this.#closed) return
    // Other files are watched by now.
    if (reported !== this.#reported) return this.#lookSoon()
    const settled = same(now, this.#seen)
    this.#seen = now
    if (same(now, reported)) return
    if (!settled) return this.#lookSoon()
    this.#reported = now
    this.#changed()
  }
}

const BIG = { bigint: true } as const

interface Facts {
  readonly dev: bigint
  readonly ino: bigint
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
}

function describe({ dev, ino, size, mtimeNs, ctimeNs }: Facts): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

function signature(facts: () => Facts): string {
  try {
    return describe(facts())
  } catch {
    return 'missing'
  }
}

async function signatureOf(file: string): Promise<string> {
  return await stat(file, BIG).then(describe, () => 'missing')
}

function same(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([file, text]) => right.get(file) === text)
}
