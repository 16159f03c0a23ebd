import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importsOf } from '../../../scripts/imports/specifiers.ts'

const root = join(import.meta.dirname, '../../..')

function specifiers(source: string): (string | undefined)[] {
  return importsOf(source).map(({ specifier }) => specifier)
}

test.each([
  ["import { a } from './a.ts'", './a.ts'],
  ["import a, { type b } from './a.ts'", './a.ts'],
  ["import * as a from './a.ts'", './a.ts'],
  ["import {\n  a,\n  b,\n} from './a.ts'", './a.ts'],
  ["import './a.ts'", './a.ts'],
  ["export * from './a.ts'", './a.ts'],
  ["export { a as from } from './a.ts'", './a.ts'],
  ["const a = await import('./a.ts')", './a.ts'],
  ["type A = typeof import('./a.ts')", './a.ts'],
  ["let a: import('./a.ts').A", './a.ts'],
  ["const a = require('./a.ts')", './a.ts'],
  ["const a = process.getBuiltinModule('fs')", 'fs'],
  ["const text = `${await import('./a.ts')}`", './a.ts'],
  ["const half = a / 2; import('./a.ts') // '", './a.ts'],
  ["const quote = /['/]/; import('./a.ts')", './a.ts'],
  ['import { a } from "./a.ts"', './a.ts'],
])('sees the import in %j', (source, expected) => {
  expect(specifiers(source)).toEqual([expected])
})

test.each([
  ["// import './a.ts'"],
  ["/* import './a.ts' */"],
  [`const text = "import './a.ts'"`],
  ["const text = `import './a.ts'`"],
  ["const expression = /import './"],
  ["const a = Buffer.from('./a.ts')"],
  ["schema.import('./a.ts')"],
  ['const { url } = import.meta'],
])('sees no import in %j', (source) => {
  expect(specifiers(source)).toEqual([])
})

test.each([['import(name)'], ["import('./' + name)"], ['import(`./${name}.ts`)'], ['require(name)']])(
  'says that the target of %j is not known',
  (source) => {
    expect(specifiers(source)).toEqual([undefined])
  },
)

test('types are told from values', () => {
  const source = "import type { A } from './a.ts'\nimport { b } from './b.ts'\nexport type { C } from './c.ts'"
  expect(importsOf(source)).toEqual([
    { specifier: './a.ts', line: 1, typeOnly: true },
    { specifier: './b.ts', line: 2, typeOnly: false },
    { specifier: './c.ts', line: 3, typeOnly: true },
  ])
})

test('finds in the whole project what a search line by line finds, and little more', () => {
  const paths = globSync('{detectors,rules,processor}/**/*.ts', { cwd: root })
  expect(paths.length).toBeGreaterThan(90)
  for (const path of paths) {
    const source = readFileSync(join(root, path), 'utf8')
    const lines = [
      ...source.matchAll(
        /^(?:import|export|\}) ?.*from '([^']+)'$|^import '([^']+)'$|\b(?:import|require)\('([^']+)'\)/gm,
      ),
    ]
    expect([path, ...specifiers(source)]).toEqual([
      path,
      ...lines.map(([, named, bare, awaited]) => named ?? bare ?? awaited),
    ])
  }
})
