import { randomBytes } from 'node:crypto'
import { tenantField } from '../../rules/tenant.ts'
import { ConfigError } from '../config/issue.ts'
import { createEngine, type EngineConfig, type ExplainingEngine } from '../engine.ts'
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
 * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` with what is wrong with the rules.
 */
export function standInEngine({ rules, detectors, issues }: RuleSet, options: StandInOptions = {}): ExplainingEngine {
  if (issues.length > 0) throw new ConfigError(issues)
  const groups = options.groups ?? new Map<string, readonly string[]>()
  const seals = rules.flatMap(({ rule }) => rule.seal ?? [])
  const named = [...seals.flatMap(({ to, fallback }) => [to, fallback ?? []].flat()), ...(options.names ?? [])]
  const fixed = named.filter((name) => tenantField(name) === undefined)
  const names = [...new Set([...fixed, ...groups.values()].flat())].filter((name) => !groups.has(name))
  const tenants = names.filter((name) => name.startsWith('tenant:'))
  const hashKeys = rules.flatMap(({ rule }) => rule.hash?.key ?? [])
  return createEngine({
    recipients: Object.fromEntries(names.map((name) => [name, generateKeyPair('X25519', name).publicJwk])),
    groups: { ...Object.fromEntries(tenants.map((name) => [name, [name]])), ...Object.fromEntries(groups) },
    hashKeys: Object.fromEntries(hashKeys.map((name) => [name, randomBytes(32)])),
    rules: rules.map(({ rule }) => rule),
    detectors: detectors.map(({ detector }) => detector),
    ...(options.settings === undefined ? {} : { settings: options.settings }),
  })
}
