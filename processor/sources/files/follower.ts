import type { Log } from '../../telemetry/log.ts'
import { ENCODING_BYTES, encodingOf } from '../lines/encoded.ts'
import { type Discovery, discover, type Found } from './discovery.ts'
import { type Fingerprint, type Fingerprints, type Known, NO_FINGERPRINT, PRINTED_BYTES, same } from './fingerprints.ts'
import { FollowedFile, nothingKnown, type ReadingParts } from './followed-file.ts'
import { errnoOf, OpenedFile } from './opened-file.ts'
import type { Position, Positions } from './position-file.ts'
import { filesBeside, firstMatch } from './search.ts'
import { Skipped } from './skipped.ts'
import { Suspects } from './suspects.ts'

export interface FollowerParts {
  readonly source: string
  readonly log: Log
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly maxFiles: number
  readonly reading: ReadingParts
  /** Where a file is begun that is there at the first look, and of which nothing is known. */
  readonly start: 'beginning' | 'end'
}

/** A file that has not changed for so long is closed, and opened again when it changes; sooner where others wait. */
const CLOSED_AFTER_MS = 600_000
const CLOSED_FOR_OTHERS_MS = 5_000
/** A look that takes so long waits for a sink. */
const LONG_LOOK_MS = 500
/** Positions of files that are not found any more are kept for a week, and no more than so many. */
const KEPT_SECONDS = 7 * 24 * 3600
const MOST_KEPT = 10_000

/**
 * Which files are read, and from where: by device and inode while they are open, whatever they are called; otherwise by
 * inode and content together, since inodes are used again, and by content alone where a file was copied or moved to
 * another disk.
 *
 * Calls do not overlap: the caller sees to it.
 */
export class Follower {
  readonly #parts: FollowerParts
  readonly #fingerprints: Fingerprints
  readonly #files = new Map<string, FollowedFile>()
  /** What is known of files that are not followed (any more). */
  readonly #remembered: Map<string, Position>
  readonly #suspects: Suspects
  readonly #skipped: Skipped
  /** What is no lines, by identity, as it was when it was looked into. */
  readonly #encoded = new Map<string, string>()
  #gaps = 0
  #first = true

  constructor(parts: FollowerParts, remembered: readonly Position[]) {
    this.#parts = parts
    this.#fingerprints = parts.reading.fingerprints
    this.#remembered = new Map(remembered.map((position) => [position.identity, position]))
    this.#suspects = new Suspects(this.#fingerprints)
    this.#skipped = new Skipped(parts.source, parts.log)
  }

  get files(): Iterable<FollowedFile> {
    return this.#files.values()
  }

