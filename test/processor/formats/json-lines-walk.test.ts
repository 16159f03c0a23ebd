import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DetectorSet } from '../../../detectors/set.ts'
import { Batch, FIELD, newRows } from '../../../processor/formats/batch.ts'
import { FORMATS } from '../../../processor/formats/index.ts'
import { PathTrie } from '../../../rules/path-trie.ts'
import { NODE } from '../../../rules/plan.ts'

const SEEN = { flags: NODE.REPORT, whole: [], byDetector: new Map(), whereFields: [] }

const newTree = (): PathTrie => new PathTrie({ detectors: new DetectorSet([]), scopeOf: () => SEEN }, 1000)

/** What the walk reports, or how it refuses. */
function reported(line: string, trie: PathTrie): unknown {
  trie.beginBatch()
  const limits = { record: 1 << 20, depth: 8 }
  const options = { trie, limits, bodyKeys: ['msg', 'log'], rows: newRows(), isSealedLine: () => false }
  const batch = new Batch(Buffer.from(line), options)
  try {
    batch.addRows(FORMATS['json-lines'].walk, true)
  } catch (error) {
    const { code, message, place } = error as { code: string; message: string; place: object }
    return { code, message, place }
  }
  const rows = Array.from({ length: batch.count }, (_, row) => [
    batch.kind(row),
    batch.node(row).shown,
    ...[FIELD.START, FIELD.END, FIELD.OWNER, FIELD.TOKEN, FIELD.ENTRY, FIELD.AFTER].map((field) =>
      batch.get(row, field),
    ),
  ])
  return { records: batch.records, owners: batch.owners, rows }
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    'plain',
    'with "quotes" \\ and\nmore',
    '0123456789abcdef',
    '0123456789abcdef0123456789abcdeg',
    'x'.repeat(70),
  ),
)
const keys = fc.oneof(
  texts,
  fc.constantFrom(
    'msg',
    'log',
    'level',
    'time',
    'trace_id',
    'span_id',
    'user.email',
    'n',
    '',
    'abcd',
    'abcde',
    'a\\',
    'ab"cd"',
  ),
)
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    texts,
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }),
  map: fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
}))
const records = fc
  .array(fc.tuple(keys, json), { maxLength: 7 })
  .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`)
const spaced = fc
  .tuple(fc.dictionary(keys, json, { maxKeys: 4 }), fc.constantFrom(' ', '\t'))
  .map(([record, space]) => JSON.stringify(record, null, space).replaceAll('\n', ' '))
/** One byte of a line is another. */
const damaged = fc.tuple(records, fc.nat(), fc.constantFrom(...'"\\{}[]:, x0\t\u0001')).map(([line, at, character]) => {
  const place = at % line.length
  return line.slice(0, place) + character + line.slice(place + 1)
})

test('what is reported and refused does not depend on the keys of records before', () => {
  // Over all runs, so that keys are guessed from those of other records.
  const kept = newTree()
  const line = fc.oneof(
    { arbitrary: records, weight: 4 },
    spaced,
    damaged,
    fc.constantFrom('', 'a text', '\uFEFF{"a":"b"}', '{}', ' { } ', '{"a":1} x', '{"a\\u0062cd":1,"abcd":"x"}'),
  )
  fc.assert(
    fc.property(line, (text) => {
      const alone = reported(text, newTree())
      expect(reported(text, kept)).toEqual(alone)
      // And once more, with its own keys guessed.
      expect(reported(text, kept)).toEqual(alone)
    }),
    { numRuns: 3000 },
  )
})
