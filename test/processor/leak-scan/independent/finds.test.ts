import { describe, expect, test } from 'vitest'
import type { Detector } from '../../../../detectors/detector.ts'
import { DETECTORS } from '../../../../detectors/index.ts'
import { DetectorSet } from '../../../../detectors/set.ts'
import { keySamples } from '../../../../rules/lint/key-samples.ts'
import { array, type LogRecord, map, text } from '../../../conformance/model.ts'
import { WAYS } from '../../../conformance/ways.ts'
import { leaksOf, scanFor } from './scans.ts'

/** A text in which a detector finds something, wherever it stands: where need be with a word before it. */
interface Example {
  readonly text: string
  readonly count: number
}

/** Made once for each detector: its patterns take longer to compile than to match. */
const sets = new Map(DETECTORS.map((detector) => [detector, new DetectorSet([detector])]))
const scans = new Map(DETECTORS.map((detector) => [detector, scanFor([detector])]))

function exampleOf(detector: Detector): Example | undefined {
  const set = sets.get(detector)!
  for (const example of detector.examples) {
    for (const before of ['', ...(detector.gate?.words ?? []).map((word) => `${word} `)]) {
      const found = set.find(Buffer.from(before + example), () => true, '')
      if (found.length > 0) return { text: before + example, count: found.length }
    }
  }
  return undefined
}

/** A key that opens a detector. */
function keyOf(detector: Detector): string {
  const set = sets.get(detector)!
  const key = detector
    .gate!.keys!.flatMap((source) => keySamples(source).texts)
    .find((one) => set.openedBy(one).size > 0)
  if (key === undefined) throw new Error(`no key for ${detector.name}`)
  return key
}

/** No detector takes it for a word that it needs. */
const KEY = 'zz'

function planted(value: string): LogRecord {
  return {
    resource: [[KEY, text(value)]],
    scope: [[KEY, text(value)]],
    body: map([KEY, array(text(value))]),
    attributes: [
      [KEY, text(value)],
      ['zzm', map([KEY, text(value)])],
      ['zzl', array(text('-'), array(text(value)))],
      [value, text('-')],
    ],
  }
}

/** A detector finds something in a key, or not: how often makes no difference to the key. */
const IN_KEY = 'attributes.*'

const PLACES = [
  IN_KEY,
  'attributes.zz',
  'attributes.zzl[*][*]',
  'attributes.zzm.zz',
  'body.zz[*]',
  'resource.zz',
  'scope.zz',
]

const byShape = DETECTORS.filter(({ activation }) => activation !== 'key')
const byWord = byShape.map((detector) => ({ detector, example: exampleOf(detector) }))

describe.each(WAYS.filter(({ format }) => format !== 'text'))('in $format', (way) => {
  const hasResource = way.format !== 'json-lines'

  test.each(byWord.filter(({ example }) => example !== undefined))(
    '$detector.name is found wherever it stands',
    ({ detector, example }) => {
      const record = planted(example!.text)
      const report = scans
        .get(detector)!
        .scan(way.write([hasResource ? record : { ...record, resource: [], scope: [] }]), way.format)
      const places = PLACES.filter((path) => hasResource || !/^(?:resource|scope)/.test(path))
      expect(leaksOf(report)).toEqual(
        places.map((path) => `${detector.name} ${path}  ${path === IN_KEY ? 1 : example!.count}`),
      )
      expect(report).toMatchObject({ records: 1, unreadable: false })
      expect([...report.leakingRecords]).toEqual([['unknown', 1]])
    },
  )

  test.each(DETECTORS.filter(({ activation }) => activation === 'key'))('$name is known by its key', (detector) => {
    const key = keyOf(detector)
    const record: LogRecord = {
      resource: [],
      scope: [],
      body: undefined,
      attributes: [
        [key, text('x')],
        ['zzm', map([`zz.${key}`, map(['zza', text('y')], ['zzb', array(text(''), text('z'))])])],
      ],
    }
    const report = scans.get(detector)!.scan(way.write([record]), way.format)
    const counts = [...report.leaks.values()].map(({ leak, count }) => [leak.path.split(/[.[]/).at(-1), count])
    expect(counts.length).toBe(3)
    expect(counts.map(([, count]) => count)).toEqual([1, 1, 1])
    expect([...report.leakingRecords]).toEqual([['unknown', 1]])
  })
})

test('every detector but one, which needs a key, finds one of its examples behind one of its words', () => {
  expect(byWord.filter(({ example }) => example === undefined).map(({ detector }) => detector.name)).toEqual([
    'secret_field',
  ])
})

test('a detector that needs a key finds its example under it, and nothing without', () => {
  const detector = DETECTORS.find(({ name }) => name === 'secret_field')!
  const line = JSON.stringify({ [keyOf(detector)]: detector.examples[0], zz: detector.examples[0] })
  const { leaks } = scans.get(detector)!.scan(Buffer.from(line), 'json-lines')
  expect([...leaks.values()].map(({ leak }) => leak.path)).toEqual([`attributes[${JSON.stringify(keyOf(detector))}]`])
})

test.each(byWord.filter(({ example }) => example !== undefined))('in text $detector.name is found', (one) => {
  const { detector, example } = one
  const line = example!.text.replace(/[\r\n]/g, ' ')
  const expected = sets.get(detector)!.find(Buffer.from(line), () => true, '').length
  const report = scans.get(detector)!.scan(Buffer.from(`nothing\n${line}\r\n\n`), 'text')
  expect(leaksOf(report)).toEqual(expected === 0 ? [] : [`${detector.name} body  ${expected}`])
  expect(report.records).toBe(2)
})
