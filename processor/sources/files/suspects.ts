import type { Fingerprints } from './fingerprints.ts'
import type { FollowedFile } from './followed-file.ts'
import type { OpenedFile } from './opened-file.ts'

/** A file that has not grown for so long is no copy that is being made. */
const WAIT_MS = 30_000
/** However it grows: no copy takes that long. */
const LONGEST_MS = 600_000
/** Bytes at the end of a copy that are compared with the original. */
const COMPARED_BYTES = 4096

interface Suspect {
  readonly since: number
  grownAt: number
  size: number
}

/**
 * New files that hold what another one holds: copies that are being made, before their original is emptied
 * (`copytruncate`). They are not read as long as that can be; when in doubt a file is read, and lines come twice.
 */
export class Suspects {
  readonly #fingerprints: Fingerprints
  readonly #suspects = new Map<string, Suspect>()

  constructor(fingerprints: Fingerprints) {
    this.#fingerprints = fingerprints
  }

  delete(identity: string): void {
    this.#suspects.delete(identity)
  }

  keep(identities: ReadonlySet<string>): void {
    for (const identity of this.#suspects.keys()) if (!identities.has(identity)) this.#suspects.delete(identity)
  }

  /** Whether the file may be the copy of one of those that are followed. */
  async isCopy(file: OpenedFile, followed: Iterable<FollowedFile>): Promise<boolean> {
    const { size } = await file.facts()
    for (const original of followed) {
      if (original.known.head.bytes === 0 || !(await this.#fingerprints.begins(file, original.known.head))) continue
      // Once the original is found to have been emptied, it is read on in this file.
      if (!(await original.isAsKnown()) && (await this.#fingerprints.matches(file, original.known))) return true
      if ((await this.#isBeginningOf(file, size, original)) && this.#waits(file.identity, size)) return true
    }
    return false
  }

  #waits(identity: string, size: number): boolean {
    const now = performance.now()
    const suspect = this.#suspects.get(identity) ?? { since: now, grownAt: now, size }
    this.#suspects.set(identity, suspect)
    if (suspect.size !== size) {
      suspect.size = size
      suspect.grownAt = now
    }
    return now - suspect.grownAt < WAIT_MS && now - suspect.since < LONGEST_MS
  }

  /** How the file ends for now: programs often begin with the same lines. */
  async #isBeginningOf(file: OpenedFile, size: number, original: FollowedFile): Promise<boolean> {
    const start = Math.max(0, size - COMPARED_BYTES)
    const end = await original.bytes(start, size - start)
    return end !== undefined && end.length === size - start && end.equals(await file.bytes(start, size - start))
  }
}
