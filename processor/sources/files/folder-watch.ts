import { type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'

/** Folders that are watched, at most: the system gives each user a number of watches. Polling is enough. */
const MOST_FOLDERS = 64

/** Says that something has changed in a folder of the files, where the system reports it. */
export class FolderWatch {
  readonly #changed: (named: boolean) => void
  readonly #watchers = new Map<string, FSWatcher>()

  /** @param changed - with whether a name has come or gone. */
  constructor(changed: (named: boolean) => void) {
    this.#changed = changed
  }

  watch(files: readonly string[]): void {
    const folders = new Set(files.map((file) => dirname(file)))
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder) || this.#watchers.size >= MOST_FOLDERS) continue
      try {
        const watcher = watch(folder, { persistent: false }, (event) => this.#changed(event === 'rename'))
        watcher.on('error', () => {
          watcher.close()
          this.#watchers.delete(folder)
        })
        this.#watchers.set(folder, watcher)
      } catch {}
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }
}
