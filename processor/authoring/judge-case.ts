import { isDeepStrictEqual } from 'node:util'
import type { Match } from '../engine/explain.ts'
import type { ExplainedBatch } from '../engine/seal-records.ts'
import { clauseOf, whyNot } from './plain-words.ts'
import { readRecord, valuesAt } from './record-after.ts'
import { isPlace, isPlaceWithin } from './same-place.ts'
import { onOneLine } from './shown-text.ts'
import type { Expectations, TestCase } from './test-cases.ts'

/** What was expected and did not happen. */
export interface Disagreement {
  /** The part of the case that says so; undefined for the case as a whole. */
  readonly part: keyof Expectations | undefined
  readonly expected: string
  /** In plain words; a line for each reason. */
  readonly happened: readonly string[]
}

/** The names of those who can open what is sealed for these recipients and groups. */
export type ResolveRecipients = (names: readonly string[]) => readonly string[]

/** Whether a record became what its case expects. Empty where it did. */
export function judgeCase(testCase: TestCase, explained: ExplainedBatch, resolve: ResolveRecipients): Disagreement[] {
  const acts = testCase.kind === 'seal' || testCase.kind === 'todo_seal'
  const judged = acts ? judgeSeal(testCase, explained, resolve) : judgeKeep(testCase, explained)
  return judged.length > 0 ? judged : judgeAfter(testCase, explained)
}

/** Whether the rule has the value, now or once its audit is over. */
export function acts({ verdict }: Match): boolean {
  return verdict.is === 'acts' || verdict.is === 'audits'
}

/**
 * Whether a rule that acts does so at a path: a map or array that it takes, or an entry whose key it found something in,
 * it takes with all that is in it.
 */
function reaches(match: Match, path: string): boolean {
  return match.onKey || match.text === undefined ? isPlaceWithin(path, match.path) : isPlace(path, match.path)
}

function judgeSeal(testCase: TestCase, explained: ExplainedBatch, resolve: ResolveRecipients): Disagreement[] {
  const { path, action, recipients } = testCase.expected
  const rule = testCase.rule!
  let matches = explained.matches.filter((match) => match.rule === rule.id && acts(match))
  if (matches.length === 0) {
    return [
      {
        part: undefined,
        expected: `rule "${rule.id}" acts on this record`,
        happened: whyNot(rule, explained.matches, explained.misses),
      },
    ]
  }
  const steps: [keyof Expectations, string, (match: Match) => boolean, (match: Match) => string][] = []
  if (path !== undefined)
    steps.push(['path', `rule "${rule.id}" acts at ${path}`, (match) => reaches(match, path), clauseOf])
  if (action !== undefined)
    steps.push(['action', `the action is ${action}`, (match) => match.action === action, (m) => `it is ${m.action}`])
  if (recipients !== undefined) {
    const wanted = resolve([recipients].flat()).toSorted()
    const expected = `it is sealed for ${wanted.join(', ')}`
    steps.push(['recipients', expected, (match) => isDeepStrictEqual(match.recipients.toSorted(), wanted), sealedFor])
  }
  for (const [part, expected, agrees, tell] of steps) {
    const agreeing = matches.filter(agrees)
    if (agreeing.length === 0) return [{ part, expected, happened: [...new Set(matches.map(tell))] }]
    matches = agreeing
  }
  return []
}

function sealedFor(match: Match): string {
  return match.action === 'seal' ? `it is sealed for ${match.recipients.join(', ')}` : clauseOf(match)
}

function judgeKeep({ rule, expected }: TestCase, { matches, misses }: ExplainedBatch): Disagreement[] {
  const { path, except } = expected
  const id = rule!.id
  const own = matches.filter((match) => match.rule === id)
  const here = own.filter((match) => path === undefined || isPlace(path, match.path))
  const acting = own.filter((match) => acts(match) && (path === undefined || reaches(match, path)))
  const place = path === undefined ? 'this record' : `what stands at ${path}`
  if (acting.length > 0)
    return [{ part: undefined, expected: `rule "${id}" leaves ${place} alone`, happened: acting.map(clauseOf) }]
  const isExcepted = ({ verdict }: Match) => verdict.is === 'excepted' && verdict.exception === except
  if (except === undefined || here.some(isExcepted)) return []
  return [
    {
      part: 'except',
      expected: `the exception "${except}" keeps it from rule "${id}"`,
      happened: whyNot(rule!, here, misses),
    },
  ]
}

function judgeAfter({ expected }: TestCase, { bytes, matches }: ExplainedBatch): Disagreement[] {
  const { path, after } = expected
  if (after === undefined) return []
  const found = path === undefined ? [readRecord(bytes, matches).body] : valuesAt(readRecord(bytes, matches), path)
  // What was removed is as if it were null.
  const values = found.length === 0 ? [null] : found.map((value) => value ?? null)
  if (values.some((value) => isDeepStrictEqual(value, after))) return []
  const place = path ?? 'the body'
  return [
    {
      part: 'after',
      expected: `${place} becomes ${onOneLine(JSON.stringify(after))}`,
      happened: values.map((value) => `it becomes ${onOneLine(JSON.stringify(value))}`),
    },
  ]
}