  get counts(): { files: number; files_skipped: number; gaps_suspected: number } {
    return { files: this.#files.size, files_skipped: this.#skipped.size, gaps_suspected: this.#gaps }
  }

  positions(): Positions {
    const now = seconds()
    const kept = [...this.#remembered.values()].filter(({ seen }) => now - seen < KEPT_SECONDS)
    kept.sort((left, right) => right.seen - left.seen)
    const followed = [...this.#files.values()].map((file) => file.position(now, false))
    return { key: this.#fingerprints.key, files: [...followed, ...kept.slice(0, MOST_KEPT)] }
  }

  /** Looks for files that have come, and for those that have gone. */
  async discover(): Promise<Discovery> {
    const { include, exclude } = this.#parts
    const found = await discover(include, exclude)
    this.#nameFiles(found)
    for (const [path, reason] of found.refused) this.#skipped.add(path, reason)
    const paths = [...found.files.values()].map(({ path }) => path)
    this.#skipped.keep(new Set([...found.refused.keys(), ...paths]))
    // What is known by its inode goes first, then what was renamed out of sight: only then is it clear what is new.
    for (const [identity, one] of found.files) if (this.#remembered.has(identity)) await this.#try(one, identity)
    await this.#searchForMissing(found)
    for (const [identity, one] of found.files) if (!this.#files.has(identity)) await this.#try(one, identity)
    await this.#glance()
    this.#suspects.keep(new Set(found.files.keys()))
    await this.#openAndClose(found)
    this.#first = false
    return found
  }

  /** Looks at those that are busy for long: what was in them would be gone when they are looked at the next time. */
  async #glance(): Promise<void> {
    for (const file of [...this.#files.values()]) {
      const { generation } = file
      if (file.lookingMs < LONG_LOOK_MS) continue
      const same = await file.glance().catch(() => true)
      if (!same) await this.replaced(file, generation)
    }
  }

  #nameFiles(found: Discovery): void {
    for (const file of this.#files.values()) {
      const one = found.files.get(file.identity)
      if (one === undefined) file.leftAt ??= performance.now()
      else {
        file.leftAt = undefined
        file.path = one.path
      }
    }
  }

  get #isFull(): boolean {
    return [...this.#files.values()].filter(({ isOpen }) => isOpen).length >= this.#parts.maxFiles
  }

  async #try(found: Found, identity: string): Promise<void> {
    if (this.#isFull) return this.#skipped.add(found.path, 'max_files are open')
    try {
      await this.#consider(found, identity)
    } catch (error) {
      this.#skipped.add(found.path, errnoOf(error))
    }
  }

  async #consider({ path, facts }: Found, identity: string): Promise<void> {
    if (this.#encoded.get(identity) === facts.version) return
    this.#encoded.delete(identity)
    const file = await OpenedFile.open(path, identity)
    // Another one has the name by now: it is found by the next look.
    if (file === undefined) return
    let adopted = false
    try {
      const known = await this.#whereToBegin(path, file, facts.size)
      if (known !== undefined) {
        this.#adopt(path, file, known.known, { unfinished: known.unfinished })
        adopted = true
      }
    } finally {
      if (!adopted) await file.close()
    }
  }

  /** @returns undefined where it is not to be read, or not yet. */
  async #whereToBegin(
    path: string,
    file: OpenedFile,
    size: number,
  ): Promise<{ known: Known; unfinished: number } | undefined> {
    const position = this.#remembered.get(file.identity)
    if (position !== undefined && (await this.#fingerprints.matches(file, position))) return whereItWas(position)
    const { version } = await file.facts()
    const encoding = encodingOf(await file.bytes(0, ENCODING_BYTES))
    if (encoding !== undefined) {
      this.#encoded.set(file.identity, version)
      this.#skipped.add(path, `it is ${encoding}, and no lines of UTF-8`)
      return undefined
    }
    // The inode is that of another file now, or the file was emptied while nobody looked.
    if (position !== undefined) {
      if (!position.done) await this.#replaced(position, position.offset)
    } else {
      const copied = await this.#copyOf(file)
      if (copied === 'wait') return undefined
      if (copied !== undefined) return copied
    }
    if (this.#first && this.#parts.start === 'end') return { known: await this.#atTheEnd(file, size), unfinished: 0 }
    return { known: nothingKnown(), unfinished: 0 }
  }

  /** Whether it is a copy of what was read already, by another inode. */
  async #copyOf(file: OpenedFile): Promise<{ known: Known; unfinished: number } | 'wait' | undefined> {
    const heads = new Map<number, Fingerprint>()
    for (const position of this.#remembered.values()) {
      const { head, offset } = position
      // Short files are often alike: a line that comes twice is better than one that does not come.
      if (offset < PRINTED_BYTES) continue
      const itsHead = heads.get(head.bytes) ?? (await this.#fingerprints.head(file, head.bytes))
      heads.set(head.bytes, itsHead)
      if (!same(itsHead, head) || !(await this.#fingerprints.matches(file, position))) continue
      // Moved to another disk; or a disk that has another number now.
      this.#remembered.delete(position.identity)
      return whereItWas(position)
    }
    return (await this.#suspects.isCopy(file, this.#files.values())) ? 'wait' : undefined
  }

  /** The beginning of the line that is being written: of a part nobody could tell what it is a part of. */
  async #atTheEnd(file: OpenedFile, size: number): Promise<Known> {
    const block = 64 * 1024
    let offset = size
    while (offset > 0) {
      const start = Math.max(0, offset - block)
      const found = (await file.bytes(start, offset - start)).lastIndexOf(0x0a)
      offset = found < 0 ? start : start + found + 1
      if (found >= 0) break
    }
    const tail = offset === 0 ? NO_FINGERPRINT : await this.#fingerprints.tail(file, offset)
    return { offset, head: await this.#fingerprints.head(file), tail }
  }

  #adopt(
    path: string,
    file: OpenedFile,
    known: Known,
    { last = false, unfinished = 0 }: { last?: boolean; unfinished?: number } = {},
  ): void {
    this.#files.set(file.identity, new FollowedFile(path, file, known, this.#parts.reading, last, unfinished))
    this.#remembered.delete(file.identity)
    this.#suspects.delete(file.identity)
    this.#skipped.delete(path)
    this.#parts.reading.moved()
  }

  /** Files that were not read to their end, and are not there any more under a name that is looked for. */
  async #searchForMissing(found: Discovery): Promise<void> {
    for (const position of [...this.#remembered.values()]) {
      if (position.done || found.files.has(position.identity)) continue
      const beside = await filesBeside(position.path)
      // The folder may come back: a disk that is not there yet.
      if (beside === undefined) continue
      const itself = beside.filter(({ facts }) => facts.identity === position.identity)
      const match =
        (await firstMatch(itself, position, this.#fingerprints)) ??
        (await firstMatch(this.#unknown(beside), position, this.#fingerprints))
      if (match === undefined && position.head.bytes === 0 && itself.length > 0) {
        // Nothing was in it when it was last seen.
        const file = await OpenedFile.open(itself[0]!.path, position.identity).catch(() => undefined)
        if (file !== undefined) this.#adopt(itself[0]!.path, file, position, { last: true })
        continue
      }
      this.#remembered.delete(position.identity)
      this.#parts.reading.moved()
      if (match === undefined) this.#suspectGap(position, 0)
      else this.#adopt(match.candidate.path, match.file, position, { last: true, unfinished: position.unfinished })
    }
  }

  #unknown<C extends { readonly facts: { readonly identity: string } }>(candidates: readonly C[]): C[] {
    return candidates.filter(({ facts }) => !this.#files.has(facts.identity))
  }

  /**
   * What was in a file has been replaced: reads on in its copy, where there is one (logrotate, `copytruncate`).
   *
   * @param seen - bytes that it is known to have had.
   */
  async #replaced(position: Position, seen: number): Promise<void> {
    const beside = (await filesBeside(position.path)) ?? []
    const others = beside.filter(({ facts }) => facts.identity !== position.identity)
    // One that is read already is a copy only where there is no other.
    const match =
      (await firstMatch(this.#unknown(others), position, this.#fingerprints)) ??
      (await firstMatch(others, position, this.#fingerprints))
    const { source, log } = this.#parts
    const file = position.path
    if (match === undefined) {
      log('file-replaced', 'a file was emptied or replaced, and is read anew', { source, file, copy: false })
      this.#suspectGap(position, Math.max(0, seen - position.offset - position.unfinished))
      return
    }
    const { candidate, file: copy } = match
    log('file-replaced', 'a file was emptied, and is read anew; its copy is read to the end', {
      source,
      file,
      copy: true,
    })
    const followed = this.#files.get(candidate.facts.identity)
    if (followed === undefined) {
      this.#adopt(candidate.path, copy, position, { last: true, unfinished: position.unfinished })
      return
    }
    await copy.close()
  }

  #suspectGap({ path, offset }: Position, bytes: number): void {
    this.#gaps += 1
    const { source, log } = this.#parts
    log('gap-suspected', 'what stood behind the position may not have been read; no copy was found', {
      source,
      file: path,
      offset,
      // Those that were seen and not read: there may have been more.
      bytes,
    })
  }

  /**
   * A look at the file has found that it was emptied, or replaced.
   *
   * @param generation - that the look was at.
   */
  async replaced(file: FollowedFile, generation: number): Promise<void> {
    if (file.generation !== generation) return
    const position = file.position(seconds(), false)
    // From here on both are as they should be, whenever the positions are written: the copy's is there first.
    await this.#replaced(position, file.seenSize)
    file.restart()
  }

  /** A file was read to its end, and has lost its name. */
  async done(file: FollowedFile): Promise<void> {
    this.#files.delete(file.identity)
    this.#remembered.set(file.identity, file.position(seconds(), true))
    this.#parts.reading.moved()
    await file.close().catch(() => {})
  }

  /** The file can be read (again). */
  succeeded(file: FollowedFile): void {
    this.#skipped.delete(file.path)
  }

  /** The file cannot be read, and is opened anew. */
  async failed(file: FollowedFile, error: unknown): Promise<void> {
    this.#skipped.add(file.path, errnoOf(error))
    await file.close().catch(() => {})
  }

  /** Closes files that have long been as they are, and opens those that have changed. */
  async #openAndClose({ files }: Discovery): Promise<void> {
    const closedAfter = this.#isFull ? CLOSED_FOR_OTHERS_MS : CLOSED_AFTER_MS
    for (const file of this.#files.values()) {
      const found = files.get(file.identity)
      if (file.isOpen) {
        if (found !== undefined && file.isRead && file.quietMs >= closedAfter) await file.close().catch(() => {})
      } else if (found === undefined) {
        // Its name went away while it was closed.
        this.#files.delete(file.identity)
        this.#remembered.set(file.identity, file.position(seconds(), file.isRead))
      } else if (!this.#isFull && (!file.isRead || found.facts.size !== file.seenSize)) {
        const opened = await OpenedFile.open(found.path, file.identity).catch(() => undefined)
        if (opened !== undefined) file.reopen(opened)
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close().catch(() => {})))
  }
}

function whereItWas({ offset, head, tail, unfinished }: Position): { known: Known; unfinished: number } {
  return { known: { offset, head, tail }, unfinished }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000)
}
