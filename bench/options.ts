import { parseArgs } from 'node:util'

export interface Options {
  /** Rounds of the groups that figures come from. */
  readonly runs: number
  /** Rounds of all other groups. */
  readonly otherRuns: number
  /** Wall seconds of one timed stretch. */
  readonly seconds: number
  /** Only cells whose name holds this. */
  readonly only: string
  readonly quick: boolean
}

const FULL = { runs: 5, seconds: 1.5 } as const
const QUICK = { runs: 1, seconds: 0.3 } as const

/** @throws `TypeError` of node:util for an unknown option, `RangeError` for a number of runs that is none. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: '' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  })
  const chosen = values.quick ? QUICK : FULL
  const runs = values.runs === undefined ? chosen.runs : Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError('--runs takes a whole number from 1')
  return {
    runs,
    otherRuns: Math.max(1, Math.floor(runs / 2)),
    seconds: chosen.seconds,
    only: values.only,
    quick: values.quick,
  }
}
