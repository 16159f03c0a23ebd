import { constants, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

/** `deflate` is the format of zlib (RFC 1950), as HTTP and gRPC have it. */
export type Compression = 'gzip' | 'deflate' | 'zstd'

/** Bytes of output that a decompressor makes at a time. */
const OUTPUT_BYTES = 64 * 1024

/** RFC 8878 section 3.1.1.1.2 advises against windows of more than 8 MiB. */
const LARGEST_WINDOW_LOG = 23
export const LARGEST_WINDOW = 2 ** LARGEST_WINDOW_LOG

/** Bytes that a decompressor takes for itself, without the window of zstd: about, and rather too many. */
export const WORKING_BYTES = {
  gzip: OUTPUT_BYTES + 48 * 1024,
  deflate: OUTPUT_BYTES + 48 * 1024,
  zstd: OUTPUT_BYTES + 384 * 1024,
} as const

const DECOMPRESSORS = {
  gzip: () => createGunzip({ chunkSize: OUTPUT_BYTES }),
  deflate: () => createInflate({ chunkSize: OUTPUT_BYTES }),
  zstd: () =>
    createZstdDecompress({
      chunkSize: OUTPUT_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: LARGEST_WINDOW_LOG },
    }),
} as const

/** What became of bytes that were written: `stopped` where the output was not wanted any more. */
export type Decompressed = 'done' | 'damaged' | 'stopped'

/**
 * Decompresses on the threads of libuv, chunk by chunk: one that is written is not needed any more once `write` has
 * resolved. Several gzip members (RFC 1952 section 2.2) or zstd frames behind each other are one output.
 */
export class Decompression {
  readonly #stream: ReturnType<typeof createGunzip>
  #settle: (result: Decompressed) => void = () => {}
  #result: Decompressed | undefined
  #finishing = false
  #written = 0

  /** @param output - takes a part of the output; false where it wants no more. */
  constructor(compression: Compression, output: (part: Buffer) => boolean) {
    const stream: ReturnType<typeof createGunzip> = DECOMPRESSORS[compression]()
    this.#stream = stream
    stream.on('data', (part: Buffer) => {
      if (this.#result === undefined && !output(part)) this.#end('stopped')
    })
    stream.on('error', () => this.#end('damaged'))
    // It ends by itself where what follows is not of its format; node:zlib would leave that out.
    stream.on('end', () =>
      this.#end(this.#finishing && this.#stream.bytesWritten === this.#written ? 'done' : 'damaged'),
    )
  }

  #end(result: Decompressed): void {
    this.#result ??= result
    this.#settle(this.#result)
    // Ends the work on what has not been decompressed, which for a bomb is most of it.
    this.#stream.destroy()
  }

  /** One at a time. */
  write(chunk: Buffer): Promise<Decompressed> {
    return new Promise((resolve) => {
      if (this.#result !== undefined) return resolve(this.#result)
      this.#settle = resolve
      this.#written += chunk.length
      this.#stream.write(chunk, () => resolve(this.#result ?? 'done'))
    })
  }

  /** @returns `damaged` where something is missing. */
  finish(): Promise<Decompressed> {
    return new Promise((resolve) => {
      if (this.#result !== undefined) return resolve(this.#result)
      this.#settle = resolve
      this.#finishing = true
      this.#stream.end()
    })
  }

  close(): void {
    this.#stream.destroy()
  }
}
