import { deepStrictEqual } from 'node:assert'
import { afterAll, describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { codeOf, engineFor } from '../../engine/fixtures.ts'

const MAIL = 'jane@example.com'
const RULES = [{ id: 'mails', detect: 'email', seal: { to: 'all' } }] as const
const engine = engineFor(RULES)

afterAll(() => engine.close())

/** Another answer each time, the second of them not to be let out. */
function twice(): () => string {
  let calls = 0
  return () => {
    calls += 1
    return calls === 1 ? 'harmless' : MAIL
  }
}

function throwing(): never {
  throw new Error(MAIL)
}

const trap = new Proxy({}, { get: () => throwing })
const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

describe('what answers otherwise the second time is asked once:', () => {
  test.each<[string, (answer: () => string) => object]>([
    [
      'a getter',
      (answer) => ({
        get value() {
          return answer()
        },
      }),
    ],
    [
      'a getter of an element',
      (answer) => ({ value: Object.defineProperty([0], 0, { get: answer, enumerable: true }) }),
    ],
    ['toJSON', (answer) => ({ value: { toJSON: answer } })],
    ['toJSON of the record', (answer) => ({ toJSON: () => ({ value: answer() }) })],
    [
      'a getter that is called toJSON',
      (answer) => ({
        value: {
          get toJSON() {
            return answer()
          },
        },
      }),
    ],
    ['a proxy', (answer) => new Proxy({ value: 1 }, { get: (_, key) => (key === 'value' ? answer() : undefined) })],
    [
      'a proxy of an array',
      (answer) => ({
        value: new Proxy([1], { get: (_, key) => (key === 'length' ? 1 : key === '0' ? answer() : undefined) }),
      }),
    ],
    [
      'the message of an error',
      (answer) => ({ value: Object.defineProperty(new Error(), 'message', { get: answer }) }),
    ],
    [
      'the name of an error',
      (answer) => ({ value: Object.defineProperty(new Error('x'), 'name', { get: answer, enumerable: true }) }),
    ],
    ['the stack of an error', (answer) => ({ value: Object.defineProperty(new Error('x'), 'stack', { get: answer }) })],
    ['a pattern', (answer) => ({ value: Object.defineProperty(/a/, 'flags', { get: answer }) })],
  ])('%s', (what, make) => {
    for (const more of [{}, { beside: MAIL }]) {
      let calls = 0
      const answer = twice()
      const record = make(() => {
        calls += 1
        return answer()
      })
      const sealed = 'beside' in more ? engine.sealObject(record, { body: MAIL }) : engine.sealObject(record)
      const out = sealed.record.value
      // Whoever reads it reads it again.
      const texts = [
        out,
        out,
        (out as Error)?.message,
        (out as Error)?.name,
        (out as Error)?.stack,
        JSON.stringify(out),
      ]
      expect(texts.map(String).join()).not.toContain(MAIL)
      // The language itself asks for name and message where it writes the stack, which is looked through as well.
      expect(calls).toBe(/^the (?:message|name)/.test(what) ? 2 : 1)
    }
  })
})

describe('nothing breaks by', () => {
  test.each<[string, () => unknown, unknown]>([
    [
      'a getter that throws',
      () => ({
        get a() {
          return throwing()
        },
        b: 1,
      }),
      { a: '[unreadable]', b: 1 },
    ],
    ['toJSON that throws', () => ({ toJSON: throwing }), '[unreadable]'],
    [
      'a getter of toJSON that throws',
      () => ({
        get toJSON() {
          return throwing()
        },
      }),
      '[unreadable]',
    ],
    ['a proxy that throws at everything', () => new Proxy({}, trap), '[unreadable]'],
    ['a proxy without keys to tell', () => new Proxy({ a: 1 }, { ownKeys: throwing }), {}],
    ['a proxy that is revoked', () => revoked({}), '[unreadable]'],
    ['a proxy of an array that is revoked', () => revoked([]), '[unreadable]'],
    [
      'a proxy of an array with a wrong length',
      () => new Proxy([1], { get: (_, key) => (key === 'length' ? -5 : 1) }),
      [],
    ],
    [
      'a proxy of an array with a length that throws',
      () => new Proxy([1], { get: (_, key) => (key === 'length' ? throwing() : undefined) }),
      [],
    ],
    ['a proxy of a date, which is an object', () => new Proxy(new Date(0), {}), {}],
    [
      'a date with methods of its own',
      () => Object.assign(new Date(0), { getTime: throwing, toISOString: throwing }),
      new Date(0),
    ],
    [
      'a map with methods of its own',
      () => Object.assign(new Map([['a', 1]]), { entries: throwing, [Symbol.iterator]: throwing }),
      new Map([['a', 1]]),
    ],
    [
      'bytes with a length of their own',
      () => Object.defineProperty(new Uint8Array([1]), 'length', { value: 1e9 }),
      new Uint8Array([1]),
    ],
    ['what only looks like a date', () => Object.create(Date.prototype), {}],
    ['what only looks like a URL', () => Object.create(URL.prototype), {}],
    ['what only looks like an error', () => Object.create(Error.prototype), undefined],
  ])('%s', (_, make, expected) => {
    for (const more of [{}, { to: MAIL }]) {
      const { value } = engine.sealObject({ value: make(), ...more }).record
      if (expected === undefined) expect(value).toBeInstanceOf(Error)
      else deepStrictEqual(value, expected)
    }
  })

  test('a record that is none', () => {
    for (const record of ['x', 1, null, undefined, () => 1, { toJSON: () => 'x' }, { toJSON: throwing }])
      expect(codeOf(() => engine.sealObject(record as object))).toBe('FIELDSEAL_INPUT_MALFORMED')
    expect(engine.sealObject(new Proxy({}, trap)).record).toEqual({})
    expect(engine.sealLogRecord(new Proxy({}, trap)).record).toMatchObject({ attributes: {} })
    expect(engine.sealLogRecord(undefined as never).record).toMatchObject({ attributes: {} })
  })

  test('what is thrown, of which nothing is told', () => {
    try {
      engine.sealObject({ toJSON: throwing })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(FieldsealError)
      expect(String(error)).not.toContain(MAIL)
    }
  })

  test('a frozen prototype, or one that somebody has given a getter', () => {
    Object.defineProperty(Object.prototype, 'trapped', { get: () => MAIL, configurable: true })
    try {
      expect(Object.getOwnPropertyDescriptor(engine.sealObject({ trapped: 1 }).record, 'trapped')?.value).toBe(1)
      const { record } = engine.sealObject(JSON.parse(`{"trapped":1,"to":"${MAIL}"}`))
      expect(Object.getOwnPropertyDescriptor(record, 'trapped')?.value).toBe(1)
    } finally {
      Reflect.deleteProperty(Object.prototype, 'trapped')
    }
  })

  test('changes of a map or array while it is read', () => {
    const map = new Map<unknown, unknown>()
    map.set('a', {
      get x() {
        map.set('b', MAIL)
        return 1
      },
    })
    deepStrictEqual(engine.sealObject({ map }).record, { map: new Map([['a', { x: 1 }]]) })
    const list: unknown[] = [
      {
        get x() {
          list.push(MAIL)
          list.length = 1
          return 1
        },
      },
      2,
    ]
    deepStrictEqual(engine.sealObject({ list }).record, { list: [{ x: 1 }, undefined] })
  })
})

describe('what contains itself', () => {
  test('is a text at each further sight', () => {
    const record: Record<string, unknown> = { a: { b: [] } }
    ;(record.a as { b: unknown[] }).b.push(record, record.a, [record])
    record.map = new Map([['self', record]])
    record.error = Object.assign(new Error('x'), { record })
    const { a, map, error } = engine.sealObject(record).record as Record<string, Record<string, unknown>>
    expect(a).toEqual({ b: ['[circular]', '[circular]', ['[circular]']] })
    expect(map).toEqual(new Map([['self', '[circular]']]))
    expect(error?.record).toBe('[circular]')
  })

  test('by toJSON is found, too', () => {
    const a: Record<string, unknown> = { toJSON: () => ({ a }) }
    const b: Record<string, unknown> = { toJSON: () => b, x: 1 }
    expect(engine.sealObject({ a, b }).record).toEqual({ a: { a: '[circular]' }, b: { toJSON: undefined, x: 1 } })
  })

  test('what stands twice side by side does not', () => {
    const shared = { x: 1 }
    expect(engine.sealObject({ a: shared, b: [shared, shared] }).record).toEqual({
      a: { x: 1 },
      b: [{ x: 1 }, { x: 1 }],
    })
  })
})

describe('limits', () => {
  const small = engineFor(RULES, { limits: { record: 1000, depth: 4 } })
  afterAll(() => small.close())

  function nested(levels: number): unknown {
    return levels === 0 ? 1 : { a: nested(levels - 1) }
  }

  test('of depth are those of JSON lines', () => {
    for (const levels of [3, 4, 5, 6]) {
      const byLine = codeOf(() => small.seal(Buffer.from(JSON.stringify({ a: nested(levels) })), 'json-lines'))
      expect(codeOf(() => small.sealObject({ a: nested(levels) }))).toBe(byLine)
      expect(codeOf(() => small.sealLogRecord({ attributes: { a: nested(levels) } }))).toBe(byLine)
    }
    expect(codeOf(() => small.sealObject({ a: nested(5) }))).toBe('FIELDSEAL_INPUT_TOO_DEEP')
    const endless: object = { toJSON: () => ({ ...endless, next: { ...endless } }) }
    expect(codeOf(() => small.sealObject({ endless }))).toBe('FIELDSEAL_INPUT_TOO_DEEP')
  })

  test.each<[string, () => object]>([
    ['texts', () => ({ a: 'x'.repeat(1001) })],
    ['a text that the size of no memory can hold three times', () => ({ a: 'é'.repeat(2 ** 28) })],
    ['keys', () => ({ ['x'.repeat(1001)]: 1 })],
    ['bytes', () => ({ a: Buffer.alloc(1001) })],
    ['a typed array', () => ({ a: new Float64Array(1e6) })],
    ['elements', () => ({ a: Array.from({ length: 1001 }) })],
    ['an array of which there is nothing but its length', () => ({ a: new Array(2 ** 32 - 1) })],
    [
      'a proxy that is said to be long',
      () => ({ a: new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 40 : 1) }) }),
    ],
    ['many small values', () => ({ a: Array.from({ length: 400 }, () => 'abc') })],
    ['bigints', () => ({ a: 2n ** 5000n })],
    ['descriptions of symbols', () => ({ a: Symbol('x'.repeat(1001)) })],
    [
      'what is seen from many sides',
      () => {
        let value: unknown = 'abc'
        for (let i = 0; i < 3; i += 1) value = Array.from({ length: 30 }, () => value)
        return { value }
      },
    ],
  ])('of size: %s', (_, make) => {
    expect(codeOf(() => small.sealObject(make()))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
    // It goes on as before.
    expect(small.sealObject({ a: 1 }).record).toEqual({ a: 1 })
  })
})

