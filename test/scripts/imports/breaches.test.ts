import { describe, expect, test } from 'vitest'
import { breachesOf } from '../../../scripts/imports/breaches.ts'
import { LAYERS } from '../../../scripts/imports/layers.ts'

/** One file for each layer, and one that is free. */
const FILES = {
  re2: 'detectors/re2.ts',
  detectors: 'detectors/email.ts',
  rules: 'rules/plan.ts',
  errors: 'processor/errors.ts',
  secret: 'processor/secret.ts',
  'pattern engine': 'processor/pattern-engine.ts',
  telemetry: 'processor/telemetry/signals.ts',
  jwe: 'processor/jwe/sealer.ts',
  'independent scan': 'processor/leak-scan/independent/scan.ts',
  formats: 'processor/formats/text.ts',
  units: 'processor/config/units.ts',
  settings: 'processor/sinks/settings.ts',
  config: 'processor/config/load.ts',
  engine: 'processor/engine/scan.ts',
  contracts: 'processor/sinks/sink.ts',
  pipeline: 'processor/pipeline/pipeline.ts',
  http: 'processor/http/retry-after.ts',
  forward: 'processor/forward/ack.ts',
  sources: 'processor/sources/index.ts',
  sinks: 'processor/sinks/index.ts',
  service: 'processor/service/worker.ts',
  compose: 'processor/compose.ts',
  authoring: 'processor/authoring/rule-set.ts',
  scanning: 'processor/scanning/tally.ts',
  canary: 'processor/canary/judge.ts',
  'public API': 'processor/index.ts',
  transports: 'processor/transports/otel/index.ts',
  cli: 'processor/cli/main.ts',
} as const

function breaches(path: string, source: string): string[] {
  const sources = new Map(Object.values(FILES).map((file) => [file as string, 'export {}']))
  return breachesOf(sources.set(path, source), new Set(['re2', '@opentelemetry/api']), new Set(['winston']))
}

/** The specifier by which one file names another. */
function specifier(from: string, to: string): string {
  return `${'../'.repeat(from.split('/').length - 1)}${to}`
}

test('there is an example of each layer', () => {
  expect(Object.keys(FILES).sort()).toEqual(LAYERS.map(({ name }) => name).sort())
})

describe.each(LAYERS.map((layer) => ({ layer, path: FILES[layer.name as keyof typeof FILES] })))(
  '$layer.name',
  ({ layer, path }) => {
    test.each(Object.entries(FILES).filter(([name]) => name !== layer.name))('and %s', (name, target) => {
      const allowed = layer.knows.includes(name)
      for (const source of [
        `import { a } from '${specifier(path, target)}'`,
        `import type { a } from '${specifier(path, target)}'`,
        `export * from '${specifier(path, target)}'`,
        `await import('${specifier(path, target)}')`,
        `require('${specifier(path, target)}')`,
      ]) {
        expect(breaches(path, source)).toEqual(allowed ? [] : [`${path}:1: ${layer.name} must not know ${name}`])
      }
    })
  },
)

test('the directions that the design names hold', () => {
  expect(LAYERS[1]).toMatchObject({ name: 'detectors', knows: ['re2'] })
  expect(LAYERS[2]).toMatchObject({ name: 'rules', knows: ['re2', 'detectors'] })
  const both = LAYERS.filter(({ knows }) => knows.includes('config') && knows.includes('engine'))
  expect(both.map(({ name }) => name)).toEqual(['service', 'compose', 'authoring', 'transports', 'canary', 'cli'])
  // A new source or sink changes nothing but its own folder and the one place where parts are put together.
  const whoKnows = (part: string) => LAYERS.filter(({ knows }) => knows.includes(part)).map(({ name }) => name)
  expect(whoKnows('sinks')).toEqual(['compose'])
  // The scan of files reads and inflates them as the source does.
  expect(whoKnows('sources')).toEqual(['compose', 'scanning'])
})

test('what ships knows nothing of tests, scripts and the benchmark', () => {
  const sources = new Map([
    ['detectors/email.ts', "\nimport { a } from '../bench/run.ts'"],
    ['bench/run.ts', ''],
  ])
  expect(breachesOf(sources, new Set())).toEqual(['detectors/email.ts:2: detectors must not know bench/run.ts'])
})

test('a package that users do not get is a breach, a dependency is none', () => {
  expect(breaches('processor/jwe/sealer.ts', "import { compactDecrypt } from 'jose'")).toEqual([
    'processor/jwe/sealer.ts:1: jose is not among the dependencies that users get',
  ])
  expect(breaches('processor/jwe/sealer.ts', "import RE2 from 're2'\nimport '@opentelemetry/api/x'")).toEqual([])
})

test('what is pure opens no files', () => {
  expect(breaches('detectors/email.ts', "process.getBuiltinModule('node:fs')")).toEqual([
    'detectors/email.ts:1: node:fs has no place here: this layer is pure',
  ])
  expect(breaches('processor/config/load.ts', "import { readFileSync } from 'node:fs'")).toEqual([])
})

test('an import that nobody can check is a breach', () => {
  expect(breaches('rules/plan.ts', 'const load = (name) => import(name)')).toHaveLength(1)
})

test('a file outside of every layer is a breach', () => {
  expect(breaches('processor/helpers.ts', "import '../rules/plan.ts'")).toEqual([
    'processor/helpers.ts:1: the file belongs to no layer: add it to scripts/imports/layers.ts',
  ])
})

test('files that import each other are a breach, types alone are none', () => {
  const sources = (kind: string) =>
    new Map([
      ['rules/a.ts', "import { b } from './b.ts'"],
      ['rules/b.ts', "import { c } from './c.ts'"],
      ['rules/c.ts', `import ${kind}{ a } from './a.ts'`],
    ])
  expect(breachesOf(sources(''), new Set())).toEqual([
    'rules/a.ts: imports itself: rules/a.ts -> rules/b.ts -> rules/c.ts -> rules/a.ts',
  ])
  expect(breachesOf(sources('type '), new Set())).toEqual([])
})

test('bench, scripts and tests may import anything', () => {
  expect(breaches('bench/cell.ts', "import '../processor/engine/scan.ts'\nimport 'jose'\nimport(name)")).toEqual([])
})

test('the SDK of OpenTelemetry is for the service alone: what embeds Fieldseal has its own, or wants none', () => {
  const packages = new Set(['@opentelemetry/sdk-metrics'])
  const source = "import { MeterProvider } from '@opentelemetry/sdk-metrics'"
  const file = 'processor/telemetry/instruments.ts'
  expect(breachesOf(new Map([[file, source]]), packages)).toEqual([
    `${file}:1: @opentelemetry/sdk-metrics is for the layer service alone`,
  ])
  expect(breachesOf(new Map([['processor/service/telemetry/worker-telemetry.ts', source]]), packages)).toEqual([])
})

test('optional peers are for the layer alone whose users have them', () => {
  const source = "import type { Logform } from 'winston'"
  expect(breaches(FILES.transports, source)).toEqual([])
  expect(breaches(FILES.engine, source)).toEqual([
    'processor/engine/scan.ts:1: winston is not among the dependencies that users get',
  ])
  expect(breaches(FILES.transports, "import 'left-pad'")).toHaveLength(1)
})
