import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { DASHBOARDS } from '../dashboards/index.ts'
import { seriesOfCatalogue } from './catalogue.ts'
import { namesIn } from './metric-names.ts'
import { type PrometheusRule, ROOT, readRules } from './rules.ts'

const TESTS_FOLDER = 'deploy/prometheus/tests'
const SEVERITIES = ['critical', 'warning']
const ANNOTATIONS = ['summary', 'description', 'runbook_url']

/** All that is wrong with alerts, dashboards and pages, one line each. */
export function problems(): string[] {
  const rules = readRules()
  return [...rules.flatMap(queryProblems(rules)), ...dashboardProblems(rules), ...alertProblems(rules)]
}

/** Asks only for what is recorded by us or by another rule. */
export function unknownNames(query: string, recorded: ReadonlySet<string>): string[] {
  const series = seriesOfCatalogue()
  const { metrics, labels } = namesIn(query)
  const unknown = [...metrics].filter((name) => !series.has(name) && !recorded.has(name))
  const known = new Set([...metrics].flatMap((name) => [...(series.get(name) ?? [])]))
  // Rules that others record have labels of those that they were made of.
  const isOfRecorded = [...metrics].some((name) => recorded.has(name))
  return [
    ...unknown.map((name) => `no metric is called ${name}`),
    ...(isOfRecorded
      ? []
      : [...labels].filter((label) => !known.has(label)).map((label) => `no label is called ${label}`)),
  ]
}

function recordedBy(rules: readonly PrometheusRule[]): Set<string> {
  return new Set(rules.flatMap(({ record }) => record ?? []))
}

function queryProblems(rules: readonly PrometheusRule[]): (rule: PrometheusRule) => string[] {
  const recorded = recordedBy(rules)
  return ({ record, alert, expr }) => unknownNames(expr, recorded).map((problem) => `${record ?? alert}: ${problem}`)
}

function dashboardProblems(rules: readonly PrometheusRule[]): string[] {
  const recorded = recordedBy(rules)
  return Object.entries(DASHBOARDS).flatMap(([file, { rows }]) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap(({ title, queries }) =>
        queries.flatMap(({ expr }) => unknownNames(expr, recorded).map((problem) => `${file}, ${title}: ${problem}`)),
      ),
    ),
  )
}

function alertProblems(rules: readonly PrometheusRule[]): string[] {
  const tested = testedAlerts()
  const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  // A repository that the package names is where the pages can be read.
  const base =
    repository === undefined ? '' : `${String(repository.url ?? repository).replace(/^git\+|\.git$/g, '')}/blob/main/`
  return rules.flatMap(({ alert, labels = {}, annotations = {} }) => {
    if (alert === undefined) return []
    const found: string[] = []
    if (!SEVERITIES.includes(labels.severity ?? '')) found.push('severity is critical or warning')
    for (const name of ANNOTATIONS) if (!annotations[name]) found.push(`${name} is missing`)
    const page = `docs/runbooks/${kebab(alert)}.md`
    if (annotations.runbook_url !== `${base}${page}`) found.push(`runbook_url is not ${base}${page}`)
    if (!existsSync(join(ROOT, page))) found.push(`${page} is missing`)
    const cases = tested.get(alert)
    if (!cases?.fires) found.push(`no test in ${TESTS_FOLDER} shows that it fires`)
    if (!cases?.isSilent) found.push(`no test in ${TESTS_FOLDER} shows that it stays silent`)
    return found.map((problem) => `${alert}: ${problem}`)
  })
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
}

interface RuleTest {
  readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts?: readonly unknown[] }[]
}

function testedAlerts(): Map<string, { fires: boolean; isSilent: boolean }> {
  const tested = new Map<string, { fires: boolean; isSilent: boolean }>()
  for (const file of readdirSync(join(ROOT, TESTS_FOLDER))) {
    const { tests } = parse(readFileSync(join(ROOT, TESTS_FOLDER, file), 'utf8')) as { readonly tests: RuleTest[] }
    for (const { alertname, exp_alerts: expected = [] } of tests.flatMap((test) => test.alert_rule_test ?? [])) {
      const cases = tested.get(alertname) ?? { fires: false, isSilent: false }
      if (expected.length > 0) cases.fires = true
      else cases.isSilent = true
      tested.set(alertname, cases)
    }
  }
  return tested
}