describe('a getter that logs', () => {
  test('has its record sealed, and so has the one that it stands in', () => {
    const inner: unknown[] = []
    let depth = 0
    const record = (): object => ({
      before: `a ${MAIL}`,
      get again() {
        depth += 1
        if (depth < 8) inner.push(engine.sealObject(record()).record)
        return `b ${MAIL}`
      },
      after: `c ${MAIL}`,
    })
    const outer = engine.sealObject(record()).record
    expect(inner).toHaveLength(7)
    for (const one of [outer, ...inner] as Record<string, string>[]) {
      expect(one.before).toMatch(/^a \[sealed:email/)
      expect(one.again).toMatch(/^b \[sealed:email/)
      expect(one.after).toMatch(/^c \[sealed:email/)
    }
  })

  test('and throws, or whose record cannot be sealed, disturbs nothing', () => {
    const record = {
      a: 'x',
      get b() {
        engine.sealObject({
          get c(): unknown {
            return throwing()
          },
        })
        engine.sealObject(null as never)
        return 1
      },
      d: MAIL,
    }
    expect(engine.sealObject(record).record).toMatchObject({ a: 'x', b: '[unreadable]' })
    expect(engine.sealObject({ a: 'y' }).record).toEqual({ a: 'y' })
  })
})

test('a record that is given up half way leaves nothing behind for the next', () => {
  // Long paths, and too many of them.
  const long = {
    message: 'x',
    ['k'.repeat(200_000)]: Object.fromEntries(Array.from({ length: 800 }, (_, i) => [i, i])),
  }
  const fresh = engineFor(RULES)
  for (let i = 0; i < 2; i += 1) {
    expect(codeOf(() => fresh.sealObject(long))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
    expect(fresh.sealObject({ a: 1 }).record).toEqual({ a: 1 })
    expect(fresh.sealObject({ to: MAIL }).edited).toBe(true)
  }
  fresh.close()
})

test('the memory of one record does not show in the next, nor in what was given back before', () => {
  const first = engine.sealObject({ a: Buffer.from('first'), b: 'é'.repeat(100), to: MAIL }).record
  const second = engine.sealObject({ a: Buffer.from('second'), b: 'x'.repeat(100_000) }).record
  for (let i = 0; i < 50; i += 1) engine.sealObject({ a: Buffer.alloc(5, i), b: 'z'.repeat(i * 100) })
  expect(first).toMatchObject({ a: Buffer.from('first'), b: 'é'.repeat(100) })
  expect(second).toEqual({ a: Buffer.from('second'), b: 'x'.repeat(100_000) })
})

test('bytes that are altered after they were looked through stay as they were looked through', () => {
  const bytes = Buffer.from('harmless........')
  const { record } = engine.sealObject({ bytes })
  bytes.write(MAIL)
  expect(String(record.bytes)).toBe('harmless........')
})
