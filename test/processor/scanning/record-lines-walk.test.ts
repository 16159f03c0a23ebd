import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DetectorSet } from '../../../detectors/set.ts'
import { Batch, FIELD, newRows } from '../../../processor/formats/batch.ts'
import type { Format } from '../../../processor/formats/format.ts'
import { FORMATS } from '../../../processor/formats/index.ts'
import { recordLines } from '../../../processor/scanning/record-lines-walk.ts'
import { PathTrie } from '../../../rules/path-trie.ts'
import { NODE } from '../../../rules/plan.ts'

const SEEN = { flags: NODE.REPORT, whole: [], byDetector: new Map(), whereFields: [] }
/** Each keeps its tree over all runs, so that keys are guessed from those of other records. */
const trees = new Map<Format, PathTrie>()

/** What a walk reports, or how it refuses. */
function reported(lines: Buffer, format: Format): unknown {
  const trie = trees.get(format) ?? new PathTrie({ detectors: new DetectorSet([]), scopeOf: () => SEEN }, 1000)
  trees.set(format, trie)
  trie.beginBatch()
  const limits = { record: 1 << 20, depth: 8 }
  const batch = new Batch(lines, { trie, limits, bodyKeys: ['msg', 'log'], rows: newRows(), isSealedLine: () => false })
  try {
    batch.addRows(format.walk, true)
  } catch (error) {
    const { code, place } = error as { code: string; place: { record: number } }
    return { code, record: place.record }
  }
  const rows = Array.from({ length: batch.count }, (_, row) => [
    batch.kind(row),
    batch.node(row).shown,
    ...[FIELD.START, FIELD.END, FIELD.TOKEN, FIELD.ENTRY, FIELD.AFTER].map((field) => batch.get(row, field)),
  ])
  return { records: batch.records, rows }
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

test('the walk of a scan reports what the walk of the engine reports, and refuses the same', () => {
  const line = fc.oneof(
    { arbitrary: records, weight: 4 },
    spaced,
    damaged,
    fc.constantFrom('', 'a text', '\uFEFF{"a":"b"}', '{}', ' { } ', '{"a":1} x'),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const bytes = Buffer.from(lines.join(end))
      expect(reported(bytes, recordLines)).toEqual(reported(bytes, FORMATS['json-lines']))
    }),
    { numRuns: 3000 },
  )
})
