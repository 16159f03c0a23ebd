import fc from 'fast-check'
import RE2 from 're2'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { decodeRequest, recordsOf, requestType } from '../../../bench/checks/otlp-messages.ts'
import { DETECTORS } from '../../../detectors/index.ts'
import type { DetectorSetOptions } from '../../../detectors/set.ts'
import { RecordSealer } from '../../../processor/engine/seal-records.ts'
import { DEFAULT_SETTINGS } from '../../../processor/engine.ts'
import { FORMATS, type FormatName } from '../../../processor/formats/index.ts'
import { compileRules } from '../../../rules/compile.ts'
import type { Plan } from '../../../rules/plan.ts'
import { ruleFileSchema } from '../../../rules/schema/index.ts'
import { textWithFindings } from '../../arbitraries/texts.ts'
import { readForward } from '../../fuzz/forward-message.ts'
import { arr, int, map, type Pack, str, writePack } from '../../fuzz/message-pack-tree.ts'
import { codeOf, engineFor } from './fixtures.ts'

/** Those that look at texts, and not at keys alone. */
const WITH_PATTERNS = DETECTORS.filter(({ patterns }) => patterns.length > 0)

/** Own patterns that are hard to match in a buffer of many values. */
const OWN_PATTERNS = [
  'a\\nb',
  'a\\sb',
  '\\s{2,}',
  'x[^y]z',
  '[^a-z0-9 ]{3,}',
  '^jane',
  'org$',
  '\\A4',
  '1\\z',
  '(?m)^user',
  '(?m)line$',
  '\\b4\\b',
  '\\B@\\B',
  '(?i)ÉX',
  '(?s)user.*paid',
  '.é.',
  '\\pL{3}😀',
]

/** Every detector and own pattern is a rule that drops what it finds, so that all that is found shows. */
function planOf(patterns: readonly string[], detectorSet: DetectorSetOptions = {}): Plan {
  const { rules } = ruleFileSchema.parse({
    rules: [
      ...WITH_PATTERNS.map(({ name }) => ({ id: name, detect: name, drop: {} })),
      ...patterns.map((pattern, index) => ({ id: `own-${index}`, pattern, drop: {} })),
    ],
  })
  const compiled = compileRules(rules, { hashKeys: new Map(), detectorSet })
  if ('issues' in compiled) throw new Error(JSON.stringify(compiled.issues))
  return compiled.plan
}

const PLAN = planOf(OWN_PATTERNS)

function asJsonLines(values: readonly string[]): Buffer {
  return Buffer.from(values.map((value) => `${JSON.stringify({ k: value, n: 1 })}\n`).join(''))
}

/** All values in one record. */
function asProtobuf(values: readonly string[]): Buffer {
  const attributes = values.map((stringValue) => ({ key: 'k', value: { stringValue } }))
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes }] }] }] }
  return Buffer.from(requestType.encode(requestType.fromObject(request)).finish())
}

function seal(plan: Plan, bytes: Buffer, format: FormatName): Buffer {
  return new RecordSealer(plan, new Map(), new Map(), DEFAULT_SETTINGS).seal(bytes, FORMATS[format]).bytes
}

function inJsonLines(plan: Plan, values: readonly string[]): string[] {
  const bytes = seal(plan, asJsonLines(values), 'json-lines')
  const lines = bytes.toString().split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line).k)
}

function inProtobuf(plan: Plan, values: readonly string[]): string[] {
  const bytes = seal(plan, asProtobuf(values), 'otlp-protobuf')
  const [record] = recordsOf(decodeRequest(bytes))
  return (record?.attributes ?? []).map(({ value }) => value?.stringValue ?? '')
}

/** All values in one record, as members that have one key. */
function inForward(plan: Plan, values: readonly string[]): string[] {
  const record = map(values.map((value) => [str('k'), str(value)]))
  const [entry] = readForward(seal(plan, writePack(arr(str('t'), int(1), record)), 'forward')).entries
  const { pairs } = entry!.record as { pairs: [Pack, Pack][] }
  return pairs.map(([, value]) => Buffer.from((value as { bytes: Uint8Array }).bytes).toString())
}

/** Each value on its own; each byte goes to the first rule that claims it. */
function oneByOne(plan: Plan, values: readonly string[]): string[] {
  return values.map((value) => {
    const bytes = Buffer.from(value)
    const owners = new Array<number>(bytes.length).fill(-1)
    const findings = plan.detectors.find(bytes, () => true, 'k')
    // Detectors are numbered like the rules. Of one detector the span that starts first has what two of them want.
    for (const { detector, start, end } of findings.toSorted((a, b) => b.detector - a.detector || b.start - a.start)) {
      owners.fill(detector, start, end)
    }
    const starts = new Set(findings.map(({ detector, start }) => `${detector}:${start}`))
    const pieces = [...bytes].map((byte, at) => {
      const owner = owners[at]!
      if (owner < 0) return Buffer.from([byte])
      const goesOn = owners[at - 1] === owner && !starts.has(`${owner}:${at}`)
      return Buffer.from(goesOn ? '' : `[dropped:${plan.rules[owner]!.id}]`)
    })
    return Buffer.concat(pieces).toString()
  })
}

