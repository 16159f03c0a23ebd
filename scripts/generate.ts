/**
 * Writes what is generated from the code: schemas, the reference pages, the example configuration, dashboards. What has two sources
 * drifts apart; with `--check` (in CI) nothing is written, and each file that is out of date is named.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dashboardFiles } from './dashboards/index.ts'
import { configurationPage } from './generate/configuration-page.ts'
import { detectorsPage } from './generate/detectors-page.ts'
import { errorsPage } from './generate/errors-page.ts'
import { exampleConfig } from './generate/example-config.ts'
import { configJsonSchema, ruleFileJsonSchema } from './generate/json-schemas.ts'
import { jsonText } from './generate/json-text.ts'
import { lintPages } from './generate/lint-pages.ts'
import { logEventsPage } from './generate/log-events-page.ts'
import { metricsPage } from './generate/metrics-page.ts'
import { rulesPage } from './generate/rules-page.ts'

const root = join(import.meta.dirname, '..')

const FILES: Readonly<Record<string, () => string>> = {
  'config.example.yaml': exampleConfig,
  'config.schema.json': () => jsonText(configJsonSchema()),
  'rules/rules.schema.json': () => jsonText(ruleFileJsonSchema()),
  'docs/reference/configuration.md': configurationPage,
  'docs/reference/rules.md': rulesPage,
  'docs/reference/errors.md': errorsPage,
  'docs/reference/detectors.md': detectorsPage,
  'docs/reference/metrics.md': metricsPage,
  'docs/reference/log-events.md': logEventsPage,
  ...lintPages(),
  ...dashboardFiles(),
}

const [mode] = process.argv.slice(2)
if (mode !== undefined && mode !== '--check') {
  process.stderr.write('usage: node scripts/generate.ts [--check]\n')
  process.exitCode = 64
} else {
  const outdated = Object.entries(FILES).filter(([path, content]) => current(path) !== content())
  for (const [path, content] of outdated) {
    if (mode === '--check') process.stderr.write(`${path} is out of date: run node scripts/generate.ts\n`)
    else write(path, content())
  }
  if (mode === '--check' && outdated.length > 0) process.exitCode = 1
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return undefined
  }
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
  process.stdout.write(`${path}\n`)
}
