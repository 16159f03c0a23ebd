import { describe, expect, test } from 'vitest'
import { PRESENT, readCases } from './presidio/cases.ts'
import { EXCLUDED_CASES } from './presidio/excluded-cases.ts'
import { EXCLUDED_RECOGNIZERS } from './presidio/excluded-rows.ts'
import { type Measured, measure, missingDetectors, needsKey, Tally } from './presidio/measure.ts'
import { ROWS } from './presidio/rows.ts'

const cases = readCases()

function casesOf(recognizer: string) {
  return cases.filter((one) => one.recognizer === recognizer)
}

describe.skipIf(!PRESENT)('Presidio recognizer cases (skipped where ../shared/vectors is absent)', () => {
  const present = ROWS.filter((row) => missingDetectors(row).length < row.detectors.length)
  const measured = new Map(present.map((row) => [row, measure(row, casesOf(row.recognizer))]))

  function pooled(of: keyof Measured): Tally {
    const pool = new Tally()
    for (const one of measured.values()) pool.merge(one[of])
    return pool
  }

  test('every recognizer has a detector, or a reason why not', () => {
    for (const [row, one] of measured) {
      const figures = needsKey(row)
        ? `under ${row.key}: ${one.foundUnderKey} found, ${one.quietUnderKey} quiet; bare: ${one.quietBare} quiet`
        : `${one.found} found, ${one.quiet} quiet`
      const wrong = Object.values(one).flatMap(({ wrong }: Tally) => wrong)
      console.log(`${row.recognizer}: ${figures}`, ...(wrong.length > 0 ? [wrong] : []))
    }
    console.log(
      `As they stand: ${pooled('found')} found, ${pooled('quiet')} quiet.`,
      `Under a key: ${pooled('foundUnderKey')} found, ${pooled('quietUnderKey')} quiet; bare: ${pooled('quietBare')} quiet.`,
    )
    expect(ROWS.flatMap(missingDetectors)).toEqual([])
    const known = new Set([...ROWS.map(({ recognizer }) => recognizer), ...Object.keys(EXCLUDED_RECOGNIZERS)])
    expect(cases.filter(({ recognizer }) => !known.has(recognizer))).toEqual([])
  })

  test('what needs nothing is found as it stands: at least 97 %', () => {
    expect(pooled('found').total).toBeGreaterThan(100)
    expect(pooled('found').share, pooled('found').wrong.join('\n')).toBeGreaterThanOrEqual(0.97)
  })

  test('what needs nothing leaves other texts alone: at most 3 % are matched', () => {
    expect(pooled('quiet').total).toBeGreaterThan(100)
    expect(pooled('quiet').share, pooled('quiet').wrong.join('\n')).toBeGreaterThanOrEqual(0.97)
  })

  test('what needs a word or key is found under a key that opens it: at least 97 %', () => {
    expect(pooled('foundUnderKey').total).toBeGreaterThan(100)
    expect(pooled('foundUnderKey').share, pooled('foundUnderKey').wrong.join('\n')).toBeGreaterThanOrEqual(0.97)
  })

  test('what needs a word or key is nothing alone, to any detector: at most 1 % is matched', () => {
    expect(pooled('quietBare').total).toBeGreaterThan(100)
    expect(pooled('quietBare').share, pooled('quietBare').wrong.join('\n')).toBeGreaterThanOrEqual(0.99)
  })

  test('every exclusion names a case that there is, and would be wrong without it', () => {
    const ids = new Set(cases.flatMap(({ id, wanted }) => [id, ...wanted.map((match) => match.id)]))
    for (const id of Object.keys(EXCLUDED_CASES)) expect(ids).toContain(id)
    const recognizers = new Set(cases.map(({ recognizer }) => recognizer))
    for (const name of Object.keys(EXCLUDED_RECOGNIZERS)) expect(recognizers).toContain(name)
    const right = [...measured.keys()].flatMap((row) => rightThoughExcluded(row, casesOf(row.recognizer)))
    expect(right).toEqual([])
  })
})

/** Exclusions without which nothing would be wrong: they hide nothing, and go. */
function rightThoughExcluded(row: (typeof ROWS)[number], of: ReturnType<typeof casesOf>): string[] {
  const counted = measure(row, of, {})
  const wrong = new Set(Object.values(counted).flatMap((tally: Tally) => tally.wrong))
  const ids = of.flatMap(({ id, wanted }) => [id, ...wanted.map((match) => match.id)])
  return [...new Set(ids)].filter((id) => EXCLUDED_CASES[id] !== undefined && !wrong.has(id))
}
