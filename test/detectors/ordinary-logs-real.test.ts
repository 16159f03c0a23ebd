import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { REAL_PROGRAMS } from '../corpora/real/index.ts'
import { describeWithPackage } from '../interop/package.ts'
import { findingsIn, said } from './findings.ts'

const counts = new Map<string, number>()

for (const program of REAL_PROGRAMS) {
  describeWithPackage(`what ${program.name} wrote`, program.debianPackage, program.check, () => {
    const folder = mkdtempSync(join(tmpdir(), 'fieldseal-real-'))
    let lines: readonly string[] = []
    beforeAll(async () => {
      lines = [...new Set(await program.lines(folder))]
      counts.set(program.name, lines.length)
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    test('is a log, and holds nothing that any detector finds', () => {
      expect(lines.length).toBeGreaterThan(100)
      const found = lines.flatMap((text) => {
        const wrong = findingsIn({ key: '', text }).filter(
          (finding) => program.trueFindings?.test(finding.text) !== true,
        )
        return wrong.map((finding) => said({ key: '', text }, finding))
      })
      expect(found).toEqual([])
    })
  })
}

test('together they wrote at least 5,000 lines, or some of them cannot be had', () => {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  console.log(`${total} different lines:`, Object.fromEntries(counts))
  if (counts.size === REAL_PROGRAMS.length) expect(total).toBeGreaterThanOrEqual(5000)
})
