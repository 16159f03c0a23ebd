import { constants } from 'node:fs'
import { type FileHandle, open, readdir, rename, stat, unlink } from 'node:fs/promises'

/** What is known of a file or folder. */
export interface FileState {
  readonly isFile: boolean
  readonly isFolder: boolean
  /** Device and inode: the same for one file, whatever it is called. */
  readonly identity: string
  readonly size: number
  /** When it was made, in milliseconds since 1970. */
  readonly bornMs: number
}

/** A file that is open. Errors are those of the system. */
export interface OpenFile {
  state(): Promise<FileState>
  /** Reads from `position` on. @returns how many bytes were read. */
  read(target: Uint8Array, position: number): Promise<number>
  /** Appends all parts in one call. @returns how many bytes were written, which can be fewer. */
  append(parts: readonly Uint8Array[]): Promise<number>
  datasync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** The few calls of the system that the sink makes: a test puts others in their place, which fail. */
export interface FileSystem {
  /** Opens a file for appending, and makes it where it is not there, with mode 0600. */
  open(path: string): Promise<OpenFile>
  state(path: string): Promise<FileState>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  list(folder: string): Promise<string[]>
  /** Makes sure that names of the folder survive a loss of power. */
  syncFolder(folder: string): Promise<void>
}

/** It is read too: what a crash has left at its end is looked for. A pipe does not block when it is opened like this. */
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT

export const systemFiles: FileSystem = {
  open: async (path) => new SystemFile(await open(path, APPEND, 0o600)),
  state: async (path) => stateOf(await stat(path)),
  rename,
  remove: unlink,
  list: (folder) => readdir(folder),
  async syncFolder(folder) {
    const handle = await open(folder, constants.O_RDONLY)
    try {
      await handle.sync()
    } catch (error) {
      // Some file systems cannot sync a folder (fsync(2): EINVAL); there is nothing more that could be done.
      if (errnoOf(error) !== 'EINVAL') throw error
    } finally {
      await handle.close()
    }
  },
}

/** The system's code of an error, such as `ENOSPC`. */
export function errnoOf(error: unknown): unknown {
  return (error as { code?: unknown } | undefined)?.code
}

type Stats = Awaited<ReturnType<typeof stat>>

function stateOf(stats: Stats): FileState {
  return {
    isFile: stats.isFile(),
    isFolder: stats.isDirectory(),
    identity: `${stats.dev}:${stats.ino}`,
    size: Number(stats.size),
    bornMs: Number(stats.birthtimeMs),
  }
}

class SystemFile implements OpenFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async state(): Promise<FileState> {
    return stateOf(await this.#handle.stat())
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(target, 0, target.length, position)).bytesRead
  }

  async append(parts: readonly Uint8Array[]): Promise<number> {
    return (await this.#handle.writev(parts)).bytesWritten
  }

  datasync(): Promise<void> {
    return this.#handle.datasync()
  }

  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length)
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}
