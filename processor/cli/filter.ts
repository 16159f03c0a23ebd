import { once } from 'node:events'
import { FieldsealError } from '../errors.ts'
import type { FormatName } from '../formats/index.ts'
import type { CommandIo } from './arguments.ts'
import type { Frame, FrameUnit, FramingLimits } from './frame.ts'
import { framingOf } from './framing.ts'

export interface FilterOptions {
  readonly format: FormatName
  readonly limits: FramingLimits
  /** What to do with a bad record: end the run, or leave it out. */
  readonly onError: 'stop' | 'skip'
  /**
   * @param number - of the first line, or of the request or message, from 1.
   * @throws FieldsealError, with the number of the record where it can be told.
   */
  transform(bytes: Buffer, number: number): Buffer
}

/** Codes that mean that a record is bad, and not that something is wrong with us. */
function isBadInput(error: unknown): error is FieldsealError {
  return error instanceof FieldsealError && error.exit === 65
}

/**
 * Reads frames from stdin, transforms them and writes the results to stdout.
 *
 * A bad record ends the run after everything before it has been written; with `skip` it is left out, and its number is
 * reported.
 *
 * @returns the exit code: 0, or 65 where a record was bad and the run was not to go on.
 */
export async function runFilter(options: FilterOptions, { stdin, stdout, stderr }: CommandIo): Promise<number> {
  const filter = new Filter(options, stdout, stderr)
  const framing = framingOf(options.format, options.limits)
  filter.unit = framing.unit
  try {
    for await (const chunk of stdin) {
      for (const frame of framing.push(Buffer.from(chunk as Uint8Array))) await filter.take(frame)
    }
    for (const frame of framing.end()) await filter.take(frame)
  } catch (error) {
    if (error instanceof Stopped) return 65
    if (isBadInput(error)) return filter.report(error, undefined)
    throw error
  }
  filter.summarise()
  return 0
}

/** The run ends at a bad record, which has been reported. */
class Stopped extends Error {}

class Filter {
  unit: FrameUnit = 'line'
  readonly #options: FilterOptions
  readonly #stdout: NodeJS.WritableStream
  readonly #stderr: NodeJS.WritableStream
  #skipped = 0

  constructor(options: FilterOptions, stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream) {
    this.#options = options
    this.#stdout = stdout
    this.#stderr = stderr
  }

  async take(frame: Frame): Promise<void> {
    if (frame.refused !== undefined) return this.#bad(frame.refused, frame.number)
    // A loop: as many lines of a batch may be bad as there are.
    for (let rest: Frame | undefined = frame; rest !== undefined; ) rest = await this.#begin(rest)
  }

  /** Writes a frame, or what comes before its first bad record; gives what comes behind that one. */
  async #begin(frame: Frame): Promise<Frame | undefined> {
    let error: FieldsealError
    try {
      const result = isBlank(frame.bytes) ? frame.bytes : this.#options.transform(frame.bytes, frame.number)
      await this.#write(frame, result)
      return undefined
    } catch (thrown) {
      if (!isBadInput(thrown)) throw thrown
      error = thrown
    }
    // Of a batch of lines all but the bad one are good; a request stands and falls as a whole.
    const { format } = this.#options
    const { record } = error.place
    const line = format === 'json-lines' || format === 'text' ? lineOfRecord(frame.bytes, record ?? 0) : undefined
    if (record === undefined || line === undefined) {
      this.#bad(error, frame.number)
      return undefined
    }
    if (line.start > 0) await this.take({ ...frame, bytes: frame.bytes.subarray(0, line.start) })
    this.#bad(error, frame.number + line.number)
    if (line.end === frame.bytes.length) return undefined
    return { ...frame, bytes: frame.bytes.subarray(line.end), number: frame.number + line.number + 1 }
  }

  #bad(error: FieldsealError, number: number): void {
    this.report(error, number)
    if (this.#options.onError === 'stop') throw new Stopped()
    this.#skipped += 1
  }

  report(error: FieldsealError, number: number | undefined): number {
    const place = number === undefined ? '' : `${this.unit} ${number}: `
    const left = this.#options.onError === 'skip' && number !== undefined ? ' (left out)' : ''
    this.#stderr.write(`${place}${error.code} ${error.message}${left}\n  ${error.hint}\n`)
    return error.exit
  }

  summarise(): void {
    if (this.#skipped > 0) this.#stderr.write(`${this.#skipped} left out\n`)
  }

  async #write(frame: Frame, result: Buffer): Promise<void> {
    for (const part of [frame.before(result.length), result, frame.after]) {
      if (part.length > 0 && !this.#stdout.write(part)) await once(this.#stdout, 'drain')
    }
  }
}

/** As the formats see it: a byte order mark is nothing. */
function isBlank(bytes: Buffer): boolean {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  return bytes.subarray(start).every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)
}

/** Where the line of a record is: lines that are blank are no records. */
function lineOfRecord(
  bytes: Buffer,
  record: number,
): { readonly start: number; readonly end: number; readonly number: number } | undefined {
  let start = 0
  let seen = 0
  for (let number = 0; start < bytes.length; number += 1) {
    const newline = bytes.indexOf(0x0a, start)
    const end = newline < 0 ? bytes.length : newline + 1
    if (!isBlank(bytes.subarray(start, end))) {
      if (seen === record) return { start, end, number }
      seen += 1
    }
    start = end
  }
  return undefined
}
