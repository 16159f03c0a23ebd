/** For tests of programs that log: `fieldseal/testing`. */

import { AssertionError } from 'node:assert'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { canaryOf, DEFAULT_CANARIES, type PlantedCanary } from './canaries.ts'
import { Hunt } from './leaks.ts'
import { kindOf, type Logger } from './shapes.ts'

export { CANARIES, DEFAULT_CANARIES } from './canaries.ts'

/** Gives all that has arrived: a text, bytes, or a list of either or of records. A `{ file }` is read. */
export type Output = (() => unknown) | { readonly file: string }

export interface AssertSealedOptions {
  /** Where records come out, by name. */
  readonly outputs: Readonly<Record<string, Output>>
  /**
   * What the rules have to seal: names out of `CANARIES`, which are those of detectors, or values by a name, of four
   * characters at least. Default: `DEFAULT_CANARIES`, for all that the default rules look for.
   */
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
  const canaries = chosen(options.canaries ?? DEFAULT_CANARIES)
  if (canaries.length === 0) throw new TypeError('`canaries` has no value: nothing would be looked for')

  const run = `run${randomBytes(4)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)}`
  const sent: Sent[] = []
  for (const [number, { name, text, key }] of canaries.entries())
    for (const [row, shape] of kind.shapes.entries()) {
      if (key !== undefined && shape.isField !== true) continue
      for (const level of levelsFor(kind.levels, canaries.length, number + row)) {
        const mark = `${run}x${letters(sent.length)}z`
        sent.push({ mark, level, shape: shape.name, canary: name })
        shape.log(logger, level, mark, text, key ?? 'canary')
      }
    }
  if (typeof logger.flush === 'function') logger.flush(() => {})

  const problems: string[] = []
  for (const [name, output] of outputs) {
    const records = await arrived(output, sent, options.timeout ?? 5000)
    problems.push(...missing(name, records, sent), ...leaked(name, records, sent, canaries))
  }
  if (problems.length > MOST_PROBLEMS)
    problems.splice(MOST_PROBLEMS, Infinity, `and ${problems.length - MOST_PROBLEMS} more`)
  if (problems.length > 0) throw new AssertionError({ message: problems.join('\n') })
}

/** Lines of a message, which has one for each value, way and output. */
const MOST_PROBLEMS = 100

/** All of them for a few values; of many each takes one, so that all together have each level in each shape. */
function levelsFor(levels: readonly string[], canaries: number, turn: number): readonly string[] {
  return canaries < 2 * levels.length ? levels : [levels[turn % levels.length]!]
}

/** Reads an output until all has arrived that was sent, or the time is over. */
async function arrived(output: Output, sent: readonly Sent[], timeout: number): Promise<readonly string[]> {
  const end = Date.now() + timeout
  for (;;) {
    const records = recordsOf(typeof output === 'function' ? await output() : await readFile(output.file))
    if (lostOf(records, sent).length === 0 || Date.now() >= end) return records
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

/** A mark is one that nothing else in a record is like. */
const MARK = /run[a-p]{8}x[a-j]+z/g

function marksIn(record: string): string[] {
  return record.match(MARK) ?? []
}

function lostOf(records: readonly string[], sent: readonly Sent[]): readonly Sent[] {
  const arrived = new Set(records.flatMap(marksIn))
  return sent.filter(({ mark }) => !arrived.has(mark))
}

function missing(output: string, records: readonly string[], sent: readonly Sent[]): string[] {
  const lost = lostOf(records, sent)
  if (lost.length === 0) return []
  const ways = [...new Set(lost.map(({ level, shape }) => `${level} x ${shape}`))]
  return [`${output}: ${lost.length} of ${sent.length} records have not arrived: ${ways.slice(0, 8).join(', ')}`]
}

function leaked(
  output: string,
  records: readonly string[],
  sent: readonly Sent[],
  canaries: readonly PlantedCanary[],
): string[] {
  const found = new Set<string>()
  const [short, long] = [canaries.filter(isShort), canaries.filter((canary) => !isShort(canary))]
  const hunt = new Hunt(long.map(({ name, value }) => ({ place: name, text: value })))
  const words = short.map(({ name, value }) => ({ place: name, word: wordOf(value) }))
  const byMark = new Map(sent.map((one) => [one.mark, one]))
  for (const record of records) {
    const leaks = [
      ...hunt.in(record),
      ...words.filter(({ word }) => word.test(record)).map(({ place }) => ({ place, encoding: 'as it is' })),
    ]
    for (const { place, encoding } of leaks) {
      const ways = marksIn(record).flatMap((mark) => byMark.get(mark) ?? [])
      // A value may be a part of what is logged for another detector: in a record with a mark its own counts.
      const from = ways.find(({ canary }) => canary === place)
      if (from === undefined && ways.length > 0) continue
      const way = from === undefined ? 'a record of unknown origin' : `${from.level} x ${from.shape}`
      found.add(`${way} x ${output}: ${place} is in the clear (${encoding})`)
    }
  }
  return [...found]
}

/** Shorter ones would be found by chance in what is encrypted, and are looked for as words alone. */
function isShort({ value }: PlantedCanary): boolean {
  return value.length < 8
}

function wordOf(value: string): RegExp {
  return new RegExp(`(?<![\\w+/-])${value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w+/-])`, 'i')
}

function chosen(canaries: readonly string[] | Readonly<Record<string, string>>): PlantedCanary[] {
  if (Array.isArray(canaries)) return canaries.map(canaryOf)
  return Object.entries(canaries).map(([name, value]) => {
    if (value.length < 4) throw new TypeError(`a value of less than four characters stands everywhere: ${name}`)
    return { name, text: value, value }
  })
}

/** A number in letters: digits could be taken for somebody's. */
function letters(number: number): string {
  return [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
}
