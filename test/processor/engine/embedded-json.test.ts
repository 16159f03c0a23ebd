import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FormatName } from '../../../processor/formats/index.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { logRecords } from '../../arbitraries/records.ts'
import { anyRules, sealRules } from '../../arbitraries/rules.ts'
import type { LogRecord } from '../../conformance/model.ts'
import { carried, WAYS } from '../../conformance/ways.ts'
import { codeOf, EVERYONE, engineFor, envelopeOf, openAs, PLACEHOLDER, SEALED } from './fixtures.ts'

const jsonLines = WAYS.find(({ format }) => format === 'json-lines')!

/** Each record with a body that is another record, as the text of a JSON line. */
function withJsonBodies(outer: readonly LogRecord[], inner: readonly LogRecord[], end: string): LogRecord[] {
  return outer.map((record, index) => {
    const lines = carried(jsonLines, [inner[index % inner.length]!])
    const text = lines.length === 0 ? '{}' : jsonLines.write(lines).toString().trimEnd()
    return { ...record, body: { type: 'text', text: `${text}${end}` } }
  })
}

const bodies = fc
  .tuple(logRecords(true), logRecords(true), fc.constantFrom('', '\n', ' '))
  .map(([outer, inner, end]) => withJsonBodies(outer, inner, end))

function sealJson(rules: readonly RuleInput[], line: string, format: FormatName = 'json-lines'): Buffer {
  const engine = engineFor(rules)
  const { bytes } = engine.seal(Buffer.from(line), format, { parse: 'json' })
  engine.close()
  return bytes
}

const EMAIL: RuleInput = { id: 'emails', detect: ['email'], seal: { to: ['all'] } }

