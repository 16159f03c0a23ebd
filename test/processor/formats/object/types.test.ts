import { deepStrictEqual, notStrictEqual } from 'node:assert'
import { afterAll, describe, expect, test } from 'vitest'
import { openObject } from '../../../../processor/open.ts'
import { EVERYONE, engineFor, envelopeOf, KEY_PAIRS } from '../../engine/fixtures.ts'

const engine = engineFor([
  { id: 'mails', detect: 'email', seal: { to: 'all' } },
  { id: 'contact', path: 'attributes.contact', seal: { to: 'dpo' } },
  { id: 'pin', key: '^pin$', drop: {} },
])
const keys = EVERYONE.map((name) => KEY_PAIRS[name].privateJwk)
const MAIL = 'jane@example.com'

afterAll(() => engine.close())

class Account {
  readonly id = 7
}

const VALUES: readonly (readonly [string, unknown])[] = [
  ['a text', 'text'],
  ['an empty text', ''],
  ['a text of all planes', 'aé界😀'.repeat(20)],
  ['a long text', 'x'.repeat(70_000)],
  ['a text of 31 bytes', 'x'.repeat(31)],
  ['a text of 32 bytes', 'x'.repeat(32)],
  ['a text of 85 characters of three bytes', '界'.repeat(85)],
  ['a text of 86 characters', 'x'.repeat(86)],
  ['half of a surrogate pair', 'a\ud800b\udc00'],
  ['both halves the wrong way round, beside what is well formed', '\udc00\ud800 é \ufffd 😀 \udbff'],
  ['zero', 0],
  ['minus zero', -0],
  ['small integers', [1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31 - 1, -1, -32, -33, -129, -(2 ** 31)]],
  ['large integers', [2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 31) - 1, -(2 ** 32), -(2 ** 53) + 1, 2 ** 53, 1e21]],
  ['fractions', [0.1, -1.5, 5e-324, Number.MAX_VALUE]],
  ['numbers that JSON lacks', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ['bigints', [0n, -1n, 2n ** 53n, 2n ** 63n, -(2n ** 64n), 10n ** 40n]],
  ['booleans and null', [true, false, null]],
  ['undefined', undefined],
  ['undefined in an array', [undefined, 1]],
  ['a symbol', Symbol('state')],
  ['a symbol without a description', Symbol()],
  ['a Buffer', Buffer.from([0, 255])],
  ['an empty Buffer', Buffer.alloc(0)],
  ['a Uint8Array', new Uint8Array([1, 2, 3])],
  ['a Uint8Array of one byte', new Uint8Array([1])],
  ['a large Uint8Array', new Uint8Array(70_000)],
  ['typed arrays', [new Float64Array([0.5, -0]), new Int8Array([-1]), new BigUint64Array([1n]), new Float32Array(0)]],
  ['a date', new Date(1_700_000_000_123)],
  ['no date', new Date(Number.NaN)],
  ['a URL', new URL('https://example.com/a?b=c#d')],
  ['a pattern', /a\/[b/]"/giu],
  ['an empty object and array', [{}, []]],
  ['nested objects', { a: { b: [{ c: 1 }] } }],
  [
    'a map',
    new Map<unknown, unknown>([
      ['a', 1],
      [1, 'b'],
      [null, null],
      [true, undefined],
      [2n, {}],
    ]),
  ],
  [
    'a map with objects as keys',
    new Map<unknown, unknown>([
      [{ a: [1] }, 1],
      [new Date(0), 2],
    ]),
  ],
  ['an empty map and set', [new Map(), new Set()]],
  ['a set', new Set<unknown>(['a', 1, { b: 2 }, new Set([1])])],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1, ['__proto__']: 2 })],
  ['keys of the prototype', { ['__proto__']: { x: 1 }, toString: 'x', constructor: 1, hasOwnProperty: null }],
  ['many keys', Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]))],
  ['many elements', Array.from({ length: 20 }, (_, i) => i)],
  ['an error', new Error('oops')],
  ['errors of the language', [new TypeError('a'), new RangeError('b'), new AggregateError([new Error('c'), 'd'], 'e')]],
  ['an error with a cause', new Error('oops', { cause: new SyntaxError('because', { cause: { a: 1 } }) })],
  ['an error with properties', Object.assign(new Error('oops'), { code: 'E1', details: { a: [1] }, ['__proto__']: 1 })],
]

