import { NO_FINGERPRINT } from '../sources/files/fingerprints.ts'
import type { OpenedFile } from '../sources/files/opened-file.ts'
import { compressionOf } from './content.ts'
import { Inflating } from './inflating.ts'
import { problemIn } from './input-problems.ts'
import type { ScanFormat } from './scan-format.ts'
import type { ScanRun } from './scan-run.ts'
import type { StoredOccurrence } from './scan-state.ts'
import type { StreamScan } from './stream-scan.ts'
import { Tally } from './tally.ts'

/** Bytes that are read before the format is known. */
const FIRST_BYTES = 64 * 1024
/** Compressed bytes that are read at a time: what they become is scanned as it comes. */
const COMPRESSED_BYTES = 64 * 1024

/** One file, from its beginning or from where it was left. */
export class FileScan {
  readonly #run: ScanRun
  readonly #path: string
  readonly #file: OpenedFile
  #tally = new Tally()
  #occurrences: StoredOccurrence[] = []
  #offset = 0
  #line = 0
  #format: ScanFormat | undefined

  constructor(run: ScanRun, path: string, file: OpenedFile) {
    this.#run = run
    this.#path = path
    this.#file = file
  }

  async run(): Promise<void> {
    await this.#recall()
    const beginning = await this.#file.bytes(0, 4)
    const compression = compressionOf(beginning)
    const start = { offset: this.#offset, line: this.#line, skip: compression !== undefined }
    const stream = this.#run.scanOf(this.#tally, start, this.#run.keeper(this.#path, this.#occurrences), this.#format)
    const problem = await problemIn(() =>
      compression === undefined ? this.#plain(stream) : this.#compressed(stream, compression),
    )
    const late = await problemIn(async () => stream.flush())
    await this.#keep(stream, compression === undefined)
    const whole = new Tally()
    whole.merge(this.#tally)
    const last = await problemIn(async () => {
      if (!this.#run.stopped) stream.end(whole)
    })
    this.#run.ended({ file: this.#path, format: stream.format, tally: whole, problem: problem ?? late ?? last })
  }

  async #recall(): Promise<void> {
    const state = this.#run.stateOf(this.#file.identity)
    if (state === undefined) return
    const { fingerprints } = this.#run
    const isSame =
      state.tail.bytes === 0
        ? await fingerprints.begins(this.#file, state.head)
        : await fingerprints.matches(this.#file, state)
    // Another file, or another content: what was found before is not in it.
    if (!isSame) return
    this.#run.recall(this.#path, state)
    this.#tally.merge(state.tally)
    this.#occurrences = [...state.occurrences]
    this.#offset = state.offset
    this.#line = state.line
    this.#format = state.format as ScanFormat
  }

  async #plain(stream: StreamScan): Promise<void> {
    let at = this.#offset
    this.#run.read(at)
    const first = Buffer.alloc(FIRST_BYTES)
    for (;;) {
      const target = stream.buffer?.room ?? first
      const count = await this.#file.read(target, at)
      if (count === 0) return
      at += count
      this.#run.read(count)
      if (stream.buffer === undefined) stream.push(first.subarray(0, count))
      else stream.buffer.take(count)
      if (!(await this.#run.goesOn(this.#tally))) return
      if (this.#run.isStateDue && stream.place.offset > this.#offset) await this.#keep(stream, true)
    }
  }

  async #compressed(stream: StreamScan, compression: 'gzip' | 'zstd'): Promise<void> {
    const inflating = new Inflating(compression, (part) => stream.push(part))
    try {
      for (let at = 0; ; ) {
        const bytes = await this.#file.bytes(at, COMPRESSED_BYTES)
        if (bytes.length === 0) break
        at += bytes.length
        this.#run.read(bytes.length)
        await inflating.write(bytes)
        if (!(await this.#run.goesOn(this.#tally))) return
        if (this.#run.isStateDue && stream.place.offset > this.#offset) await this.#keep(stream, false)
      }
      await inflating.finish()
    } finally {
      inflating.close()
    }
  }

  /** Says how far whole lines are scanned, with what was found up to there. */
  async #keep(stream: StreamScan, isPlain: boolean): Promise<void> {
    if (!this.#run.keepsState || stream.format === undefined || !stream.isSettled) return
    const { fingerprints } = this.#run
    const { offset, line } = stream.place
    const tally = new Tally()
    tally.merge(this.#tally)
    await this.#run.keep({
      identity: this.#file.identity,
      offset,
      line,
      format: stream.format,
      head: await fingerprints.head(this.#file),
      tail: isPlain ? await fingerprints.tail(this.#file, offset) : NO_FINGERPRINT,
      tally,
      occurrences: [...this.#occurrences],
    })
  }
}
