import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { explainRecords } from '../../processor/authoring/explain-records.ts'
import { readRuleSet } from '../../processor/authoring/rule-set.ts'
import { type RulesInUse, standingIn } from '../../processor/authoring/rules-in-use.ts'
import { changesOf, type RecordChange } from '../../processor/authoring/sample-changes.ts'
import { SampleReader } from '../../processor/authoring/sample-reader.ts'
import { SealedShort, type TextPiece } from '../../processor/authoring/sealed-short.ts'
import { DEFAULT_SETTINGS } from '../../processor/engine.ts'
import { CORPUS } from './corpus.ts'
import type { LogRecord } from './model.ts'
import { RULES } from './rules.ts'
import { carried, WAYS, type Way } from './ways.ts'

/** What a preview shows, against what the records say that leave. */
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-'))
writeFileSync(join(folder, 'r.yaml'), stringify({ rules: RULES }))
const rules = standingIn(
  readRuleSet([join(folder, 'r.yaml')]),
  DEFAULT_SETTINGS,
  new Map([['all', ['security', 'dpo', 'fraud']]]),
)
const sealsMaps = standingIn(
  ruleSetOf([{ id: 'all', path: ['attributes.**', 'body'], seal: { to: 'dpo' } }]),
  DEFAULT_SETTINGS,
)
const dropsMails = standingIn(
  ruleSetOf([
    { id: 'mails', detect: 'email', drop: {} },
    { id: 'maps', path: 'attributes.*.*', drop: {} },
  ]),
  DEFAULT_SETTINGS,
)

function ruleSetOf(list: readonly object[]) {
  const file = join(folder, `${Object.values(list[0]!)[0]}.yaml`)
  writeFileSync(file, stringify({ rules: list }))
  return readRuleSet([file])
}

afterAll(() => {
  for (const { engine } of [rules, sealsMaps, dropsMails]) engine.close()
  rmSync(folder, { recursive: true })
})

const textOf = (pieces: readonly TextPiece[]) => pieces.map(({ text }) => text).join('')

function previewed(way: Way, records: readonly LogRecord[], used: RulesInUse) {
  const bytes = way.write(records)
  const sealed = used.engine.explain(bytes, way.format, { misses: false })
  const reader = new SampleReader(used)
  const before = reader.read(bytes, way.format)
  const after = reader.read(sealed.bytes, way.format)
  return { sealed, before, after, changes: changesOf(before, after, sealed.matches, used) }
}

const plain = (value: unknown) => JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner))
const numbersOf = (changes: readonly RecordChange[]) =>
  [...new Set(changes.map(({ record }) => record))].toSorted((a, b) => a - b)

describe.each(WAYS)('by $format', (way) => {
  const records = carried(
    way,
    CORPUS.map(({ record }) => record),
  )

  test.each([
    ['the rules of the corpus', rules],
    ['rules that seal maps', sealsMaps],
    ['rules that drop', dropsMails],
  ] as const)('%s: a record is shown if, and only if, it leaves otherwise than it came', (_, used) => {
    const { sealed, changes } = previewed(way, records, used)
    const came = way.read(way.write(records)).map(plain)
    const left = way.read(sealed.bytes).map(plain)
    expect(left).toHaveLength(came.length)
    const changed = came.flatMap((record, number) => (record === left[number] ? [] : [number]))
    expect(numbersOf(changes)).toEqual(changed)
  })

  test.each([
    ['the rules of the corpus', rules],
    ['rules that seal maps', sealsMaps],
    ['rules that drop', dropsMails],
  ] as const)('%s: each value that leaves is shown once, as what came in its place, or has stayed', (_, used) => {
    for (const record of records) {
      const { before, after, changes } = previewed(way, [record], used)
      for (const owner of new Set(after.map((value) => value.owner))) {
        const list = after.filter((value) => value.owner === owner && value.inSealedList)
        const short = new SealedShort(used, list)
        const shown = changes
          .filter(({ of, record: number }) => `${of} ${number}` === owner)
          .flatMap(({ values }) => values)
        const results = shown.flatMap(({ after: result }) => (result === undefined ? [] : [textOf(result.pieces)]))
        const leaves = after.filter((value) => value.owner === owner && !value.inSealedList && value.text !== undefined)
        const stayed = before.filter(
          ({ owner: own, text, path }) =>
            own === owner && text !== undefined && leaves.some((leaf) => leaf.path === path && leaf.text === text),
        )
        expect(results.length + stayed.length).toBe(leaves.length)
        // The kind of a value that is one JWE is known from the matches alone.
        const kindless = (text: string) => text.replaceAll(/\[sealed:[^ ]+ /g, '[sealed:? ')
        const texts = new Set(leaves.map(({ text }) => kindless(textOf(short.pieces(text!, '?')))))
        for (const result of results) expect(texts).toContain(kindless(result))
      }
    }
  })

  test('explanations have every match of every record', () => {
    const bytes = way.write(records)
    const { matches, records: count } = rules.engine.explain(bytes, way.format)
    const explained = explainRecords(rules, bytes, way.format, 1)
    const told = explained.flatMap(({ values }) => values.flatMap((value) => value.matches))
    expect(told).toHaveLength(matches.length)
    expect(explained.filter(({ of }) => of === 'record')).toHaveLength(count)
    for (const { because, outcome } of told) expect(`${because} ${outcome}`).not.toContain('undefined')
  })
})
