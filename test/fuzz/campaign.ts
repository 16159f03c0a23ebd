import { inspect } from 'node:util'
import { FORMAT_NAMES, type FormatName } from '../../processor/index.ts'
import { ENGINES } from './engines.ts'
import { makeInput } from './inputs.ts'
import { check } from './oracles.ts'
import { Random } from './random.ts'

export interface Failed {
  readonly format: FormatName
  readonly engine: string
  /** Gives the same input again. */
  readonly seed: number
  readonly what: string
  readonly input: Buffer
}

/** What goes wrong with one input, an exception included. */
export function outcomeOf(format: FormatName, engine: number, input: Buffer, seed: number): string | undefined {
  try {
    return check(format, ENGINES[engine]!, input, seed)
  } catch (error) {
    return inspect(error)
  }
}

/** One input, made from its seed alone. */
export function runOne(seed: number, formats: readonly FormatName[] = FORMAT_NAMES): Failed | undefined {
  const random = new Random(seed)
  const format = random.pick(formats)
  const engine = random.below(ENGINES.length)
  const input = makeInput(random, format)
  const what = outcomeOf(format, engine, input, seed)
  return what === undefined ? undefined : { format, engine: ENGINES[engine]!.name, seed, what, input }
}
