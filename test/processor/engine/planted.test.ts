import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { logRecords, phrase } from '../../arbitraries/records.ts'
import { type Entries, type LogRecord, text, type Value, valuesIn } from '../../conformance/model.ts'
import { carried, WAYS } from '../../conformance/ways.ts'
import { engineFor } from './fixtures.ts'

/** Between them they find all that is planted, wherever it stands. */
const LOOK_FOR = [{ detect: ['email'] }, { detect: ['payment_card'] }, { pattern: 'zq-[0-9]{6}' }] as const

const action = fc.constantFrom<Omit<RuleInput, 'id'>>(
  { seal: { to: 'all' } },
  { seal: { to: 'security', serialization: 'compact' } },
  { seal: { to: 'dpo', text: 'whole' } },
  { seal: { to: 'dpo', as: 'sibling' } },
  { seal: { to: ['fraud', 'dpo'], layout: 'record' } },
  { hash: { key: 'k' } },
  { mask: {} },
  { drop: {} },
)

const covering = fc.tuple(action, action, action).map((actions): RuleInput[] =>
  LOOK_FOR.map(
    (look, index): RuleInput => ({
      id: `rule-${index}`,
      ...('detect' in look ? { detect: [...look.detect] } : look),
      ...actions[index],
    }),
  ),
)

/** Rules beside them, which must not get in the way. */
const beside = fc.subarray<RuleInput>([
  { id: 'user', path: 'attributes.user', seal: { to: 'security' } },
  { id: 'note', key: '^note$', mask: {} },
  { id: 'items', path: ['**.Items', 'body'], seal: { to: 'dpo', layout: 'record' } },
  { id: 'pin', key: '^pin$', drop: {} },
  { id: 'resource', path: 'resource.**', hash: { key: 'k' } },
])

const PLANTED =
  /jane\d{6}@plant\.example|zq-\d{6}|4111111111111111|5555555555554444|378282246310005|6011 1111 1111 1117/g

/** What a reader sees of a record: keys, and values as text. Bytes are text where they hold some. */
function* readable(entries: Entries, value?: Value): Iterable<string> {
  for (const [key, inner] of entries) {
    yield key
    yield* readable([], inner)
  }
  for (const one of value === undefined ? [] : valuesIn(value)) {
    if (one.type === 'map') for (const [key] of one.entries) yield key
    if (one.type === 'text') yield one.text
    if (one.type === 'bytes') yield one.bytes.toString()
    if (one.type === 'integer' || one.type === 'double') yield String(one.value)
  }
}

function plantedIn(records: readonly LogRecord[], bytes: Buffer): string[] {
  const texts = records.flatMap(({ resource, scope, body, attributes }) => [
    ...readable([...resource, ...scope, ...attributes], body),
  ])
  return [...texts, bytes.toString('latin1')].flatMap((text) => text.match(PLANTED) ?? [])
}

const lines = fc.array(
  phrase.map((line): LogRecord => ({ resource: [], scope: [], body: text(line), attributes: [] })),
  { maxLength: 5 },
)

describe.each(WAYS)('in $format', (way) => {
  const { format, write, read } = way

  test.each([10_000, 12])('nothing that was planted leaves in the clear, with room for %i paths', (paths) => {
    let planted = 0
    fc.assert(
      fc.property(
        covering,
        beside,
        format === 'text' ? lines : logRecords(true),
        fc.constantFrom('value' as const, 'record' as const),
        (rules, others, records, layout) => {
          const taken = carried(way, records)
          const bytes = write(taken)
          planted += plantedIn(taken, bytes).length
          const engine = engineFor([...others, ...rules], { layout, limits: { paths } })
          const sealed = engine.seal(bytes, format)
          const again = engine.seal(bytes, format)
          engine.close()
          expect(plantedIn(read(sealed.bytes), sealed.bytes)).toEqual([])
          // A second time, when the paths have been seen.
          expect(plantedIn(read(again.bytes), again.bytes)).toEqual([])
        },
      ),
      { numRuns: 200 },
    )
    expect(planted).toBeGreaterThan(200)
  })
})
