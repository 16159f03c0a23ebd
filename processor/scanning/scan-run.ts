import { randomBytes } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { FieldsealError } from '../errors.ts'
import { Fingerprints } from '../sources/files/fingerprints.ts'
import { errnoOf, factsOf, OpenedFile } from '../sources/files/opened-file.ts'
import { compressionOf } from './content.ts'
import { FileScan } from './file-scan.ts'
import { Inflating } from './inflating.ts'
import { problemIn, unreadable } from './input-problems.ts'
import type { Occurrence } from './occurrences.ts'
import type { RecordScanner } from './record-scanner.ts'
import type { ScanFormat } from './scan-format.ts'
import { type FileState, type ScanState, type StoredOccurrence, writeScanState } from './scan-state.ts'
import { StreamScan } from './stream-scan.ts'
import { Tally } from './tally.ts'

/** Milliseconds between two writes of the state, and two turns for signals and the progress bar. */
const BETWEEN_STATES_MS = 2000
const BETWEEN_TURNS_MS = 50

export interface ScanRunOptions {
  readonly scanner: RecordScanner
  /** Undefined: by the content of each file. */
  readonly format: ScanFormat | undefined
  readonly mostLine: number
  /** How many places of findings are kept; 0 where nobody asks. */
  readonly mostOccurrences: number
  /** Where the state is written, and what it depends on. */
  readonly state?:
    | { readonly path: string; readonly options: string; readonly before: ScanState | undefined }
    | undefined
  readonly signal: AbortSignal
  /** Told now and then how many bytes of the files are read, and what is found. */
  readonly onProgress: (bytes: number, findings: number) => void
}

/** What came of one file. */
export interface ScannedFile {
  /** Undefined for the standard input. */
  readonly file: string | undefined
  readonly format: ScanFormat | undefined
  readonly tally: Tally
  /** Why not all of it was scanned. */
  readonly problem: FieldsealError | undefined
}

/** Scans files one after the other, and may be stopped and gone on with. */
export class ScanRun {
  readonly #options: ScanRunOptions
  readonly #fingerprints: Fingerprints
  readonly #states: Map<string, FileState>
  readonly files: ScannedFile[] = []
  readonly occurrences: Occurrence[] = []
  /** Findings whose places are not kept. */
  get leftOut(): number {
    return this.#options.mostOccurrences === 0 ? 0 : this.#found - this.occurrences.length
  }
  #found = 0
  #findingsBefore = 0
  #bytes = 0
  #turnAt = performance.now()
  /** The first is written at once: whether it can be is not to be found out at the end. */
  #stateAt = Number.NEGATIVE_INFINITY

  constructor(options: ScanRunOptions) {
    this.#options = options
    const before = options.state?.before
    this.#fingerprints = new Fingerprints(before?.key ?? randomBytes(32))
    this.#states = new Map(before?.files)
  }

  /** Whether it was stopped before the end. */
  get stopped(): boolean {
    return this.#options.signal.aborted
  }

  /** @throws FieldsealError `FIELDSEAL_POSITIONS_FAILED`, `FIELDSEAL_DETECTION_FAILED`; what is wrong with the file is kept. */
  async file(path: string): Promise<void> {
    if (this.stopped) return
    let opened: OpenedFile | undefined
    try {
      const facts = await factsOf(path)
      opened = facts.isFile ? await OpenedFile.open(path, facts.identity) : undefined
      if (opened === undefined) throw unreadable('it is no file')
    } catch (error) {
      const problem = error instanceof FieldsealError ? error : unreadable(`it cannot be read (${errnoOf(error)})`)
      this.files.push({ file: path, format: undefined, tally: new Tally(), problem })
      return
    }
    try {
      await new FileScan(this, path, opened).run()
    } finally {
      await opened.close()
    }
  }

