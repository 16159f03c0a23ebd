/** For tests of programs that log: `fieldseal/testing`. */

import { AssertionError } from 'node:assert'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { CANARIES } from './canaries.ts'
import { Hunt } from './leaks.ts'
import { kindOf, type Logger } from './shapes.ts'

export { CANARIES } from './canaries.ts'

/** Gives all that has arrived: a text, bytes, or a list of either or of records. A `{ file }` is read. */
export type Output = (() => unknown) | { readonly file: string }

export interface AssertSealedOptions {
  /** Where records come out, by name. */
  readonly outputs: Readonly<Record<string, Output>>
  /** Names out of `CANARIES`, or values by a name. Default: all of `CANARIES`. */
  readonly canaries?: readonly string[] | Readonly<Record<string, string>>
  /** Milliseconds to wait until all records have arrived. Default: 5000. */
  readonly timeout?: number
}

interface Sent {
  readonly mark: string
  readonly level: string
  readonly shape: string
  readonly canary: string
}

/**
 * Logs made-up values through every enabled level and every way of logging, and fails where one comes out in the clear.
 *
 * It also fails where a record has not arrived at one of the outputs: a logger that writes nothing leaks nothing.
 *
 * @param logger - of pino, of winston, or of the OpenTelemetry API.
 * @throws {AssertionError} whose message says which levels, ways and outputs; it holds no value.
 * @throws {TypeError} where logger or options are none that it knows.
 */
export async function assertSealed(logger: Logger, options: AssertSealedOptions): Promise<void> {
  const kind = kindOf(logger)
  if (kind === undefined) throw new TypeError('the logger is none of pino, winston or the OpenTelemetry API')
  const outputs = Object.entries(options.outputs)
  if (outputs.length === 0) throw new TypeError('`outputs` names no output: nothing would be looked at')
  if (kind.levels.length === 0) throw new TypeError('the logger has no level that is enabled')
  const canaries = Object.entries(chosen(options.canaries ?? CANARIES))
  if (canaries.length === 0) throw new TypeError('`canaries` has no value: nothing would be looked for')

  const run = `run${randomBytes(4)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)}`
  const sent: Sent[] = []
  for (const level of kind.levels)
    for (const shape of kind.shapes)
      for (const [canary, value] of canaries) {
        const mark = `${run}x${letters(sent.length)}z`
        sent.push({ mark, level, shape: shape.name, canary })
        shape.log(logger, level, mark, value)
      }
  if (typeof logger.flush === 'function') logger.flush(() => {})

  const problems: string[] = []
  for (const [name, output] of outputs) {
    const records = await arrived(output, sent, options.timeout ?? 5000)
    problems.push(...missing(name, records, sent), ...leaked(name, records, sent, canaries))
  }
  if (problems.length > 0) throw new AssertionError({ message: problems.join('\n') })
}

/** Reads an output until all has arrived that was sent, or the time is over. */
async function arrived(output: Output, sent: readonly Sent[], timeout: number): Promise<readonly string[]> {
  const end = Date.now() + timeout
  for (;;) {
    const records = recordsOf(typeof output === 'function' ? await output() : await readFile(output.file))
    const text = records.join('\n')
    if (sent.every(({ mark }) => text.includes(mark)) || Date.now() >= end) return records
    await setTimeout(20)
  }
}

function recordsOf(read: unknown): string[] {
  if (typeof read === 'string') return read.split('\n')
  if (read instanceof Uint8Array) return Buffer.from(read).toString().split('\n')
  if (Array.isArray(read)) return read.flatMap(recordsOf)
  return [shown(read)]
}

/** All that can be seen of a record, the bytes of buffers as text. */
function shown(record: unknown): string {
  const buffers: string[] = []
  const seen = new Set<unknown>()
  const gather = (value: unknown) => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (value instanceof Uint8Array) buffers.push(Buffer.from(value).toString('latin1'))
    else for (const inner of value instanceof Map ? value : Object.values(value)) gather(inner)
  }
  gather(record)
  const options = {
    depth: Infinity,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Infinity,
    showHidden: true,
  }
  return [inspect(record, options), ...buffers].join(' ')
}

function missing(output: string, records: readonly string[], sent: readonly Sent[]): string[] {
  const text = records.join('\n')
  const lost = sent.filter(({ mark }) => !text.includes(mark))
  if (lost.length === 0) return []
  const ways = [...new Set(lost.map(({ level, shape }) => `${level} x ${shape}`))]
  return [`${output}: ${lost.length} of ${sent.length} records have not arrived: ${ways.slice(0, 8).join(', ')}`]
}

function leaked(
  output: string,
  records: readonly string[],
  sent: readonly Sent[],
  canaries: readonly (readonly [string, string])[],
): string[] {
  const found = new Set<string>()
  const hunt = new Hunt(canaries.map(([place, text]) => ({ place, text })))
  for (const record of records) {
    for (const { place: name, encoding } of hunt.in(record)) {
      const from = sent.find(({ mark }) => record.includes(mark))
      const way = from === undefined ? 'a record of unknown origin' : `${from.level} x ${from.shape}`
      found.add(`${way} x ${output}: ${name} is in the clear (${encoding})`)
    }
  }
  return [...found]
}

function chosen(canaries: readonly string[] | Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!Array.isArray(canaries)) return canaries as Readonly<Record<string, string>>
  return Object.fromEntries(
    canaries.map((name: string) => {
      const value = CANARIES[name]
      if (value === undefined)
        throw new TypeError(`there is no canary of that name: ${Object.keys(CANARIES).join(', ')}`)
      return [name, value]
    }),
  )
}

/** A number in letters: digits could be taken for somebody's. */
function letters(number: number): string {
  return [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
}
