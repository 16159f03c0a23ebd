/** What a batch says, as plain values: every format is read into these. */
export type Plain =
  /** UTF-8, whatever stood there: bytes that are none have been replaced. */
  | { readonly kind: 'text'; readonly bytes: Buffer }
  /** A number, or bytes: the text that a reader may see in it. */
  | { readonly kind: 'number' | 'bytes' | 'boolean'; readonly bytes: Buffer }
  | { readonly kind: 'map'; readonly entries: Entries }
  | { readonly kind: 'array'; readonly items: readonly Plain[] }
  | { readonly kind: 'nothing' }

/** In order; keys may occur twice, and each of them is looked at. */
export type Entries = readonly (readonly [key: string, value: Plain])[]

/** How many records a holder speaks for: all of the batch, those of a resource, those of a scope, or one. */
export const LEVEL = { BATCH: 0, RESOURCE: 1, SCOPE: 2, RECORD: 3 } as const
export type Level = (typeof LEVEL)[keyof typeof LEVEL]

/** A record, or what is said once of several. Those that it speaks for follow it. */
export interface Holder {
  readonly level: Level
  readonly service: string
  /** Where its attributes are: `attributes`, `resource` or `scope`. */
  readonly root: string
  readonly attributes: Entries
  /** Its other values, by path: `body`, `severity`, `scope.name`. */
  readonly fields: readonly (readonly [path: string, value: Plain])[]
  /** What no schema knows: two readings of the same bytes may be among them. */
  readonly unknown: readonly Plain[]
  /** It is a text, since it could not be read as what it begins like. */
  readonly unreadable?: boolean
}

/** Nobody knows what the rest of the batch says. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
}

/** Containers in each other. */
export const MOST_DEPTH = 200
/** Values of one holder: each becomes an object. */
export const MOST_VALUES = 1 << 20

/** Counts the values of one holder. */
export class ValueBudget {
  #left = MOST_VALUES

  renew(): void {
    this.#left = MOST_VALUES
  }

  take(): void {
    this.#left -= 1
    if (this.#left < 0) throw new UnreadableError('a record has too many values')
  }
}

export const NOTHING: Plain = { kind: 'nothing' }

export function textOf(text: string): Plain {
  return { kind: 'text', bytes: Buffer.from(text) }
}

/** A number without what hides its digits: an exponent, or a fraction that is zero. */
export function digitsOf(source: string): string {
  const value = Number(source)
  const digits = /[eE]/.test(source) && Number.isFinite(value) ? String(value) : source
  return digits.replace(/\.0+$/, '')
}

export function numberOf(source: string): Plain {
  return { kind: 'number', bytes: Buffer.from(digitsOf(source)) }
}

export function booleanOf(value: boolean): Plain {
  return { kind: 'boolean', bytes: Buffer.from(String(value)) }
}

/** The service of a resource with these attributes; empty where it has no name that is a text. */
export function serviceOf(resource: Entries): string {
  for (const [key, value] of resource) {
    if (key === 'service.name' && value.kind === 'text') return value.bytes.toString('utf8')
  }
  return ''
}