  /** @throws FieldsealError `FIELDSEAL_DETECTION_FAILED`. */
  async stream(input: AsyncIterable<Uint8Array | string>): Promise<void> {
    const tally = new Tally()
    const stream = this.scanOf(tally, { offset: 0, line: 0, skip: false }, this.keeper(undefined))
    let inflating: Inflating | undefined
    let beginning = Buffer.alloc(0)
    let begun = false
    const take = async (bytes: Buffer): Promise<void> => {
      if (inflating === undefined) stream.push(bytes)
      else await inflating.write(bytes)
    }
    const begin = async (): Promise<void> => {
      begun = true
      const compression = compressionOf(beginning)
      if (compression !== undefined) inflating = new Inflating(compression, (part) => stream.push(part))
      await take(beginning)
    }
    const problem = await problemIn(async () => {
      try {
        for await (const chunk of input) {
          const bytes = Buffer.from(chunk as Uint8Array)
          this.#bytes += bytes.length
          if (begun) await take(bytes)
          else {
            beginning = Buffer.concat([beginning, bytes])
            if (beginning.length >= 4) await begin()
          }
          if (!(await this.goesOn(tally))) break
        }
        if (!begun) await begin()
        if (!this.stopped) await inflating?.finish()
      } catch (error) {
        // What it read was closed because it is to stop.
        if (!this.stopped) throw error
      } finally {
        inflating?.close()
      }
    })
    const late = await problemIn(async () => {
      stream.flush()
      if (!this.stopped) stream.end(tally)
    })
    this.files.push({ file: undefined, format: stream.format, tally, problem: problem ?? late })
  }

  /** What takes the bytes of one file. */
  scanOf(
    tally: Tally,
    start: { offset: number; line: number; skip: boolean },
    onOccurrence: ((occurrence: StoredOccurrence) => void) | undefined,
    format = this.#options.format,
  ): StreamScan {
    const { scanner, mostLine } = this.#options
    return new StreamScan({ scanner, format, mostLine, onOccurrence }, tally, start)
  }

  /** Takes places of findings in a file, as long as there is room; undefined where nobody asks. */
  keeper(file: string | undefined, stored?: StoredOccurrence[]): ((occurrence: StoredOccurrence) => void) | undefined {
    const { mostOccurrences } = this.#options
    if (mostOccurrences === 0) return undefined
    return (occurrence) => {
      this.#found += 1
      if (this.occurrences.length >= mostOccurrences) return
      this.occurrences.push({ file, ...occurrence })
      stored?.push(occurrence)
    }
  }

  /** Puts back what was kept of a file by an earlier run. */
  recall(file: string, { tally, occurrences }: FileState): void {
    const keep = this.keeper(file)
    for (const occurrence of occurrences) keep?.(occurrence)
    if (keep !== undefined) this.#found += tally.findings - occurrences.length
  }

  get fingerprints(): Fingerprints {
    return this.#fingerprints
  }

  stateOf(identity: string): FileState | undefined {
    return this.#states.get(identity)
  }

  get keepsState(): boolean {
    return this.#options.state !== undefined
  }

  /** Whether it is time to say how far a file is. */
  get isStateDue(): boolean {
    return this.keepsState && performance.now() - this.#stateAt >= BETWEEN_STATES_MS
  }

  async keep(state: FileState): Promise<void> {
    const { state: kept } = this.#options
    if (kept === undefined) return
    this.#states.set(state.identity, state)
    await writeScanState(kept.path, kept.options, { key: this.#fingerprints.key, files: this.#states })
    this.#stateAt = performance.now()
  }

  /** Bytes of a file that are read. */
  read(bytes: number): void {
    this.#bytes += bytes
  }

  /** Lets signals and the progress bar have a turn, where it is time. @returns whether to go on. */
  async goesOn(tally: Tally): Promise<boolean> {
    if (performance.now() - this.#turnAt < BETWEEN_TURNS_MS) return !this.stopped
    this.#options.onProgress(this.#bytes, this.#findingsBefore + tally.findings)
    await turn()
    this.#turnAt = performance.now()
    return !this.stopped
  }

  ended(file: ScannedFile): void {
    this.files.push(file)
    this.#findingsBefore += file.tally.findings
  }
}
