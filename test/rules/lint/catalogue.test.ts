import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LINT_CHECKS, LINT_CODES, READING_CHECKS } from '../../../rules/lint/index.ts'
import { found, KNOWN } from './linting.ts'

describe('the catalogue of lint', () => {
  test('has every check of the folder, under the name of its file', () => {
    const files = readdirSync(join(import.meta.dirname, '../../../rules/lint/checks'))
    expect(LINT_CODES.map(({ code }) => `${code}.ts`).sort()).toEqual(files.sort())
  })

  test('has codes that are words joined by hyphens, each once', () => {
    const codes = LINT_CODES.map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/)
  })

  test.each(LINT_CODES)('$code is explained in whole sentences', ({ title, explanation, hint }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(explanation).toMatch(/^[A-Z][\s\S]*\.$/)
    expect(explanation.length).toBeGreaterThan(100)
    expect(hint).toMatch(/^[A-Z]/)
  })

  test('what is asked for with --strict alone is no error', () => {
    expect(LINT_CODES.filter(({ strictOnly, severity }) => strictOnly && severity === 'error')).toEqual([])
  })

  test('the last check of what is read covers everything', () => {
    expect(READING_CHECKS.at(-1)!.covers({ step: 'schema', path: [], message: '' })).toBe(true)
  })
})

describe('the examples of the reference', () => {
  test.each(LINT_CHECKS)('of $code: the one is found, the other is not', (check) => {
    expect(found(check, check.wrong, { known: KNOWN })).not.toEqual([])
    expect(found(check, check.right, { known: KNOWN })).toEqual([])
  })
})
