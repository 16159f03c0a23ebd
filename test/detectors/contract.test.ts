import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import RE2 from 're2'
import { describe, expect, test } from 'vitest'
import { DETECTOR_GROUPS, type Detector } from '../../detectors/detector.ts'
import { DETECTORS, detectorByName } from '../../detectors/index.ts'
import { readCorpus } from './corpus.ts'
import { findAll } from './drive.ts'

const HOSTILE: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from('\0'),
  Buffer.from([0xff, 0xfe, 0x40, 0x80, 0x2e, 0xc3]),
  ...[
    'a',
    '4',
    '4 ',
    '4-',
    '@',
    'a@',
    'a.',
    ':',
    '::',
    'a:',
    '1.',
    '%',
    '%40',
    '%3D',
    '\\n',
    '=',
    '+',
    '+1',
    'eyJ',
    'eyJ.',
    '-',
  ].map((piece) => Buffer.from(piece.repeat(2000))),
  Buffer.from(`${'a-'.repeat(500)}@2x.png`),
  Buffer.from(`x://${'a:'.repeat(500)}@`),
  Buffer.from('-----BEGIN PRIVATE KEY-----'.repeat(50)),
  Buffer.from(`eyJ${'A'.repeat(70_000)}.x.y`),
  Buffer.from('DE89 '.repeat(400)),
  Buffer.from('4111 1111 1111 1112 '.repeat(100)),
]

/** A pattern without its escapes and character classes. */
function bare(pattern: string): string {
  return pattern.replace(/\\[^Az]/g, '').replace(/\[[^\]]*\]/g, '')
}

function expectOrdered(detector: Detector, text: Buffer): void {
  let end = 0
  for (const span of findAll(detector, text)) {
    expect(span.start).toBeGreaterThanOrEqual(end)
    expect(span.end).toBeGreaterThan(span.start)
    end = span.end
  }
  expect(end).toBeLessThanOrEqual(text.length)
}

describe.each(
  DETECTORS.filter(({ activation }) => activation !== 'key').map((detector) => [detector.name, detector] as const),
)('%s', (name, detector) => {
  test('is found by its name, which is in snake case', () => {
    expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
    expect(detectorByName(name)).toBe(detector)
  })

  test('says what it finds and what it misses', () => {
    expect(detector.title.length).toBeGreaterThan(2)
    expect(detector.finds).toMatch(/\.$/)
    expect(detector.misses).toMatch(/\.$/)
  })

  test('has patterns that RE2 takes, that match no empty string and have no anchors', () => {
    expect(detector.patterns.length).toBeGreaterThan(0)
    for (const pattern of detector.patterns) {
      expect(new RE2(pattern, 'u').test('')).toBe(false)
      expect(bare(pattern)).not.toMatch(/[$^]|\\[Az]/)
    }
    expect(new RE2.Set([...detector.patterns], 'u').test('')).toBe(false)
  })

  test('finds its examples', () => {
    expect(detector.examples.length).toBeGreaterThan(0)
    for (const example of detector.examples) expect(findAll(detector, example)).not.toEqual([])
  })

  test('wakes in a joined buffer for everything that it finds alone', () => {
    const set = new RE2.Set([...(detector.wakes ?? detector.patterns)], 'u')
    for (const { text, expected } of readCorpus(name)) {
      if (expected.length > 0) expect(set.test(Buffer.from(`7\n${text}\n8`))).toBe(true)
    }
  })

  test('gives equal matches one normal form, which stays as it is', () => {
    for (const { expected } of readCorpus(name)) {
      for (const match of expected) {
        const normal = detector.normalise(match)
        expect(normal).not.toBe('')
        expect(detector.normalise(normal)).toBe(normal)
      }
    }
  })

  test.each(HOSTILE.map((text) => [text.toString('latin1', 0, 24), text] as const))('survives %j', (_, text) => {
    expectOrdered(detector, text)
  })

  test('answers every candidate, possible or not, with a span within it or with nothing', () => {
    const corpus = readCorpus(name).map(({ text }) => Buffer.from(text).toString('latin1'))
    const text = fc.oneof(
      fc.constantFrom(...corpus),
      fc.string({ unit: 'binary' }).map((s) => Buffer.from(s).toString('latin1')),
    )
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (value, a, b) => {
        const [start, end] = [a % (value.length + 1), b % (value.length + 1)].sort((x, y) => x - y) as [number, number]
        const span = detector.confirm(value, { start, end })
        return span === undefined || (start <= span.start && span.start < span.end && span.end <= end)
      }),
      { numRuns: 2000 },
    )
  })

  test('finds ordered spans in pieces of its corpus glued together', () => {
    const pieces = readCorpus(name).flatMap(({ text }) => text.split(/(?=[ .,:@-])/))
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (glued) => {
        expectOrdered(detector, Buffer.from(glued.join('')))
      }),
    )
  })
})

test('names are unique', () => {
  expect(new Set(DETECTORS.map(({ name }) => name)).size).toBe(DETECTORS.length)
  expect(detectorByName('nothing')).toBeUndefined()
})

test.each(DETECTORS)('$name has a gate exactly where its activation says so', ({ activation, gate, patterns }) => {
  expect(gate !== undefined).toBe(activation === 'gated' || activation === 'key')
  if (activation === 'gated') expect(gate!.words.length + (gate!.keys ?? []).length).toBeGreaterThan(0)
  if (activation === 'key')
    expect({ patterns, words: gate!.words, keys: gate!.keys!.length > 0 }).toEqual({
      patterns: [],
      words: [],
      keys: true,
    })
  for (const word of gate?.words ?? []) expect(word).toBe(word.toLowerCase())
  expect(() => (gate?.keys ?? []).map((source) => new RE2(source, 'u'))).not.toThrow()
})

test('every file that exports a detector is in the catalogue, in the folder of its group', async () => {
  const folder = new URL('../../detectors/', import.meta.url)
  const detectors: Detector[] = []
  for (const group of DETECTOR_GROUPS) {
    const own = new URL(`${group.replace('_', '-')}/`, folder)
    for (const file of readdirSync(own).filter((name) => name.endsWith('.ts') && name !== 'index.ts')) {
      const exported: Record<string, unknown> = await import(new URL(file, own).href)
      for (const value of Object.values(exported).flat() as unknown[]) {
        if (typeof value !== 'object' || value === null || !('confirm' in value)) continue
        expect((value as Detector).group).toBe(group)
        detectors.push(value as Detector)
      }
    }
  }
  expect(new Set(detectors)).toEqual(new Set(DETECTORS))
})
