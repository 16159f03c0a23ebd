import fc from 'fast-check'
import type { Entries, LogRecord, Value } from '../conformance/model.ts'

/** Texts in which rules of `rules.ts` find something. Unlike anything else that is generated, so that they can be searched for. */
export const planted: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: 100_000, max: 999_999 }).map((n) => `jane${n}@plant.example`),
  fc.constantFrom('4111111111111111', '5555555555554444', '378282246310005', '6011 1111 1111 1117'),
  fc.integer({ min: 100_000, max: 999_999 }).map((n) => `zq-${n}`),
)

const clean = fc.oneof(
  fc.constantFrom(
    ' ',
    ' paid by ',
    'é',
    '界',
    '😀',
    '"',
    '\\',
    '\n',
    '\t',
    '\u0001',
    '/',
    ' [sealed:email:AAAAAAAA/0] ',
    '{}',
  ),
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', 'ü', '…'), maxLength: 6 }),
)

export const phrase: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: planted },
  { weight: 1, arbitrary: fc.array(clean, { maxLength: 3 }).map((pieces) => pieces.join('')) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(clean, planted, clean), { minLength: 1, maxLength: 3 })
      .map((pieces) => pieces.map(([before, found, after]) => `${before} ${found} ${after}`).join('')),
  },
)

export const KEYS = [
  'user',
  'user.email',
  'pin',
  'note',
  'note.sealed',
  'Items',
  'odd key',
  'ключ',
  '',
  '$map',
  '$bytes',
  'a.b.c',
  '"quoted"\n',
]

/** Keys as they are in logs; `personal` ones hold what rules find. */
export function keys(personal: boolean): fc.Arbitrary<string> {
  return personal
    ? fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...KEYS) },
        { weight: 1, arbitrary: planted },
        { weight: 1, arbitrary: planted.map((found) => `of ${found} today`) },
      )
    : fc.constantFrom(...KEYS)
}

const integer = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, -1n, 42n, 9_007_199_254_740_993n, 4_111_111_111_111_111n),
)

const double = fc.oneof(fc.double({ noNaN: false }), fc.constantFrom(0, -0, 5, 0.1, 1e21, 4_111_111_111_111_111))

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array)),
  phrase.map((text) => Buffer.from(text)),
)

const scalar: fc.Arbitrary<Value> = fc.oneof(
  { weight: 8, arbitrary: phrase.map((text): Value => ({ type: 'text', text })) },
  { weight: 1, arbitrary: integer.map((value): Value => ({ type: 'integer', value })) },
  { weight: 1, arbitrary: double.map((value): Value => ({ type: 'double', value })) },
  { weight: 1, arbitrary: fc.boolean().map((value): Value => ({ type: 'boolean', value })) },
  { weight: 1, arbitrary: bytes.map((content): Value => ({ type: 'bytes', bytes: content })) },
  { weight: 1, arbitrary: fc.constant<Value>({ type: 'null' }) },
)

function entriesOf(key: fc.Arbitrary<string>, value: fc.Arbitrary<Value>, maxLength: number): fc.Arbitrary<Entries> {
  return fc.array(fc.tuple(key, value), { maxLength })
}

function valueTree(key: fc.Arbitrary<string>): fc.Arbitrary<Value> {
  return fc.letrec<{ value: Value; map: Value; array: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: scalar },
      tie('map'),
      tie('array'),
    ),
    map: entriesOf(key, tie('value'), 3).map((entries): Value => ({ type: 'map', entries })),
    array: fc.array(tie('value'), { maxLength: 3 }).map((values): Value => ({ type: 'array', values })),
  })).value
}

/** @param personalKeys - whether keys may hold what rules find. */
export function logRecord(personalKeys: boolean): fc.Arbitrary<LogRecord> {
  const key = keys(personalKeys)
  const value = valueTree(key)
  return fc.record({
    resource: entriesOf(key, value, 2),
    scope: entriesOf(key, value, 1),
    body: fc.option(value, { nil: undefined }),
    attributes: entriesOf(key, value, 5),
  })
}

export function logRecords(personalKeys: boolean): fc.Arbitrary<LogRecord[]> {
  return fc.array(logRecord(personalKeys), { minLength: 1, maxLength: 3 })
}
