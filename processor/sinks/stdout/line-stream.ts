import { fdatasync, fstatSync, type Stats, write } from 'node:fs'
import { Socket } from 'node:net'
import { promisify } from 'node:util'

/** Where lines are written to. Errors are those of the system. */
export interface LineStream {
  /** Resolves once the system has all of the bytes. One call at a time. */
  write(bytes: Buffer): Promise<void>
}

const writeOnce = promisify(write)
const sync = promisify(fdatasync)

const STANDARD_OUTPUT = 1

/** As `process.stdout` is not: a reader that does not read makes writers wait, and nothing else. */
export function standardOutput(): LineStream {
  const stats = fstatSync(STANDARD_OUTPUT)
  return stats.isFIFO() || stats.isSocket() ? new PipeStream(STANDARD_OUTPUT) : new FileStream(STANDARD_OUTPUT, stats)
}

/** A pipe: it is full until it is read, and broken when nobody reads any more (EPIPE). */
export class PipeStream implements LineStream {
  readonly #socket: Socket

  constructor(descriptor: number) {
    this.#socket = new Socket({ fd: descriptor, readable: false, writable: true })
    // Told to whoever writes.
    this.#socket.on('error', () => {})
  }

  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()))
    })
  }
}

/** A file, which is synced, or a device, which is not. */
export class FileStream implements LineStream {
  readonly #descriptor: number
  readonly #syncs: boolean

  constructor(descriptor: number, stats: Stats) {
    this.#descriptor = descriptor
    this.#syncs = stats.isFile()
  }

  async write(bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      written += (await writeOnce(this.#descriptor, bytes, written, bytes.length - written, null)).bytesWritten
    }
    if (this.#syncs) await sync(this.#descriptor)
  }
}