/** Mostly clean values, as in logs, so that halving goes both ways. */
const values = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: textWithFindings },
    { weight: 3, arbitrary: fc.constantFrom('GET /health 200', 'user', 'line', 'a', 'b', 'x', 'z', '', ' ', '4', '@') },
  ),
  { maxLength: 150, size: 'max' },
)

describe('matching many values at once', () => {
  test('finds exactly what matching each value alone finds', () => {
    fc.assert(
      fc.property(values, (all) => {
        const expected = oneByOne(PLAN, all)
        expect(inJsonLines(PLAN, all)).toEqual(expected)
        expect(inProtobuf(PLAN, all)).toEqual(expected)
        expect(inForward(PLAN, all)).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  test('finds what is there at all: the comparison above is not one of nothing with nothing', () => {
    const sealed = fc.sample(values, { numRuns: 20, seed: 1 }).flatMap((all) => oneByOne(PLAN, all))
    const kinds = sealed.flatMap((value) => [...value.matchAll(/\[dropped:([^\]]+)\]/g)].map(([, kind]) => kind))
    expect(new Set(kinds).size).toBeGreaterThan(20)
  })

  test('needs no value of the chunk to have been seen before: a match in the last of 64 is found', () => {
    for (const count of [1, 2, 63, 64, 65, 129]) {
      const all = Array.from({ length: count }, (_, index) => (index === count - 1 ? 'x jane@example.com' : 'clean'))
      expect(inJsonLines(PLAN, all).at(-1)).toBe('x [dropped:email]')
    }
  })
})

/** `[ab]` at a fixed distance from the end doubles the automaton's states with each step. */
const BLOWN_UP = ['[ab]*a[ab]{14}c', '(?:[0-9a-f]{2}:){3,40}[^0-9a-f]', 'x.{0,80}y.{0,80}z']

describe('when the memory of the automaton runs out', () => {
  afterEach(() => vi.restoreAllMocks())

  const texts = fc.array(
    fc.oneof(
      textWithFindings,
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'x', 'y', 'z', ':', '0', 'f'), maxLength: 300, size: 'max' }),
    ),
    { minLength: 1, maxLength: 20 },
  )
  const large = planOf([...OWN_PATTERNS, ...BLOWN_UP], { maxMemoryBytes: 512 * 1024 * 1024 })

  // Guard: the `catch` of compileSet, for a set that does not fit at all (1 byte). With the others the automaton is
  // thrown away and begun anew all the time.
  test.each([1, 300_000, 1_000_000])('with %i bytes the same is found as with plenty', (maxMemoryBytes) => {
    const small = planOf([...OWN_PATTERNS, ...BLOWN_UP], { maxMemoryBytes })
    fc.assert(
      fc.property(texts, (all) => {
        const expected = oneByOne(large, all)
        expect(oneByOne(small, all)).toEqual(expected)
        expect(inJsonLines(small, all)).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })

  // Guard: the `catch` of PatternGroup.test and of .match. A set that fits but cannot run is hard to bring about.
  test.each(['test', 'match'] as const)('of the set in `%s`, single patterns take over', (method) => {
    const plan = planOf(OWN_PATTERNS)
    const all = ['user jane@example.com paid', 'jane', 'clean']
    const expected = oneByOne(PLAN, all)
    expect(expected).not.toEqual(all)
    const spy = vi.spyOn(RE2.Set.prototype, method).mockImplementation(() => {
      throw new Error('DFA out of memory')
    })
    expect(inJsonLines(plan, all)).toEqual(expected)
    expect(spy).toHaveBeenCalled()
  })

  // Guard: MatchingError of testOne and its translation in Scan.run. Nothing may be let through as clean.
  test('and single patterns fail too, the batch is refused', () => {
    const engine = engineFor([{ id: 'mail', detect: 'email', seal: { to: 'all' } }])
    for (const method of ['test', 'match'] as const) {
      vi.spyOn(RE2.Set.prototype, method).mockImplementation(() => {
        throw new Error('DFA out of memory')
      })
    }
    vi.spyOn(RE2.prototype, 'test').mockImplementation(() => {
      throw new Error('out of memory at jane@example.com')
    })
    expect(codeOf(() => engine.seal(asJsonLines(['jane@example.com']), 'json-lines'))).toBe(
      'FIELDSEAL_DETECTION_FAILED',
    )
  })

  test('and the search for the span fails, the batch is refused', () => {
    const engine = engineFor([{ id: 'mail', detect: 'email', seal: { to: 'all' } }])
    for (const method of ['exec', 'search'] as const) {
      vi.spyOn(RE2.prototype, method).mockImplementation(() => {
        throw new Error('out of memory')
      })
    }
    expect(codeOf(() => engine.seal(asJsonLines(['jane@example.com']), 'json-lines'))).toBe(
      'FIELDSEAL_DETECTION_FAILED',
    )
  })
})