describe.each(WAYS)('bodies that are JSON in a text, in $format', (way) => {
  const { format, write } = way
  // A line of plain text takes no attribute and no line break.
  const usable = (records: readonly LogRecord[]) => carried(way, records)

  test('what is sealed opens to the same bytes', () => {
    fc.assert(
      fc.property(sealRules, bodies, fc.constantFrom('value', 'record'), (rules, records, layout) => {
        const bytes = write(usable(records))
        const engine = engineFor(rules, { layout })
        const sealed = engine.seal(bytes, format, { parse: 'json' })
        engine.close()
        const opened = openAs(EVERYONE, sealed.bytes, format)
        expect(opened.bytes.toString('latin1')).toBe(bytes.toString('latin1'))
        expect(opened.unopened).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  test('sealing again with the same rules changes nothing', () => {
    fc.assert(
      fc.property(anyRules, bodies, fc.constantFrom('value', 'record'), (rules, records, layout) => {
        const engine = engineFor(rules, { layout })
        const once = engine.seal(write(usable(records)), format, { parse: 'json' }).bytes
        const twice = engine.seal(once, format, { parse: 'json' }).bytes
        engine.close()
        expect(twice.toString('latin1')).toBe(once.toString('latin1'))
      }),
      { numRuns: 200 },
    )
  })

  test('what was sealed without being read as JSON opens as well', () => {
    fc.assert(
      fc.property(sealRules, bodies, (rules, records) => {
        const bytes = write(usable(records))
        const engine = engineFor(rules)
        const sealed = engine.seal(bytes, format)
        engine.close()
        expect(openAs(EVERYONE, sealed.bytes, format).bytes.toString('latin1')).toBe(bytes.toString('latin1'))
      }),
      { numRuns: 100 },
    )
  })
})

describe('a body that is JSON in a text', () => {
  const line = (body: string): string => JSON.stringify({ level: 30, log: body, stream: 'stdout' })

  test('has paths and keys of its own, and stays a text', () => {
    const rules: RuleInput[] = [
      { id: 'passwords', key: '^password$', seal: { to: ['all'] } },
      { id: 'users', path: 'body.user.name', seal: { to: ['dpo'] } },
    ]
    const inner = '{"user": {"name":"Jane \\"J\\" Doe"}, "password":"x\\ny" ,"n":1}\n'
    const sealed = sealJson(rules, line(inner))
    const record = JSON.parse(sealed.toString()) as { log: string; stream: string }
    expect(record.log.endsWith(',"n":1}\n')).toBe(true)
    const body = JSON.parse(record.log) as { user: { name: string }; password: string }
    expect(body.user.name).toMatch(SEALED)
    expect(envelopeOf(body.user.name)).toEqual({ cty: 'text', path: 'body.user.name', kids: ['dpo-1'] })
    expect(envelopeOf(body.password).path).toBe('body.password')
    expect(openAs(EVERYONE, sealed).bytes.toString()).toBe(line(inner))
  })

  test('may refer to parts, which stand in the record around it', () => {
    const sealed = sealJson([EMAIL], line('{"message":"mail from jane@plant.example today"}'))
    const record = JSON.parse(sealed.toString()) as { log: string; 'fieldseal.sealed': string[] }
    expect((JSON.parse(record.log) as { message: string }).message).toMatch(PLACEHOLDER)
    expect(record['fieldseal.sealed']).toHaveLength(1)
  })

  test('is sealed whole as the text that it was', () => {
    const rules: RuleInput[] = [{ id: 'bodies', path: 'body', seal: { to: ['security'] } }, EMAIL]
    const text = line('{"a":[1,"jane@plant.example"]}')
    const sealed = sealJson(rules, text)
    const { log } = JSON.parse(sealed.toString()) as { log: string }
    expect(envelopeOf(log)).toEqual({ cty: 'text', path: 'body', kids: ['security-1'] })
    expect(openAs(EVERYONE, sealed).bytes.toString()).toBe(text)
  })

  test('becomes an empty text where a rule drops it', () => {
    const sealed = sealJson([{ id: 'no-bodies', path: 'body', drop: {} }], line('{"a":1}'))
    expect(JSON.parse(sealed.toString())).toEqual({ level: 30, log: '', stream: 'stdout' })
  })

  test('is looked into once: a key that opens a detector does so in there, and nowhere around it', () => {
    const rules: RuleInput[] = [{ id: 'pins', key: '^pin$', mask: {} }]
    const { log } = JSON.parse(sealJson(rules, line('{"pin":1234,"note":"pin 1234"}')).toString()) as { log: string }
    expect(log).toBe('{"pin":"****","note":"pin 1234"}')
  })

  test.each([
    '{"a":1',
    '{"a":1} {"b":2}',
    '{not json}',
    `${'['.repeat(100)}${']'.repeat(100)}`,
    '17',
    '"text"',
    'null',
  ])('that only looks like it is a text: %s', (start) => {
    const body = `${start} jane@plant.example`
    const { log } = JSON.parse(sealJson([EMAIL], line(body)).toString()) as { log: string }
    expect(log).toMatch(PLACEHOLDER)
    expect(log.startsWith(start)).toBe(true)
  })

  test('is looked into though it is no UTF-8, and comes back byte for byte', () => {
    const bytes = Buffer.from(line('{"password":"hunter2","n":"\xff"}'), 'latin1')
    const rules: RuleInput[] = [{ id: 'passwords', key: '^password$', seal: { to: ['all'] } }]
    const engine = engineFor(rules)
    const sealed = engine.seal(bytes, 'json-lines', { parse: 'json' }).bytes
    engine.close()
    expect(sealed.includes('hunter2')).toBe(false)
    expect(openAs(EVERYONE, sealed).bytes.toString('latin1')).toBe(bytes.toString('latin1'))
  })

  test.each([65, 999, 5000])('that is JSON and %i levels deep is refused, not passed on as a text', (levels) => {
    const body = `${'{"password":'.repeat(levels)}"hunter2"${'}'.repeat(levels)}`
    expect(codeOf(() => sealJson([{ id: 'passwords', key: '^password$', mask: {} }], line(body)))).toBe(
      'FIELDSEAL_INPUT_TOO_DEEP',
    )
  })

  test('that is sealed as a text and too deep to be read as JSON is opened as the text that it is', () => {
    const text = line(`${'['.repeat(70)}"mail jane@plant.example"${']'.repeat(70)}`)
    const engine = engineFor([EMAIL])
    const sealed = engine.seal(Buffer.from(text), 'json-lines').bytes
    engine.close()
    expect(openAs(EVERYONE, sealed).bytes.toString()).toBe(text)
  })

  test('in which nothing is found leaves the batch as the same buffer', () => {
    const engine = engineFor([EMAIL])
    const bytes = Buffer.from(line('{"a":"b"}'))
    expect(engine.seal(bytes, 'json-lines', { parse: 'json' }).bytes).toBe(bytes)
    engine.close()
  })
})
