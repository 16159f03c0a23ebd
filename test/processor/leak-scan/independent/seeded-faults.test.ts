import { afterEach, describe, expect, test, vi } from 'vitest'
import { detectorByName } from '../../../../detectors/index.ts'
import { createEngine } from '../../../../processor/engine.ts'
import { Batch } from '../../../../processor/formats/batch.ts'
import { Chunk } from '../../../../processor/formats/chunk.ts'
import { FORMATS } from '../../../../processor/formats/index.ts'
import { leakCounts } from '../../../../processor/leak-scan/independent/report.ts'
import { PathTrie } from '../../../../rules/path-trie.ts'
import { array, type LogRecord, map, text } from '../../../conformance/model.ts'
import { WAYS, type Way } from '../../../conformance/ways.ts'
import { KEY_PAIRS } from '../../engine/fixtures.ts'
import { scanFor } from './scans.ts'

/** Mistakes made on purpose in what sealing and the scan of the engine share: only the other scan can see what they miss. */

const JANE = 'jane.doe@example.com'
const DETECTORS = ['email', 'payment_card'].map((name) => detectorByName(name)!)

const RECORD: LogRecord = {
  resource: [['service.name', text('shop')]],
  scope: [],
  body: text(`of ${JANE}`),
  attributes: [
    ['note', text('nothing')],
    ['user', map(['mail', text(JANE)])],
    ['list', array(text('x'), text(JANE))],
  ],
}

/** What both scans say of a batch that is sealed while a mistake is there. */
function outcome(way: Way): { readonly inline: string[]; readonly independent: string[] } {
  const { publicJwk } = KEY_PAIRS.dpo
  const engine = createEngine({
    recipients: { dpo: publicJwk },
    rules: [{ id: 'mails', detect: 'email', seal: { to: 'dpo' } }],
    leakScan: { inline: 'report', detectors: DETECTORS.map(({ name }) => name) },
  })
  const { bytes, leaks } = engine.seal(way.write([RECORD]), way.format)
  engine.close()
  const places = (counts: typeof leaks) => (counts?.findings ?? []).map(({ path }) => path).sort()
  return { inline: places(leaks), independent: places(leakCounts(scanFor(DETECTORS).scan(bytes, way.format))) }
}

afterEach(() => vi.restoreAllMocks())

describe.each(
  WAYS.filter(({ format }) => format === 'otlp-protobuf' || format === 'otlp-json' || format === 'forward'),
)('in $format', (way) => {
  test('without a mistake neither finds anything', () => {
    expect(outcome(way)).toEqual({ inline: [], independent: [] })
  })

  test('a walk that skips a field is seen by the independent scan alone', () => {
    const { add } = Batch.prototype
    vi.spyOn(Batch.prototype, 'add').mockImplementation(function (this: Batch, ...given) {
      const [, , , node] = given
      return node.shown === 'body' ? -1 : add.apply(this, given)
    })
    expect(outcome(way)).toEqual({ inline: [], independent: ['body'] })
  })

  test('a walk that does not go over a batch is seen by the independent scan alone', () => {
    vi.spyOn(FORMATS[way.format], 'walk').mockImplementation(() => undefined)
    expect(outcome(way)).toEqual({
      inline: [],
      independent: ['attributes.list[*]', 'attributes.user.mail', 'body'],
    })
  })

  test('a gathering that loses a value is seen by the independent scan alone', () => {
    const { add } = Chunk.prototype
    let count = 0
    vi.spyOn(Chunk.prototype, 'add').mockImplementation(function (this: Chunk, ...given) {
      const [, start, end] = given
      if (end - start === JANE.length) count += 1
      else add.apply(this, given)
    })
    const { inline, independent } = outcome(way)
    expect(count).toBe(2)
    expect(inline).toEqual([])
    expect(independent).toEqual(['attributes.list[*]', 'attributes.user.mail'])
  })

  test('a tree of paths that gives the scope of another path is seen by the independent scan alone', () => {
    const { child } = PathTrie.prototype
    vi.spyOn(PathTrie.prototype, 'child').mockImplementation(function (this: PathTrie, ...given) {
      const node = child.apply(this, given)
      // In the scope of a field that nobody looks at.
      return node.key === 'mail' ? Object.assign(Object.create(node), { flags: 0 }) : node
    })
    expect(outcome(way)).toEqual({ inline: [], independent: ['attributes.user.mail'] })
  })
})
