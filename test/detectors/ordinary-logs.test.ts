import { describe, expect, test } from 'vitest'
import { DETECTORS } from '../../detectors/index.ts'
import { KINDS, ordinaryLines } from '../corpora/ordinary/index.ts'
import type { Line } from '../corpora/ordinary/line.ts'
import { examplesOf, type PlantedLine, planted, WELL_KNOWN } from '../corpora/ordinary/planted.ts'
import { Random } from '../corpora/ordinary/random.ts'
import { findingsIn, IN_ORDINARY_LOGS, said } from './findings.ts'

const LINES_OF_A_KIND = 500
const SEED = 20260817

describe.each(Object.keys(KINDS))('ordinary lines: %s', (kind) => {
  const lines = ordinaryLines(kind, LINES_OF_A_KIND, SEED)

  test('hold nothing that any detector finds', () => {
    expect(lines.flatMap((line) => findingsIn(line).map((finding) => said(line, finding)))).toEqual([])
  })

  test('give up every value that was planted in them, and nothing else', () => {
    const random = new Random(SEED)
    // What only a key opens wants a field of its own.
    const inTexts = IN_ORDINARY_LOGS.filter(({ gate }) => gate === undefined || gate.words.length > 0)
    const values = [...WELL_KNOWN, ...inTexts.flatMap(examplesOf)]
    const wrong = values.flatMap((value) => mistakes(planted(random.pick(lines), value, random)))
    expect(wrong).toEqual([])
  })
})

function mistakes(line: PlantedLine): string[] {
  const [start, end] = [bytes(line, line.start), bytes(line, line.end)]
  const findings = findingsIn(line)
  const { detector, value } = line.planted
  const found = findings.some(
    (finding) =>
      finding.name === detector &&
      (value === undefined ? finding.start < end && finding.end > start : finding.text === value),
  )
  // A word that is planted opens the gates of what stands beside it as well: the line holds no such word of its own.
  const others = findings.filter(
    (finding) => (finding.end <= start || finding.start >= end) && finding.opened === undefined,
  )
  return [
    ...(found ? [] : [`${detector} not found: ${JSON.stringify(line.text)}`]),
    ...others.map((finding) => said(line, finding)),
  ]
}

function bytes({ text }: Line, characters: number): number {
  return Buffer.byteLength(text.slice(0, characters))
}

test('the lines are enough, and none is there because a number stands alone that is a card', () => {
  const all = Object.keys(KINDS).flatMap((kind) => ordinaryLines(kind, LINES_OF_A_KIND, SEED))
  expect(all.length).toBeGreaterThanOrEqual(5000)
  expect(Object.keys(KINDS).length).toBeGreaterThanOrEqual(12)
  // What makes them hard: many hold a run of digits that passes Luhn.
  expect(all.filter(({ text }) => (text.match(/\d{13,19}/g) ?? []).some(passesLuhn)).length).toBeGreaterThan(300)
  expect(new Set(all.map(({ text }) => text)).size).toBeGreaterThan(5000)
})

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, position) => {
    const value = Number(digit) * (position % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

test('the detectors that are looked for are all but addresses of machines', () => {
  const left = DETECTORS.filter((detector) => !IN_ORDINARY_LOGS.includes(detector))
  expect(left.every(({ activation }) => activation === 'off' || activation === 'key')).toBe(true)
})
