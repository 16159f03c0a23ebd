import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { exampleConfig } from '../../scripts/generate/example-config.ts'
import { configJsonSchema } from '../../scripts/generate/json-schemas.ts'
import { documentedOptions } from '../../scripts/generate/options.ts'

const script = join(import.meta.dirname, '../../scripts/generate.ts')

test('what is generated is up to date', () => {
  expect(spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  })
})

test('an unknown mode is refused', () => {
  expect(() => execFileSync(process.execPath, [script, '--chek'], { stdio: 'pipe' })).toThrow(/usage/)
})

test('every option has a description', () => {
  const options = documentedOptions(configJsonSchema())
  expect(options.length).toBeGreaterThan(20)
  expect(options.filter(({ schema }) => !schema.description).map(({ path }) => path)).toEqual([])
})

test('the example shows every top-level option and every option of fixed maps', () => {
  const data = parse(exampleConfig())
  const fixed = documentedOptions(configJsonSchema()).filter(({ path }) => !/[<[]/.test(path))
  for (const { path } of fixed) {
    const value = path.split('.').reduce((map, key) => map?.[key], data)
    expect(value, path).toBeDefined()
  }
})
