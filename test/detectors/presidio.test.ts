import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { detectorByName } from '../../detectors/index.ts'
import { findAll } from './drive.ts'

interface Case {
  readonly recognizer: string
  readonly entity: string
  readonly text: string
  readonly expected_count: number
  /** Code points, half open; empty or null where the file only counts. */
  readonly positions: readonly (readonly [number, number])[] | null
}

/** What another project's authors expect of their recognizers; see the folder's README for source and licence. */
const FILE = new URL('../../../shared/vectors/presidio/recognizer_cases.json', import.meta.url)

const DETECTORS_OF: Readonly<Record<string, readonly string[]>> = {
  CreditCardRecognizer: ['payment_card'],
  IbanRecognizer: ['iban'],
  EmailRecognizer: ['email'],
  IpRecognizer: ['ipv4', 'ipv6'],
  UsSsnRecognizer: ['us_ssn'],
  PhoneRecognizer: ['phone_e164'],
}

/** Matches that we do not look for, by recognizer and matched text, each with the reason. */
const EXCLUDED: Readonly<Record<string, string>> = {
  'CreditCardRecognizer 122000000000003': 'UATP numbers begin with 1, as times in microseconds do',
  'IpRecognizer ::': 'the unspecified address names nobody, and `::` stands in every C++ and Rust log',
  'IpRecognizer ::/128': 'the same',
  'UsSsnRecognizer 078-051121': 'a shape that nobody prints; Presidio gives it a score below 0.3',
  'UsSsnRecognizer 07805-1121': 'the same',
  'UsSsnRecognizer 078 05 1123': 'only the printed form with hyphens goes without a key word',
}

const present = existsSync(FILE)
const cases: readonly Case[] = present ? JSON.parse(readFileSync(FILE, 'utf8')) : []

describe.skipIf(!present)('Presidio recognizer cases (skipped where ../shared/vectors is absent)', () => {
  test.each(Object.keys(DETECTORS_OF))('%s: at least 95 % of what it expects is found', (recognizer) => {
    const tally = { expected: 0, found: 0, quiet: 0, quietAgreed: 0 }
    const missed: string[] = []
    for (const { text, positions, expected_count, ...one } of cases) {
      if (one.recognizer !== recognizer) continue
      const matches = DETECTORS_OF[recognizer]!.flatMap((name) => findAll(detectorByName(name)!, text))
      if (expected_count === 0) {
        tally.quiet += 1
        if (matches.length === 0) tally.quietAgreed += 1
      }
      if (expected_count > 0 && (positions ?? []).length === 0) {
        tally.expected += expected_count
        tally.found += Math.min(matches.length, expected_count)
      }
      const points = [...text]
      for (const [from, to] of positions ?? []) {
        const wanted = points.slice(from, to).join('')
        if (EXCLUDED[`${recognizer} ${wanted}`] !== undefined) continue
        // National numbers are not ours: only those that begin with a plus sign.
        if (recognizer === 'PhoneRecognizer' && !wanted.startsWith('+')) continue
        const start = Buffer.byteLength(points.slice(0, from).join(''))
        const end = start + Buffer.byteLength(wanted)
        tally.expected += 1
        if (matches.some((match) => match.start < end && match.end > start)) tally.found += 1
        else missed.push(wanted)
      }
    }
    console.log(
      `${recognizer}: ${tally.found} of ${tally.expected} found, ${tally.quietAgreed} of ${tally.quiet} left alone`,
      missed,
    )
    expect(tally.expected).toBeGreaterThan(0)
    expect(tally.found / tally.expected).toBeGreaterThanOrEqual(0.95)
  })

  test('every exclusion names a match that the file expects', () => {
    const expected = new Set(
      cases.flatMap(({ recognizer, text, positions }) =>
        (positions ?? []).map(([from, to]) => `${recognizer} ${[...text].slice(from, to).join('')}`),
      ),
    )
    for (const key of Object.keys(EXCLUDED)) expect(expected).toContain(key)
  })
})
