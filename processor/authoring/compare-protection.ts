import { type Cover, type Covers, type Protection, WHOLE } from './protection.ts'

/** A part of a value that two rule sets treat differently. */
export interface Difference {
  /**
   * `protected`: in the clear before, and not any more. `clear`: the other way round. `action`: it becomes something
   * else. `recipients`: others can open it.
   */
  readonly kind: 'protected' | 'clear' | 'action' | 'recipients'
  /** `value <offset>` or `name <offset of the entry>`. */
  readonly unit: string
  /** Bytes of the value's text. */
  readonly start: number
  readonly end: number
  readonly before: Protection | undefined
  readonly after: Protection | undefined
}

/** Every part that is treated differently, each as long as the same rules have it. */
export function differencesBetween(before: Covers, after: Covers): Difference[] {
  const units = new Set([...before.keys(), ...after.keys()])
  return [...units].flatMap((unit) => unitDifferences(unit, before.get(unit) ?? [], after.get(unit) ?? []))
}

function unitDifferences(unit: string, before: readonly Cover[], after: readonly Cover[]): Difference[] {
  const differences: Difference[] = []
  for (const [start, end] of segments([...before, ...after])) {
    const old = strongestIn(before, start, end)
    const now = strongestIn(after, start, end)
    const kind = kindOf(old, now)
    if (kind === undefined) continue
    const last = differences.at(-1)
    const goesOn =
      last !== undefined && last.end === start && last.kind === kind && last.before === old && last.after === now
    if (goesOn) differences[differences.length - 1] = { ...last, end }
    else differences.push({ kind, unit, start, end, before: old, after: now })
  }
  return differences
}

/** What is left between the starts and ends of all covers. */
function segments(covers: readonly Cover[]): [number, number][] {
  const edges = [...new Set(covers.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b)
  return edges.slice(1).map((end, index) => [edges[index]!, end])
}

function strongestIn(covers: readonly Cover[], start: number, end: number): Cover | undefined {
  let best: Cover | undefined
  for (const cover of covers) {
    if (cover.start <= start && cover.end >= end && (best === undefined || cover.rank < best.rank)) best = cover
  }
  return best
}

function kindOf(old: Cover | undefined, now: Cover | undefined): Difference['kind'] | undefined {
  // What an earlier stage has made of a value stays, whatever the rules are.
  if (old?.isDone === true || now?.isDone === true) return undefined
  if (old === undefined) return now === undefined ? undefined : 'protected'
  if (now === undefined) return 'clear'
  if (old.action !== now.action) return 'action'
  return old.recipients.join('\n') === now.recipients.join('\n') ? undefined : 'recipients'
}

/** The part of a value's text that a difference is about. */
export function textOfDifference({ start, end }: Difference, text: string): string {
  const bytes = Buffer.from(text)
  return bytes.toString('utf8', start, end === WHOLE ? bytes.length : end)
}
