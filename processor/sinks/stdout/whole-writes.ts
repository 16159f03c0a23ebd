import type { Exclusive } from '../sink.ts'
import { type LineStream, standardOutput } from './line-stream.ts'

const LINE_BREAK = Buffer.from('\n')

/**
 * Writes lines to a stream, each as a whole: one write after the other, also of several sinks (when settings change, the
 * new one starts while the old one finishes) and of several workers. What a failed write has begun is ended first.
 */
export class WholeWrites {
  readonly #stream: LineStream
  #last: Promise<unknown> = Promise.resolve()
  #torn = false

  constructor(stream: LineStream) {
    this.#stream = stream
  }

  write(lines: readonly Buffer[], exclusive: Exclusive): Promise<void> {
    const result = this.#last.then(() => exclusive((torn) => this.#write(lines, torn)))
    this.#last = result.catch(() => {})
    return result
  }

  async #write(lines: readonly Buffer[], torn: boolean): Promise<void> {
    const before = this.#torn || torn ? [LINE_BREAK] : []
    this.#torn = true
    await this.#stream.write(Buffer.concat([...before, ...lines.flatMap((line) => [line, LINE_BREAK])]))
    this.#torn = false
  }
}

let ofProcess: WholeWrites | undefined

/** The standard output of this process, which all of its sinks share. */
export function standardWrites(): WholeWrites {
  ofProcess ??= new WholeWrites(standardOutput())
  return ofProcess
}
