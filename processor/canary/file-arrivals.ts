import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { FieldsealError } from '../errors.ts'
import type { Arrivals } from './arrivals.ts'

const POLL_MS = 50
const CHUNK_BYTES = 1 << 20
/** A line is a whole request; one that is longer is none of ours, and left out. */
const LONGEST_LINE = 256 << 20

/** The lines that a file sink writes from now on, also when it puts the file aside. */
export class FileArrivals implements Arrivals {
  readonly #path: string
  #descriptor: number | undefined
  #position = 0
  #parts: Buffer[] = []
  #length = 0
  #timer: NodeJS.Timeout | undefined
  readonly #chunk = Buffer.alloc(CHUNK_BYTES)

  constructor(path: string) {
    this.#path = path
  }

  async start(take: (json: string) => void): Promise<void> {
    try {
      this.#descriptor = openSync(this.#path, 'r')
      this.#position = fstatSync(this.#descriptor).size
    } catch (error) {
      // A sink may make it with the first record.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${this.#path} cannot be read`)
    }
    this.#timer = setInterval(() => this.#look(take), POLL_MS)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#leave()
  }

  #leave(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
    this.#position = 0
    this.#parts = []
    this.#length = 0
  }

  #look(take: (json: string) => void): void {
    try {
      if (this.#descriptor !== undefined) {
        // Asked before it is read: what is put aside afterwards is read to its end the next time.
        const isAside = statSync(this.#path, { throwIfNoEntry: false })?.ino !== fstatSync(this.#descriptor).ino
        this.#read(this.#descriptor, take)
        if (isAside) this.#leave()
      }
      this.#descriptor ??= openSync(this.#path, 'r')
      this.#read(this.#descriptor, take)
    } catch {
      // It is not there yet, or is being put aside: the next look shows.
    }
  }

  #read(descriptor: number, take: (json: string) => void): void {
    for (;;) {
      const count = readSync(descriptor, this.#chunk, 0, CHUNK_BYTES, this.#position)
      if (count === 0) return
      this.#position += count
      let start = 0
      for (let end = this.#chunk.indexOf(0x0a); end >= 0 && end < count; end = this.#chunk.indexOf(0x0a, start)) {
        this.#keep(start, end)
        if (this.#length <= LONGEST_LINE) take(Buffer.concat(this.#parts).toString())
        this.#parts = []
        this.#length = 0
        start = end + 1
      }
      this.#keep(start, count)
    }
  }

  #keep(start: number, end: number): void {
    this.#length += end - start
    if (this.#length <= LONGEST_LINE) this.#parts.push(Buffer.from(this.#chunk.subarray(start, end)))
    else this.#parts = []
  }
}
