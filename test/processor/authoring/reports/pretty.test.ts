import { describe, expect, test } from 'vitest'
import { jsonReport } from '../../../../processor/authoring/reports/json.ts'
import { prettyReport } from '../../../../processor/authoring/reports/pretty.ts'
import { CLEAN, ODD, OPTIONS, RESULT } from './result.ts'

describe('the report for people', () => {
  test('has for each finding a line that editors make a link of, what to do, and a page', () => {
    const [first, second, summary] = prettyReport(RESULT, OPTIONS).split('\n\n')
    expect(first!.split('\n')).toEqual([
      'rules/ours.yaml:4:9 unknown-detector rule "one": no detector is named "emial"',
      '  error: Did you mean "email"?',
      '  see docs/reference/lint/unknown-detector.md',
    ])
    expect(second!.split('\n').slice(-2)).toEqual([
      '  warning: Add owner: the team that answers for it.',
      '  see docs/reference/lint/exception-without-owner.md',
    ])
    expect(summary).toBe('1 error, 1 warning; 7 rules in 3 files\n')
  })

  test('lets nothing of a file begin a line or speak to the terminal', () => {
    const odd = prettyReport({ ...RESULT, problems: RESULT.problems.slice(1) }, OPTIONS)
    expect(odd.split('\n')).toHaveLength(6)
    expect(odd).not.toContain('\u0007')
  })

  test('colours by severity', () => {
    const report = prettyReport(RESULT, { ...OPTIONS, paint: (colour, text) => `<${colour}>${text}</>` })
    expect(report).toContain('<bold>rules/ours.yaml:4:9</> <red>unknown-detector</> rule "one"')
    expect(report).toContain('<yellow>exception-without-owner</>')
    expect(report).toContain('<red>1 error</>, <yellow>1 warning</>;')
  })

  test('says so where there is nothing to tell', () => {
    expect(prettyReport(CLEAN, OPTIONS)).toBe('ok: 1 rule in 1 file\n')
  })
})

describe('the report for programs', () => {
  test('has what there is, and whether it is good', () => {
    expect(JSON.parse(jsonReport(RESULT, OPTIONS))).toEqual({
      ok: false,
      summary: { files: 3, rules: 7, errors: 1, warnings: 1, strict: false },
      problems: [
        { ...RESULT.problems[0], page: 'docs/reference/lint/unknown-detector.md' },
        expect.objectContaining({ file: ODD, severity: 'warning' }),
      ],
    })
    const warning = { ...RESULT, problems: RESULT.problems.slice(1) }
    expect(JSON.parse(jsonReport(warning, OPTIONS)).ok).toBe(true)
    expect(JSON.parse(jsonReport({ ...warning, strict: true }, OPTIONS)).ok).toBe(false)
  })
})
