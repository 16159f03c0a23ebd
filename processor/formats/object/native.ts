/**
 * What JavaScript has and MessagePack has not, written as extensions, so that a reader can make the value again from the
 * text that was looked through. Only the writer makes them: what is opened never becomes one (see `json.ts`).
 */
export const NATIVE = {
  /** First in a map or array that is no plain object or array; its one byte says what it is: see `MARK`. */
  MARK: 1,
  UNDEFINED: 2,
  /** Its decimal digits. */
  BIGINT: 3,
  /** Its ISO 8601 text, or `Invalid Date`. */
  DATE: 4,
  URL: 5,
  REGEXP: 6,
  /** The number of the symbol among those of the record, in four bytes, and its description. */
  SYMBOL: 7,
  /** Bytes that are no Buffer. */
  UINT8_ARRAY: 8,
} as const

/** Containers that are written as maps and arrays. Errors have `ERROR` or above, typed arrays `TYPED_ARRAY` or above. */
export const MARK = { MAP: 0, SET: 1, NULL_PROTOTYPE: 2, ERROR: 16, TYPED_ARRAY: 32 } as const

/** Bytes of a symbol's number. */
export const SYMBOL_NUMBER = 4

/** First byte of an extension whose content is one byte: marks, and `UNDEFINED`. */
export const FIXEXT1 = 0xd4
/** Bytes of such an extension. */
export const FIXEXT1_SIZE = 3
/** Bytes of the first entry of a map that has a mark: the mark, and nil. */
export const MARKED_ENTRY_SIZE = FIXEXT1_SIZE + 1

/** Errors of the language: any other comes back as an `Error` of its name. */
export const ERRORS_OF_LANGUAGE = [
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError,
] as const

export const TYPED_ARRAYS = [
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const

/** Whether a map or array whose content starts at `at` has a mark. */
export function hasMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === FIXEXT1 && bytes[at + 1] === NATIVE.MARK
}
