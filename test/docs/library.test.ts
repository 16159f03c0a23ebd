import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import * as api from '../../processor/index.ts'
import { codeBlock, document, ROOT } from './document.ts'

const PAGE = 'docs/library.md'
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-library-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the example prints what it says', () => {
  // The package's own name leads to what is built; tests do not build.
  const source = codeBlock(PAGE, 'library').replace("'fieldseal'", JSON.stringify(join(ROOT, 'processor/index.ts')))
  writeFileSync(join(folder, 'example.mts'), source)
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const printed = execFileSync(process.execPath, ['example.mts'], { cwd: folder, encoding: 'utf8' })
  const promised = [...source.matchAll(/^console\.log\(.*\) \/\/ (.*)$/gm)].map((match) => match[1])
  expect(promised).toHaveLength(2)
  expect(printed.trimEnd().split('\n')).toEqual(promised)
})

test('the page names everything that is exported', () => {
  const text = document(PAGE)
  for (const name of Object.keys(api)) expect(text).toMatch(new RegExp(`\`${name}\\b`))
})

test('the page names every format and setting', () => {
  const text = document(PAGE)
  for (const name of [...api.FORMAT_NAMES, ...Object.keys(api.DEFAULT_SETTINGS)]) expect(text).toContain(`\`${name}\``)
})
