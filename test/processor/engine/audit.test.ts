import { expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { engineFor, sealRecord } from './fixtures.ts'

const IN_AUDIT: RuleInput = { id: 'mails', detect: 'email', mode: 'audit', expires: '2999-01-01', drop: {} }
const RECORD = { msg: 'to jane@example.com and joe@example.com', n: 1 }

test('a rule in audit changes nothing and counts what it would do', () => {
  const engine = engineFor([IN_AUDIT])
  const line = Buffer.from(JSON.stringify(RECORD))
  const { bytes, values, audited } = engine.seal(line, 'json-lines')
  expect({ bytes, values: [...values], audited: [...audited] }).toEqual({
    bytes: line,
    values: [],
    audited: [['mails', 2]],
  })
  engine.close()
})

test('a rule in audit takes nothing away from others', () => {
  expect(sealRecord([IN_AUDIT, { id: 'masked', detect: 'email', mask: {} }], RECORD).msg).toBe('to **** and ****')
})

test('from the day on which its audit expires a rule is carried out', () => {
  expect(sealRecord([{ ...IN_AUDIT, expires: '2020-01-01' }], RECORD).msg).toBe(
    'to [dropped:email] and [dropped:email]',
  )
})

test('audit needs a day on which it ends', () => {
  const { expires: _, ...rest } = IN_AUDIT
  expect(() => engineFor([rest as RuleInput])).toThrow('needs `expires`')
  expect(() => engineFor([{ id: 'a', detect: 'email', expires: '2999-01-01', drop: {} }])).toThrow('needs `expires`')
})
