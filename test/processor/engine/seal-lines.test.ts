import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { codeOf, engineFor } from './fixtures.ts'

const RULES = [
  { id: 'mails', detect: 'email', mask: {} },
  { id: 'own', pattern: 'zq-[0-9]{6}', hash: { key: 'k' } },
] as const

const engine = engineFor(RULES, { limits: { record: 100_000 } })
afterAll(() => engine.close())

function asBatch(line: string): string {
  return engine.seal(Buffer.from(line), 'json-lines').bytes.toString()
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('jane@example.com', 'of zq-123456.', 'ünïcødé jane@example.com', '"quoted" jane@example.com'),
)
const line = fc.oneof(
  fc.dictionary(text, fc.jsonValue(), { maxKeys: 4 }).map((record) => JSON.stringify(record)),
  fc.record({ msg: text, a: text, n: fc.integer() }).map((record) => `${JSON.stringify(record)}\n`),
  text.map((plain) => plain.toWellFormed().replaceAll('{', '')),
)

describe('a line that is a text', () => {
  test('becomes what it becomes as a batch, whatever was sealed before it', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        for (const one of lines) {
          const sealed = engine.sealLine(one)
          expect(sealed.line).toBe(asBatch(one))
          expect(sealed.edited).toBe(sealed.line !== one)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('is longer than all before it, and shorter again', () => {
    for (const length of [30, 30_000, 50, 99_000, 40]) {
      const one = JSON.stringify({ msg: `${'x '.repeat(length / 2 - 10)}jane@example.com` })
      expect(engine.sealLine(one).line).toBe(asBatch(one))
    }
  })

  test('does not reach into the one before it where it has no end of its own', () => {
    engine.sealLine('{"msg":"a long line of jane@example.com, with an end"}\n')
    expect(engine.sealLine('short').line).toBe('short')
    expect(engine.sealLine('').line).toBe('')
  })

  test('that cannot be read leaves nothing behind for the next one', () => {
    const bad = ['{"a":"jane@example.com', `{"msg":"${'x'.repeat(100_001)}"}`, `{"a":${'['.repeat(300)}`]
    for (const one of bad) {
      expect(codeOf(() => engine.sealLine(one))).toMatch(/^FIELDSEAL_INPUT_/)
      expect(engine.sealLine('{"msg":"x"}')).toMatchObject({ line: '{"msg":"x"}', edited: false })
      expect(engine.sealLine('{"msg":"jane@example.com"}').line).toBe('{"msg":"****"}')
    }
  })
})
