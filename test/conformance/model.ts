/** A record as every way in can say it, or nearly every: what the corpus is written in. */
export type Value =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'bytes'; readonly bytes: Buffer }
  | { readonly type: 'map'; readonly entries: Entries }
  | { readonly type: 'array'; readonly values: readonly Value[] }
  | { readonly type: 'null' }

/** In order; keys may occur twice. */
export type Entries = readonly (readonly [key: string, value: Value])[]

export interface LogRecord {
  readonly resource: Entries
  readonly scope: Entries
  readonly body: Value | undefined
  readonly attributes: Entries
}

export const text = (value: string): Value => ({ type: 'text', text: value })
export const integer = (value: bigint | number): Value => ({ type: 'integer', value: BigInt(value) })
export const double = (value: number): Value => ({ type: 'double', value })
export const boolean = (value: boolean): Value => ({ type: 'boolean', value })
export const bytes = (value: string | Uint8Array): Value => ({ type: 'bytes', bytes: Buffer.from(value) })
export const map = (...entries: Entries): Value => ({ type: 'map', entries })
export const array = (...values: readonly Value[]): Value => ({ type: 'array', values })
export const NULL: Value = { type: 'null' }

/** Every value of a tree, itself included, depth first. */
export function* valuesIn(value: Value): Iterable<Value> {
  yield value
  const children = value.type === 'map' ? value.entries.map(([, child]) => child) : []
  for (const child of value.type === 'array' ? value.values : children) yield* valuesIn(child)
}

export function* keysIn(entries: Entries): Iterable<string> {
  for (const [key, value] of entries) {
    yield key
    for (const inner of valuesIn(value)) if (inner.type === 'map') yield* inner.entries.map(([name]) => name)
  }
}

/** Every value of a record. */
export function valuesOf({ resource, scope, body, attributes }: LogRecord): Value[] {
  const all = [...resource, ...scope, ...attributes].map(([, value]) => value)
  return (body === undefined ? all : [...all, body]).flatMap((value) => [...valuesIn(value)])
}