describe('comes back as it was', () => {
  test.each(VALUES)('%s', (_, value) => {
    const { record, edited, values } = engine.sealObject({ value })
    deepStrictEqual(record, { value })
    expect(edited).toBe(false)
    expect(values.size).toBe(0)
    if (typeof value === 'object' && value !== null) notStrictEqual(record.value, value)
  })

  test.each(VALUES)('beside what is sealed: %s', (_, value) => {
    const { record, edited } = engine.sealObject({ value, list: [value], to: MAIL, more: value })
    deepStrictEqual([record.value, record.list, record.more], [value, [value], value])
    expect(edited).toBe(true)
    const opened = openObject(record, { keys })
    expect(opened).toMatchObject({ opened: 1, unopened: 0, moved: 0 })
    deepStrictEqual(opened.record, { value, list: [value], to: MAIL, more: value })
  })

  test('all of them at once', () => {
    const all = Object.fromEntries(VALUES.filter(([name]) => name !== 'many keys'))
    deepStrictEqual(engine.sealObject({ ...all, to: MAIL }).record['an error'], all['an error'])
    deepStrictEqual(engine.sealObject(all).record, all)
  })
})

describe('sealed whole and opened it is', () => {
  test.each<[string, unknown, string, unknown?]>([
    ['a text', 'x', 'text'],
    ['half of a surrogate pair', 'a\ud800', 'text'],
    ['an integer', 42, 'number'],
    ['a large integer', 2 ** 53 - 1, 'number'],
    ['an integer beyond', 1e21, 'number'],
    ['minus zero', -0, 'number'],
    ['NaN', Number.NaN, 'number'],
    ['a fraction', 0.1, 'number'],
    ['a bigint', 2n ** 64n, 'number'],
    ['a bigint that a number can hold, as that', 5n, 'number', 5],
    ['a boolean', false, 'boolean'],
    ['a Buffer', Buffer.from([255]), 'bytes'],
    ['a Uint8Array, as a Buffer', new Uint8Array([255, 1]), 'bytes', Buffer.from([255, 1])],
    ['a date, as its text', new Date(0), 'text', '1970-01-01T00:00:00.000Z'],
    ['a URL, as its text', new URL('http://a.example/'), 'text', 'http://a.example/'],
    ['a symbol, as its description', Symbol('x'), 'text', 'x'],
    ['an object', { a: [1, 0.5, null, { b: 'é' }], c: Buffer.from('x'), d: Number.NaN, e: 2n ** 70n }, 'otlp+json'],
    ['an object that looks like a mark', { $bytes: 'eA==' }, 'otlp+json'],
    ['an object with undefined, without it', { a: undefined, b: [undefined] }, 'otlp+json', { b: [null] }],
    ['a map, as an object', new Map([['a', 1]]), 'otlp+json', { a: 1 }],
    ['a set, as an array', new Set([1, 2]), 'otlp+json', [1, 2]],
    ['a typed array, as an array', new Float32Array([1.5]), 'otlp+json', [1.5]],
    [
      'an object without a prototype, as one with it',
      Object.assign(Object.create(null), { a: 1 }),
      'otlp+json',
      { a: 1 },
    ],
  ])('%s', (_, value, cty, expected = value) => {
    const { record } = engine.sealObject({ contact: value })
    expect(envelopeOf(record.contact)).toMatchObject({ cty, path: 'attributes.contact' })
    deepStrictEqual(openObject(record, { keys }).record, { contact: expected })
  })

  test('an error, as an object with its fields', () => {
    const error = Object.assign(new TypeError('x'), { code: 1 })
    const { record } = engine.sealObject({ contact: error })
    const fields = { name: 'TypeError', message: 'x', stack: error.stack, code: 1 }
    deepStrictEqual(openObject(record, { keys }).record, { contact: fields })
  })

  test('a map whose keys are no texts, as a map of pairs that no reader takes for one of ours', () => {
    const { record } = engine.sealObject({
      contact: new Map<unknown, unknown>([
        [1, 2],
        [null, 3],
      ]),
    })
    deepStrictEqual(openObject(record, { keys }).record, { contact: { 1: 2, null: 3 } })
  })
})

