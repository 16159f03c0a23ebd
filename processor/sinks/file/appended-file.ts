import { dirname } from 'node:path'
import { FieldsealError } from '../../errors.ts'
import { errnoOf, type FileState, type FileSystem, type OpenFile } from './file-system.ts'
import { deleteOldest, putAside } from './put-aside.ts'
import { endOfWholeLines } from './whole-lines.ts'

const LINE_BREAK = Buffer.from('\n')
/** Milliseconds between two looks at whether the file has been moved away (logrotate). */
const LOOK_MS = 1000

export interface Rotation {
  /** Bytes that the file may have; one line may have more, and has the file for itself then. */
  readonly size: number
  /** Milliseconds. */
  readonly age?: number | undefined
  readonly keep?: number | undefined
}

/**
 * A file of whole lines that this process alone appends to, and that anybody may move away or delete. What has been
 * appended is there as a whole, or not at all.
 *
 * With other processes that append to the same file this could not be had: where a write was cut short, nobody knows
 * whose bytes follow, and what one would cut off can be what another has acknowledged.
 *
 * Errors are those of the system, or `FieldsealError`. Calls are made within `exclusive`.
 */
export class AppendedFile {
  readonly #path: string
  readonly #files: FileSystem
  readonly #now: () => number
  readonly #foreign: 'refuse' | 'put aside'
  #last: Promise<unknown> = Promise.resolve()
  #file: OpenFile | undefined
  #identity = ''
  /** Bytes that are known to be whole lines. */
  #length = 0
  #created = 0
  #lookedAt = 0
  /** The file that nothing must be appended to any more, until it is put aside. */
  #spoiled: string | undefined

  /** @param foreign - what to do with a file that ends with what cannot be a line of OTLP JSON that was torn. */
  constructor(path: string, files: FileSystem, now: () => number, foreign: 'refuse' | 'put aside' = 'refuse') {
    this.#path = path
    this.#files = files
    this.#now = now
    this.#foreign = foreign
  }

  /** One after the other, in the order of the calls. */
  exclusive<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#last.then(act)
    this.#last = result.catch(() => {})
    return result
  }

  /** Opens the file where it is not open, or is not the one any more that has its name. */
  async ready(): Promise<void> {
    if (this.#file !== undefined && Math.abs(this.#now() - this.#lookedAt) >= LOOK_MS) await this.#look()
    if (this.#file === undefined) await this.#open()
  }

  async #look(): Promise<void> {
    const state = await this.#stateOfPath()
    this.#lookedAt = this.#now()
    if (state?.identity !== this.#identity) {
      await this.close()
    } else if (state.size !== this.#length) {
      // It was emptied by others (logrotate, `copytruncate`): appended bytes go to its new end.
      this.#length = state.size
      if (state.size === 0) this.#created = this.#now()
    }
  }

  async #open(): Promise<void> {
    if (this.#spoiled !== undefined) await this.#putSpoiledAside(this.#spoiled)
    const file = await this.#files.open(this.#path)
    try {
      const { isFile, identity, size, bornMs } = await file.state()
      if (!isFile) throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', 'the path is not that of a regular file')
      const { end: length, ours } = await endOfWholeLines(file, size)
      if (!ours && this.#foreign === 'refuse')
        throw new FieldsealError(
          'FIELDSEAL_CONFIG_INVALID',
          'the file ends with something else than a line of OTLP JSON',
        )
      if (!ours) {
        // A text that a crash has torn, or something of somebody else: nobody can tell, and nothing is lost like this.
        await file.close()
        await putAside(this.#files, this.#path, this.#now())
        return await this.#open()
      }
      if (length < size) await file.truncate(length)
      await this.#files.syncFolder(dirname(this.#path))
      const now = this.#now()
      this.#identity = identity
      this.#length = length
      this.#lookedAt = now
      // Some file systems do not know when a file was made.
      this.#created = length > 0 && bornMs > 0 && bornMs < now ? bornMs : now
    } catch (error) {
      await file.close().catch(() => {})
      throw error
    }
    this.#file = file
  }

  /** Whether the file is to be put aside before so many bytes are appended to it. An empty one never is. */
  isDue({ size, age }: Rotation, bytes: number): boolean {
    if (this.#file === undefined || this.#length === 0) return false
    return this.#length + bytes > size || (age !== undefined && this.#now() - this.#created >= age)
  }

  /** Bytes that can be appended before the file is to be put aside. */
  room({ size }: Rotation): number {
    return size - this.#length
  }

  /** Puts the file aside; the next one is made by `ready`. */
  async rotate({ keep }: Rotation): Promise<void> {
    await this.close()
    const state = await this.#stateOfPath()
    if (state?.identity !== this.#identity) return
    await putAside(this.#files, this.#path, this.#now())
    // What cannot be deleted is tried again with the next one; it is no reason to refuse a batch.
    if (keep !== undefined) await deleteOldest(this.#files, this.#path, keep).catch(() => {})
  }

  /**
   * Appends lines by one call, and one `fdatasync` if `sync`. Where it throws, none of them is in the file; or, where
   * that cannot be had, the file has been put aside.
   */
  async append(lines: readonly Buffer[], sync: boolean): Promise<void> {
    const file = this.#file
    if (file === undefined) throw new FieldsealError('FIELDSEAL_INTERNAL', 'the file is not open')
    const parts = lines.flatMap((line) => [line, LINE_BREAK])
    const bytes = parts.reduce((sum, { length }) => sum + length, 0)
    let written: number
    try {
      written = await file.append(parts)
    } catch (error) {
      await this.#cutOff(file, bytes)
      throw error
    }
    if (written !== bytes) {
      await this.#cutOff(file, bytes)
      throw new FieldsealError('FIELDSEAL_OUTPUT_FAILED', 'a write was cut short')
    }
    if (sync) {
      try {
        await file.datasync()
      } catch (error) {
        // A later fdatasync may succeed although the data is gone (fsync(2) reports an error once): never again here.
        await this.#cutOff(file, bytes)
        await this.#spoil(file)
        throw error
      }
    }
    this.#length += bytes
  }

  /** Takes back what a failed write has left. Where the file is not as it should be, it is not touched. */
  async #cutOff(file: OpenFile, bytes: number): Promise<void> {
    try {
      const { size } = await file.state()
      if (size === this.#length) return
      if (size > this.#length && size <= this.#length + bytes) return await file.truncate(this.#length)
    } catch {
      // As below.
    }
    await this.#spoil(file)
  }

  async #spoil(file: OpenFile): Promise<void> {
    if (this.#file !== file) return
    await this.close()
    this.#spoiled = this.#identity
    // Where it fails, it is tried again before the next file is opened.
    await this.#putSpoiledAside(this.#identity).catch(() => {})
  }

  async #putSpoiledAside(identity: string): Promise<void> {
    const state = await this.#stateOfPath()
    if (state?.identity === identity) await putAside(this.#files, this.#path, this.#now())
    this.#spoiled = undefined
  }

  async #stateOfPath(): Promise<FileState | undefined> {
    try {
      return await this.#files.state(this.#path)
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined
      throw error
    }
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    // What had to be on the disk is there: an error here changes nothing.
    await file?.close().catch(() => {})
  }
}
