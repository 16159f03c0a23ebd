import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FORMAT_NAMES } from '../../../processor/formats/index.ts'
import { text } from '../../conformance/model.ts'
import { WAYS } from '../../conformance/ways.ts'
import { engineFor } from './fixtures.ts'

/** Rules of every kind, none of which finds anything below. */
const RULES = [
  { id: 'mail', detect: 'email', seal: { to: 'all' } },
  { id: 'own', pattern: '^secret', mask: {} },
  { id: 'whole', path: 'attributes.secret', hash: { key: 'k' } },
  { id: 'key', key: '(?i)^token$', drop: {} },
  { id: 'where', path: 'attributes.a', where: { 'attributes.b': 'yes' }, mask: {} },
  { id: 'excepted', path: 'attributes.c', except: [{ name: 'all', pattern: '.' }], seal: { to: 'all' } },
]

const word = fc.string({ unit: fc.constantFrom('x', 'y', ' ', '.', '4', 'é', '\n'), maxLength: 8 })
const key = fc.constantFrom('a', 'b', 'c', 'd', 'tokens', 'fieldseal')

describe.each(WAYS)('in $format', ({ format, carries, write }) => {
  test('a batch in which no rule finds anything is the very buffer that came in', () => {
    const engine = engineFor(RULES)
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.array(fc.tuple(key, word)))), (records) => {
        const written = write(
          records
            .map(([body, entries]) => ({
              resource: [],
              scope: [],
              body: text(body),
              attributes: entries.map(([name, value]) => [name, text(`.${value}`)] as const),
            }))
            .filter(carries),
        )
        const sealed = engine.seal(written, format)
        expect(sealed.bytes).toBe(written)
        expect(sealed.values.size).toBe(0)
      }),
      { numRuns: 300 },
    )
    engine.close()
  })
})

/** A message of Forward has a tag, and here no entries. */
const EMPTY: Readonly<Record<string, string | Uint8Array>> = {
  'otlp-json': '{}',
  forward: Buffer.from('92a090', 'hex'),
}

test.each(FORMAT_NAMES)('an empty batch of %s that is allowed is the very buffer that came in', (format) => {
  const empty = Buffer.from(EMPTY[format] ?? '')
  expect(engineFor(RULES).seal(empty, format).bytes).toBe(empty)
})

test('one finding makes a new buffer, so that the comparison above is not of a thing with itself alone', () => {
  const line = Buffer.from('{"a":"jane@example.com"}\n')
  expect(engineFor(RULES).seal(line, 'json-lines').bytes).not.toBe(line)
})
