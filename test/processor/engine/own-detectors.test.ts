import { describe, expect, test } from 'vitest'
import { createEngine, type EngineConfig } from '../../../processor/engine.ts'

function masked(config: Omit<EngineConfig, 'recipients'>, record: object): Record<string, unknown> {
  const engine = createEngine(config)
  try {
    return JSON.parse(engine.seal(Buffer.from(JSON.stringify(record)), 'json-lines').bytes.toString())
  } finally {
    engine.close()
  }
}

const STAFF = { name: 'staff_number', pattern: 'E[0-9]{6}', near: ['staff', 'employee id'], within: 12 }
const RULES = [{ id: 'staff', detect: 'staff_number', drop: {} }]

describe('a detector of a rule file', () => {
  test('counts near its words, and under a key that has one of them', () => {
    const config = { detectors: [STAFF], rules: RULES }
    expect(masked(config, { msg: 'staff E123456 and E654321, far away' }).msg).toBe(
      'staff [dropped:staff_number] and E654321, far away',
    )
    expect(masked(config, { employeeId: 'E123456', other: 'E123456' })).toEqual({
      employeeId: '[dropped:staff_number]',
      other: 'E123456',
    })
  })

  test('stands alone unless it says otherwise', () => {
    const { near: _, within: __, ...free } = STAFF
    expect(masked({ detectors: [free], rules: RULES }, { msg: 'xE123456 E1234567 E123456' }).msg).toBe(
      'xE123456 E1234567 [dropped:staff_number]',
    )
    expect(masked({ detectors: [{ ...free, alone: false }], rules: RULES }, { msg: 'xE123456' }).msg).toBe(
      'x[dropped:staff_number]',
    )
  })

  test.each([
    ['luhn', '79927398713', '79927398710'],
    ['verhoeff', '2363', '2364'],
    ['mod_97_10', '3214282912345698765432161182', '3214282912345698765432161183'],
    ['us_ssn', '536-22-8726', '666-22-8726'],
  ])('must pass its validator %s', (validator, right, wrong) => {
    const detectors = [{ name: 'account', pattern: '[0-9-]{4,40}', validator }]
    const rules = [{ id: 'a', detect: 'account', drop: {} }]
    expect(masked({ detectors, rules }, { msg: `a ${right} b ${wrong} c` }).msg).toBe(
      `a [dropped:account] b ${wrong} c`,
    )
  })

  test.each([
    [{ ...STAFF, name: 'email' }, 'the catalogue has a detector of this name'],
    [{ ...STAFF, pattern: 'x*' }, 'matches the empty string'],
    [{ ...STAFF, pattern: '(?=x)y' }, 'RE2 refuses'],
    [{ ...STAFF, name: 'Staff' }, 'lower-case'],
    [{ ...STAFF, validator: 'nothing' }, 'validator'],
  ])('%j is refused', (detector, problem) => {
    expect(() => createEngine({ detectors: [detector], rules: [] })).toThrow(problem)
  })

  test('whose values can be tried out cannot be hashed', () => {
    const config = {
      hashKeys: { k: Buffer.alloc(32, 1) },
      detectors: [{ ...STAFF, low_entropy: true }],
      rules: [{ id: 'staff', detect: 'staff_number', hash: { key: 'k' } }],
    }
    expect(() => createEngine(config)).toThrow('a hash of them hides nothing')
  })
})

describe('near', () => {
  test('puts its words in the place of those of the detector', () => {
    const rules = [{ id: 'a', detect: 'email', near: 'contact', drop: {} }]
    expect(
      masked({ rules }, { msg: 'contact: a@example.com', from: 'b@example.com', contact: 'c@example.com' }),
    ).toEqual({
      msg: 'contact: [dropped:email]',
      from: 'b@example.com',
      contact: '[dropped:email]',
    })
  })

  test('goes with own patterns', () => {
    const rules = [{ id: 'room', pattern: '[0-9]{3}', near: 'room', within: 3, drop: {} }]
    expect(masked({ rules }, { msg: 'room 101, floor 222' }).msg).toBe('room [dropped:room], floor 222')
  })

  test('leaves the same detector of another rule as it is', () => {
    const rules = [
      { id: 'a', detect: 'email', near: 'contact', drop: {} },
      { id: 'b', detect: 'email', mask: {} },
    ]
    expect(masked({ rules }, { msg: 'contact a@example.com', from: 'b@example.com' })).toEqual({
      msg: 'contact [dropped:email]',
      from: '****',
    })
  })
})

test('numbers under a key that opens a detector are looked at, however small', () => {
  const detectors = [{ name: 'code', pattern: '[0-9]{3}', near: 'entry code' }]
  expect(masked({ detectors, rules: [{ id: 'c', detect: 'code', drop: {} }] }, { entryCode: 123, other: 123 })).toEqual(
    {
      other: 123,
    },
  )
})
