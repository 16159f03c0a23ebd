import { randomBytes } from 'node:crypto'
import { compileRules } from '../../rules/compile.ts'
import { compileDetectors } from '../../rules/own-detectors.ts'
import { tenantField } from '../../rules/tenant.ts'
import { ConfigError, type ConfigIssue } from '../config/issue.ts'
import { locateDetectorIssue, locateRuleIssue } from '../config/load.ts'
import { checkRuleIds } from '../config/references.ts'
import { createEngine, type EngineConfig, type ExplainingEngine } from '../engine.ts'
import { FieldsealError } from '../errors.ts'
import { generateKeyPair } from '../jwe/private-keys.ts'
import type { RuleSet } from './rule-set.ts'

export interface StandInOptions {
  /** Names of recipients, by the group's name, where a configuration is at hand. */
  readonly groups?: ReadonlyMap<string, readonly string[]>
  /** Further names that records may be sealed for: groups of tenants, `tenant:acme`. */
  readonly names?: readonly string[]
  readonly settings?: EngineConfig['settings']
}

/**
 * The engine that production runs, with keys that nobody has: for everybody that the rules name a new one, whose key id is
 * the name.
 *
 * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` (a `ConfigError`) with what is wrong with the rules, where it stands.
 */
export function standInEngine(ruleSet: RuleSet, options: StandInOptions = {}): ExplainingEngine {
  const issues = [...ruleSet.issues, ...checkRuleIds(ruleSet.rules)]
  if (issues.length > 0) throw new ConfigError(issues)
  const { rules, detectors } = ruleSet
  const groups = options.groups ?? new Map<string, readonly string[]>()
  const seals = rules.flatMap(({ rule }) => rule.seal ?? [])
  const named = [...seals.flatMap(({ to, fallback }) => [to, fallback ?? []].flat()), ...(options.names ?? [])]
  const fixed = named.filter((name) => tenantField(name) === undefined)
  const names = [...new Set([...fixed, ...groups.values()].flat())].filter((name) => !groups.has(name))
  const tenants = names.filter((name) => name.startsWith('tenant:'))
  const hashNames = rules.flatMap(({ rule }) => rule.hash?.key ?? [])
  const hashKeys = Object.fromEntries(hashNames.map((name) => [name, randomBytes(32)]))
  try {
    return createEngine({
      recipients: Object.fromEntries(names.map((name) => [name, generateKeyPair('X25519', name).publicJwk])),
      groups: { ...Object.fromEntries(tenants.map((name) => [name, [name]])), ...Object.fromEntries(groups) },
      hashKeys,
      rules: rules.map(({ rule }) => rule),
      detectors: detectors.map(({ detector }) => detector),
      ...(options.settings === undefined ? {} : { settings: options.settings }),
    })
  } catch (error) {
    const located = error instanceof FieldsealError ? compilerIssues(ruleSet, hashKeys) : []
    throw located.length > 0 ? new ConfigError(located) : error
  }
}

/** What the compiler has to say of the rules, where it stands in their files. */
function compilerIssues({ rules, detectors }: RuleSet, hashKeys: Readonly<Record<string, Uint8Array>>): ConfigIssue[] {
  const own = compileDetectors(detectors.map(({ detector }) => detector))
  const compiled = compileRules(
    rules.map(({ rule }) => rule),
    { hashKeys: new Map(Object.entries(hashKeys)), detectors: own.detectors },
  )
  return [
    ...own.issues.map((issue) => locateDetectorIssue(detectors, issue)),
    ...('issues' in compiled ? compiled.issues : []).map((issue) => locateRuleIssue(rules, issue)),
  ]
}
