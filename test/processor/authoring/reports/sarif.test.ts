import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sarifReport } from '../../../../processor/authoring/reports/sarif.ts'
import { LINT_CODES } from '../../../../rules/lint/index.ts'
import { CLEAN, ODD, OPTIONS, RESULT } from './result.ts'

const message = z.strictObject({ text: z.string().min(1), markdown: z.string().min(1).optional() })
const level = z.enum(['none', 'note', 'warning', 'error'])

/** What the schema of SARIF 2.1.0 says of the properties that are written; it allows no others but these and many more. */
const log = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          version: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: message,
              fullDescription: message,
              help: message,
              defaultConfiguration: z.strictObject({ level }),
            }),
          ),
        }),
      }),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(-1),
          level,
          message,
          locations: z.array(
            z.strictObject({
              physicalLocation: z.strictObject({
                // format: uri-reference (RFC 3986)
                artifactLocation: z.strictObject({
                  uri: z.string().regex(/^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-F]{2})*$/),
                }),
                region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) }),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
})

const read = (text: string) => log.parse(JSON.parse(text)).runs[0]!

describe('the report for code scanning', () => {
  test('is SARIF 2.1.0, with every check as a rule', () => {
    const { tool, results } = read(sarifReport(RESULT, OPTIONS))
    expect(tool.driver).toMatchObject({ name: 'Fieldseal', version: '1.2.3' })
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(LINT_CODES.map(({ code }) => code))
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]!.id).toBe(ruleId)
  })

  test('has each finding where it is', () => {
    const [first, second] = read(sarifReport(RESULT, OPTIONS)).results
    expect(first).toMatchObject({
      level: 'error',
      message: { text: 'rule "one": no detector is named "emial". Did you mean "email"?' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'rules/ours.yaml' },
            region: { startLine: 4, startColumn: 9 },
          },
        },
      ],
    })
    const { uri } = second!.locations[0]!.physicalLocation.artifactLocation
    // No part before the first slash that could be taken for a scheme (RFC 3986 section 4.2).
    expect(uri.split('/')[0]).not.toContain(':')
    expect(decodeURIComponent(uri)).toBe(ODD.toWellFormed())
  })

  test('names files by absolute paths as URLs', () => {
    const problems = [{ ...RESULT.problems[0]!, file: '/etc/a b/r.yaml' }]
    const [result] = read(sarifReport({ ...RESULT, problems }, OPTIONS)).results
    expect(result!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('file:///etc/a%20b/r.yaml')
  })

  test('has no results where there is nothing to tell', () => {
    expect(read(sarifReport(CLEAN, OPTIONS)).results).toEqual([])
  })
})
