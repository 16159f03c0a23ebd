import { parsePath } from '../../rules/path.ts'
import { didYouMean } from '../config/nearest.ts'
import type { Disagreement } from './judge-case.ts'
import { readRecord, valuesAt } from './record-after.ts'
import type { Expectations, TestCase } from './test-cases.ts'
import { testRequest } from './test-record.ts'

/** What of a case could never tell a right rule from a wrong one. Such a case fails whatever its kind. */
export function caseFaults(testCase: TestCase, ruleIds: readonly string[]): Disagreement[] {
  const faults = [unknownRule(testCase, ruleIds), badPath(testCase)]
  faults.push(...(testCase.kind.endsWith('keep') ? keepFaults(testCase) : sealFaults(testCase)))
  return faults.filter((fault) => fault !== undefined)
}

function fault(part: keyof Expectations, expected: string, happened: string, hint?: string): Disagreement {
  return { part, expected, happened: [hint === undefined ? happened : `${happened}; ${hint}`] }
}

function unknownRule({ rule, subject }: TestCase, ruleIds: readonly string[]): Disagreement | undefined {
  if (rule !== undefined) return undefined
  const hint = didYouMean(subject, ruleIds)
  return fault('rule', 'the case is about a rule of these files', `no rule has the id "${subject}"`, hint)
}

function badPath({ expected: { path } }: TestCase): Disagreement | undefined {
  const problem = path === undefined ? undefined : parsePath(path)
  return typeof problem === 'string' ? fault('path', 'a path, such as attributes.user.email', problem) : undefined
}

function sealFaults({ rule, expected: { except, recipients } }: TestCase): (Disagreement | undefined)[] {
  return [
    except === undefined
      ? undefined
      : fault('except', 'a case under `keep`', 'an exception keeps a value: under `seal` it can have no effect'),
    recipients === undefined || rule === undefined || rule.seal !== undefined
      ? undefined
      : fault('recipients', 'a rule that seals', `rule "${rule.id}" does not seal, so that there are no recipients`),
  ]
}

function keepFaults({ rule, expected }: TestCase): (Disagreement | undefined)[] {
  const { path, except } = expected
  const faults = (['action', 'recipients'] as const).map((part) =>
    expected[part] === undefined
      ? undefined
      : fault(part, 'a case under `seal`', `what is kept has no ${part}: under \`keep\` it can have no effect`),
  )
  const names = (rule?.except ?? []).map(({ name }) => name)
  if (rule !== undefined && except !== undefined && !names.includes(except)) {
    const happened = `rule "${rule.id}" has no exception named "${except}"`
    faults.push(fault('except', 'an exception of the rule', happened, didYouMean(except, names)))
  }
  // At a path that the record lacks, every rule leaves everything alone.
  if (path !== undefined && valuesAt(readRecord(testRequest(expected)), path).length === 0)
    faults.push(fault('path', `the record has something at ${path}`, 'it has nothing there'))
  return faults
}
