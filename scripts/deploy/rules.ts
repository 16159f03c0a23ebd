import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export const ROOT = join(import.meta.dirname, '../..')
export const RULES_FILE = 'deploy/prometheus/fieldseal.rules.yaml'

export interface PrometheusRule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export function readRules(): PrometheusRule[] {
  const file = parse(readFileSync(join(ROOT, RULES_FILE), 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly PrometheusRule[] }[]
  }
  return file.groups.flatMap(({ rules }) => rules)
}
