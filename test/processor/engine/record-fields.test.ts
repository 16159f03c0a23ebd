import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { engineFor, SEALED, seal, sealRecord } from './fixtures.ts'

const ALL: RuleInput[] = [
  { id: 'all', path: '**', mask: {} },
  { id: 'digits', pattern: '[0-9a-z]', mask: {} },
]

describe('the fields of a record in JSON', () => {
  const fields = {
    level: 'info',
    time: 1790000000000,
    timestamp: '2026-09-21T10:00:00.000Z',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
  }

  test('are not altered, whatever rules say', () => {
    const sealed = sealRecord(ALL.slice(0, 1), { ...fields, a: 'x' })
    expect(sealed).toEqual({ ...fields, a: '****' })
    expect(seal(ALL, JSON.stringify({ ...fields, level: 30 })).toString()).toBe(
      JSON.stringify({ ...fields, level: 30 }),
    )
  })

  test.each([
    ['level', 'jane@example.com'],
    ['level', { a: 'jane@example.com' }],
    ['time', 'jane@example.com'],
    ['timestamp', ['jane@example.com']],
    ['trace_id', 'jane@example.com'],
    ['span_id', { 'jane@example.com': 1 }],
    ['level', 4111111111111111],
    ['trace_id', 4111111111111111],
    ['trace_id', '4111111111111111'],
    ['span_id', '0af7651916cd43dd8448eb211c80319c'],
  ])('that do not look like such a field are attributes: %s of %j', (key, value) => {
    const rules: RuleInput[] = [{ id: 'r', path: `attributes.${key}`, drop: {} }]
    expect(sealRecord(rules, { [key]: value })).toEqual({})
  })

  test('do not hide an address: it is sealed', () => {
    const rules: RuleInput[] = [{ id: 'mails', detect: 'email', seal: { to: 'security' } }]
    const sealed = sealRecord(rules, { level: 'jane@example.com', trace_id: 'jane@example.com' })
    expect(sealed.level).toMatch(SEALED)
    expect(sealed.trace_id).toMatch(SEALED)
  })
})

describe('the fields of a record in OTLP', () => {
  test('are not altered', () => {
    const request = {
      resourceLogs: [
        {
          scopeLogs: [
            {
              scope: { name: 'jane@example.com', version: '1' },
              logRecords: [
                {
                  timeUnixNano: '1790000000000000000',
                  severityNumber: 9,
                  severityText: 'INFO',
                  eventName: 'login',
                  traceId: '0af7651916cd43dd8448eb211c80319c',
                },
              ],
            },
          ],
        },
      ],
    }
    const bytes = Buffer.from(JSON.stringify(request))
    expect(engineFor(ALL).seal(bytes, 'otlp-json').bytes).toBe(bytes)
  })
})

describe('the body of a JSON line', () => {
  const rules: RuleInput[] = [
    { id: 'body', path: 'body', mask: {} },
    { id: 'log', path: 'attributes.log', drop: {} },
  ]

  test('is the first of body_keys that is there, wherever it stands; the others are attributes', () => {
    expect(sealRecord(rules, { log: 'a', msg: 'b', message: 'c' })).toEqual({ msg: '****', message: 'c' })
    expect(sealRecord(rules, { log: 'a', message: 'c' })).toEqual({ message: '****' })
    expect(sealRecord(rules, { log: 'a' })).toEqual({ log: '****' })
    expect(sealRecord(rules, { other: 'a' })).toEqual({ other: 'a' })
  })

  test('goes by the order of the configuration', () => {
    const settings = { bodyKeys: ['log', 'msg'] }
    expect(sealRecord(rules, { msg: 'b', log: 'a' }, settings)).toEqual({ msg: 'b', log: '****' })
  })

  test('is no body inside of a map', () => {
    expect(sealRecord(rules, { a: { msg: 'x' } })).toEqual({ a: { msg: 'x' } })
  })
})

describe('a line that is no JSON object', () => {
  test.each(['plain text', '[1,2]', '"text"', '42', '  indented'])('%s is the body of a record', (line) => {
    expect(seal([{ id: 'body', path: 'body', mask: {} }], `${line}\n{"a":1}\n`).toString()).toBe('****\n{"a":1}\n')
  })
})
