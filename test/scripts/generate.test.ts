import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { SINKS } from '../../processor/sinks/index.ts'
import { SOURCES } from '../../processor/sources/index.ts'
import { LOG_EVENTS } from '../../processor/telemetry/log.ts'
import { configurationPage } from '../../scripts/generate/configuration-page.ts'
import { exampleConfig } from '../../scripts/generate/example-config.ts'
import { configJsonSchema, type JsonSchema } from '../../scripts/generate/json-schemas.ts'
import { logEventsPage } from '../../scripts/generate/log-events-page.ts'
import { documentedOptions, kindsOf } from '../../scripts/generate/options.ts'
import { everythingSet } from './everything-set.ts'

const schema = configJsonSchema()
const KINDS = ['sources', 'sinks'].flatMap((section) =>
  kindsOf(schema.properties?.[section] as JsonSchema).map((kind) => ({ section, ...kind })),
)
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
  const options = documentedOptions(schema)
  expect(options.length).toBeGreaterThan(20)
  expect(KINDS.map(({ type }) => type)).toEqual([...Object.keys(SOURCES), ...Object.keys(SINKS)])
  const all = [...options, ...KINDS.flatMap((kind) => documentedOptions(kind.schema, kind.type))]
  expect(all.filter((option) => !option.schema.description).map(({ path }) => path)).toEqual([])
})

test('the example shows every top-level option and every option of fixed maps', () => {
  const data = parse(everythingSet(exampleConfig()))
  const fixed = documentedOptions(schema).filter(({ path }) => !/[<[]/.test(path))
  expect(fixed.length).toBeGreaterThan(20)
  // Of two forms one can be set; the other is a comment.
  for (const { path } of fixed.filter(({ choices }) => choices === undefined)) {
    const value = path.split('.').reduce((map, key) => map?.[key], data)
    expect(value, path).toBeDefined()
  }
  for (const { path } of fixed) expect(exampleConfig()).toMatch(new RegExp(`^ *#? *${path.split('.').at(-1)}:`, 'm'))
})

test.each(KINDS)('the example shows every option of $section of type $type', ({ section, type, schema: kind }) => {
  const data = parse(everythingSet(exampleConfig()))[section] as Record<string, Record<string, unknown>>
  const [shown] = Object.values(data).filter((entry) => entry.type === type)
  // What stands in a list is shown by an example of the list.
  for (const { path } of documentedOptions(kind).filter(({ path }) => !path.includes('['))) {
    const value = path.split('.').reduce<unknown>((map, key) => (map as Record<string, unknown>)?.[key], shown)
    expect(value, path).toBeDefined()
  }
})

test('the reference says of each kind what it is, and has a row for each of its options', () => {
  const sections = configurationPage().split(/^### /m)
  for (const { section, type, schema: kind } of KINDS) {
    const heading = `${section === 'sources' ? 'Source' : 'Sink'} \`${type}\`\n`
    const text = sections.find((part) => part.startsWith(heading)) ?? ''
    const [first, ...options] = documentedOptions(kind)
    expect(text).toContain(first?.schema.description)
    const rows = [...text.matchAll(/^\| `([a-z_.[\]]+)` \|/gm)].map(([, path]) => path)
    expect(rows).toEqual(options.map(({ path }) => path))
  }
})

test('what is not set has an example', () => {
  const options = [...documentedOptions(schema), ...KINDS.flatMap((kind) => documentedOptions(kind.schema))]
  const unset = options.filter(
    (option) => option.schema.default === undefined && option.schema.properties === undefined,
  )
  const ofNames = (path: string): boolean => path.includes('<name>')
  for (const option of unset.filter(({ path }) => !ofNames(path) && path !== 'type'))
    expect(option.schema.examples, option.path).toBeDefined()
})

test('the page of log events has a row for each', () => {
  const rows = [...logEventsPage().matchAll(/^\| `([a-z-]+)` \| (\w+) \|/gm)].map(([, event, level]) => [event, level])
  expect(rows).toEqual(Object.entries(LOG_EVENTS).map(([event, { level }]) => [event, level]))
})
