import { DatabaseSync } from 'node:sqlite'

/** `SQLITE_BUSY`: another one has the lock. */
const BUSY = 5

/**
 * A lock on a file beside the position file, which the system takes back when its process ends, however it ends: there is
 * nothing left that somebody has to remove, and so nothing that two could remove at once. Node has no fcntl(2); SQLite
 * locks by it. The file stays empty.
 */
export class Lock {
  readonly #database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** @returns undefined where another source has it, of this process or another one. Throws where there can be no file. */
  static take(path: string): Lock | undefined {
    const before = process.umask(0o077)
    try {
      const database = new DatabaseSync(path)
      try {
        database.exec('BEGIN EXCLUSIVE')
        return new Lock(database)
      } catch (error) {
        database.close()
        if ((error as { errcode?: unknown }).errcode === BUSY) return undefined
        throw error
      }
    } finally {
      process.umask(before)
    }
  }

  release(): void {
    this.#database.close()
  }
}