describe('where something is found in', () => {
  test('an error, it stays one, with what is sealed', () => {
    const error = Object.assign(new RangeError(`no ${MAIL} here`, { cause: new Error(`of ${MAIL}`) }), { to: MAIL })
    const err = engine.sealObject({ err: error }).record.err as RangeError & { to: string }
    expect(err).toBeInstanceOf(RangeError)
    expect(err.message).toMatch(/^no \[sealed:email:[\w-]{8}\/\d\] here$/)
    expect(err.cause).toBeInstanceOf(Error)
    expect(`${err.stack} ${(err.cause as Error).message} ${(err.cause as Error).stack}`).not.toContain(MAIL)
    expect(err.to).toMatch(/^\{"protected":"/)
  })

  test('an error of another class, it is an error of that name', () => {
    class Refused extends Error {}
    const err = engine.sealObject({ err: new Refused('x'), to: MAIL }).record.err as Error
    expect(err).toBeInstanceOf(Error)
    expect(err.name).toBe('Refused')
  })

  test('the errors of an aggregate', () => {
    const err = engine.sealObject({ err: new AggregateError([new Error(`to ${MAIL}`)], 'all') }).record.err
    expect(err).toBeInstanceOf(AggregateError)
    expect((err as AggregateError).errors[0].message).toMatch(/^to \[sealed:email/)
  })

  test('maps and sets', () => {
    const { record } = engine.sealObject({ m: new Map([['a', `to ${MAIL}`]]), s: new Set([`to ${MAIL}`, 1]) })
    expect([...(record.m as Map<string, string>).values()][0]).toMatch(/^to \[sealed:email/)
    expect([...(record.s as Set<unknown>)]).toEqual([expect.stringMatching(/^to \[sealed:email/), 1])
  })

  test('what is given by its text, it becomes a text', () => {
    const { record } = engine.sealObject({
      url: new URL(`https://example.com/?q=${MAIL}`),
      pattern: /of jane@example\.com|of jane@example.com/,
      symbol: Symbol(`of ${MAIL}`),
    })
    expect(record.url).toMatch(/^https:\/\/example\.com\/\?q=\[sealed:email/)
    expect(record.pattern).toMatch(/\[sealed:email/)
    expect(record.symbol).toMatch(/^of \[sealed:email/)
  })

  test('bytes and bigints, they are sealed whole', () => {
    const cards = engineFor([{ id: 'all', detect: ['email', 'payment_card'], seal: { to: 'all' } }])
    const { record } = cards.sealObject({
      a: Buffer.from(`of ${MAIL}`),
      b: new TextEncoder().encode(`of ${MAIL}`),
      c: 4_111_111_111_111_111n,
      d: 4_111_111_111_111_111,
    })
    expect(Object.values(record).map((value) => envelopeOf(value).cty)).toEqual(['bytes', 'bytes', 'number', 'number'])
    cards.close()
  })

  test('a typed array from which numbers are taken is an array', () => {
    const cards = engineFor([{ id: 'cards', detect: 'payment_card', mask: {} }])
    expect(cards.sealObject({ a: new Float64Array([1, 4_111_111_111_111_111]) }).record).toEqual({ a: [1, '****'] })
    cards.close()
  })

  test('a key of a map', () => {
    const { record } = engine.sealObject({ m: new Map([[MAIL, 1]]), k: new Map([[[MAIL], 1]]) })
    for (const map of [record.m, record.k] as Map<string, string>[]) {
      const [[key, value]] = [...map] as [[string, string]]
      expect(key).toMatch(/^sealed:[\w-]{8}$/)
      expect(value).toMatch(/^\{"protected"/)
    }
    const { m, k } = openObject(record, { keys }).record
    expect(m).toEqual(new Map([[MAIL, 1]]))
    expect(k).toEqual(new Map([[[MAIL], 1]]))
  })
})

describe('what becomes something else', () => {
  test.each<[string, () => unknown, unknown]>([
    ['an instance of a class is a plain object', () => new Account(), { id: 7 }],
    ['a function is undefined', () => () => 1, undefined],
    ['a function with toJSON too', () => Object.assign(() => 1, { toJSON: () => MAIL }), undefined],
    [
      'boxed primitives are what they hold',
      () => [new Number(5), new String('a'), new Boolean(true), Object(5n)],
      [5, 'a', true, 5n],
    ],
    ['toJSON is asked, with the key', () => ({ toJSON: (key: string) => `as ${key}` }), 'as value'],
    [
      'what toJSON gives is written as it is',
      () => ({ toJSON: () => ({ toJSON: () => 1, a: new Date(0) }) }),
      { toJSON: undefined, a: new Date(0) },
    ],
    ['a date with its own toJSON', () => Object.assign(new Date(0), { toJSON: () => 'then' }), 'then'],
    ['a date with properties loses them', () => Object.assign(new Date(0), { secret: 1 }), new Date(0)],
    ['an element that is absent is undefined', () => Object.assign(new Array(2), { 1: 1 }), [undefined, 1]],
    ['an array with properties loses them', () => Object.assign([1], { secret: 1 }), [1]],
    ['keys that are symbols are left out', () => ({ a: 1, [Symbol.for('level')]: 'info' }), { a: 1 }],
    ['what cannot be enumerated is left out', () => Object.defineProperty({ a: 1 }, 'b', { value: 2 }), { a: 1 }],
    ['an ArrayBuffer has nothing in it', () => new ArrayBuffer(8), {}],
    ['a promise has nothing in it', () => Promise.resolve(MAIL), {}],
  ])('%s', (_, make, expected) => {
    deepStrictEqual(engine.sealObject({ value: make() }).record, { value: expected })
    deepStrictEqual(engine.sealObject({ value: make(), pin: 1 }).record, { value: expected })
  })
})
