import { compileRules } from '../../rules/compile.ts'
import { leakScanOf } from '../../rules/leak-scan.ts'
import type { Plan } from '../../rules/plan.ts'
import { ConfigError } from './issue.ts'
import { type LoadedConfig, locateRuleIssue } from './load.ts'

/**
 * The plan of a loaded configuration.
 *
 * @throws `FIELDSEAL_CONFIG_INVALID` (a `ConfigError`) with every issue that the rule compiler finds, where it stands.
 */
export function compileLoadedRules(loaded: LoadedConfig): Plan {
  const hashKeys = new Map([...loaded.hashKeys].map(([name, secret]) => [name, secret.reveal()]))
  const { inline, ...scan } = loaded.settings.leak_scan
  const leakScan = inline === 'off' ? undefined : leakScanOf({ inline, ...scan }, loaded.detectors)
  const compiled = compileRules(
    loaded.rules.map(({ rule }) => rule),
    { hashKeys, detectors: loaded.detectors, leakScan },
  )
  if ('plan' in compiled) return compiled.plan
  throw new ConfigError(compiled.issues.map((issue) => locateRuleIssue(loaded.rules, issue)))
}
