import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'

/** What is known of a file. */
export interface FileFacts {
  readonly isFile: boolean
  /** Device and inode: the same for one file, whatever it is called. */
  readonly identity: string
  readonly size: number
  /** Changes with every write, and is otherwise of no meaning. */
  readonly version: string
  /** Milliseconds since 1970. */
  readonly modifiedMs: number
  /** Whether it has a name any more. */
  readonly linked: boolean
}

/** Links are followed. */
export async function factsOf(path: string): Promise<FileFacts> {
  return toFacts(await stat(path, { bigint: true }))
}

type Stats = Awaited<ReturnType<typeof statBig>>
const statBig = (path: string) => stat(path, { bigint: true })

function toFacts(stats: Stats): FileFacts {
  return {
    isFile: stats.isFile(),
    // Inodes of some file systems have more bits than a number.
    identity: `${stats.dev}:${stats.ino}`,
    size: Number(stats.size),
    version: `${stats.size} ${stats.mtimeNs}`,
    modifiedMs: Number(stats.mtimeMs),
    linked: stats.nlink > 0n,
  }
}

/** A file that is open for reading. Errors are those of the system. */
export class OpenedFile {
  readonly #handle: FileHandle
  readonly identity: string

  private constructor(handle: FileHandle, identity: string) {
    this.#handle = handle
    this.identity = identity
  }

  /** @returns undefined where the path leads to something else than the file that is meant. */
  static async open(path: string, identity: string): Promise<OpenedFile | undefined> {
    // What has become a pipe by now does not block.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const facts = toFacts(await handle.stat({ bigint: true }))
      if (facts.isFile && facts.identity === identity) return new OpenedFile(handle, identity)
    } catch (error) {
      await handle.close()
      throw error
    }
    await handle.close()
    return undefined
  }

  async facts(): Promise<FileFacts> {
    return toFacts(await this.#handle.stat({ bigint: true }))
  }

  /** Fills the target as far as there are bytes. @returns how many. */
  async read(target: Uint8Array, position: number): Promise<number> {
    let filled = 0
    while (filled < target.length) {
      const { bytesRead } = await this.#handle.read(target, filled, target.length - filled, position + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled
  }

  /** So many bytes of a place, or those that there are. */
  async bytes(position: number, length: number): Promise<Buffer> {
    const target = Buffer.alloc(length)
    return target.subarray(0, await this.read(target, position))
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** The system's code of an error, such as `EACCES`. */
export function errnoOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : 'an unknown error'
}
