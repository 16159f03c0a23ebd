import type { Random } from './random.ts'
import { key, personal, text } from './texts.ts'

/** A value of a log record, before it is written in a format. */
export type Value =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'array'; readonly items: readonly Value[] }
  | { readonly type: 'map'; readonly entries: readonly Entry[] }
  | { readonly type: 'empty' }

export interface Entry {
  readonly key: string
  readonly value: Value
}

export interface LogRecord {
  readonly body: Value
  readonly attributes: readonly Entry[]
  readonly severity: number
}

export interface LogRequest {
  readonly resources: readonly {
    readonly attributes: readonly Entry[]
    readonly scopes: readonly {
      readonly name: string
      readonly attributes: readonly Entry[]
      readonly records: readonly LogRecord[]
    }[]
  }[]
}

const DOUBLES = [0, -0, 5, 0.5, 1e300, -1e-7, 4111111111111111, Number.NaN, Number.POSITIVE_INFINITY, 5e-324]
const INTEGERS = [0n, 1n, -1n, 4111111111111111n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 123n]

export function value(random: Random, depth = 0): Value {
  const choice = random.below(depth < 4 ? 12 : 9)
  if (choice < 5) return { type: 'string', text: text(random) }
  switch (choice) {
    case 5:
      return { type: 'int', value: random.pick(INTEGERS) }
    case 6:
      return { type: 'double', value: random.pick(DOUBLES) }
    case 7:
      return random.oneIn(4) ? { type: 'empty' } : { type: 'bool', value: random.oneIn(2) }
    case 8:
      return { type: 'bytes', bytes: Buffer.from(random.oneIn(2) ? personal(random) : [0xff, 0xfe, random.below(256)]) }
    case 9:
      return { type: 'array', items: random.list(0, 4, () => value(random, depth + 1)) }
    default:
      return { type: 'map', entries: entries(random, depth + 1) }
  }
}

export function entries(random: Random, depth = 0): Entry[] {
  return random.list(0, 4, () => ({ key: key(random), value: value(random, depth) }))
}

export function logRequest(random: Random): LogRequest {
  return {
    resources: random.list(1, 2, () => ({
      attributes: entries(random),
      scopes: random.list(0, 2, () => ({
        name: text(random),
        attributes: random.oneIn(3) ? entries(random) : [],
        records: random.list(0, 4, () => ({
          body: value(random),
          attributes: entries(random),
          severity: random.below(24),
        })),
      })),
    })),
  }
}
