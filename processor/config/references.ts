import { DETECTORS, detectorByName } from '../../detectors/index.ts'
import { TENANT_PREFIX, tenantField } from '../../rules/tenant.ts'
import { MAXIMUM_RECIPIENTS } from '../jwe/sealer.ts'
import { type ConfigIssue, configIssue, quoted } from './issue.ts'
import { didYouMean } from './nearest.ts'
import type { LoadedDetector, LoadedRule } from './rule-files.ts'
import type { Settings } from './schema.ts'
import type { YamlDocument } from './yaml-document.ts'

/** Checks what names something else: members of groups, and what rules name. */
export function checkReferences(
  settings: Settings,
  config: YamlDocument,
  rules: readonly LoadedRule[],
  detectors: readonly LoadedDetector[] = [],
): ConfigIssue[] {
  const own = detectors.map(({ detector }) => detector.name)
  return [
    ...checkGroups(settings, config),
    ...checkRuleIds(rules),
    ...rules.flatMap((rule) => checkRule(rule, settings, own)),
  ]
}

/** The recipients that a rule seals to, groups resolved, each once. Names that do not exist are left out. */
export function recipientNames(
  to: string | readonly string[],
  settings: Pick<Settings, 'recipients' | 'groups'>,
): string[] {
  const names = listOf(to).flatMap((name) => own(settings.groups, name) ?? [name])
  return [...new Set(names)].filter((name) => own(settings.recipients, name) !== undefined)
}

/** The most recipients that a value of the rule may have, over all tenants. */
function mostRecipients({ to, fallback }: NonNullable<LoadedRule['rule']['seal']>, settings: Settings): number {
  if (fallback === undefined) return recipientNames(to, settings).length
  const fixed = listOf(to).filter((name) => tenantField(name) === undefined)
  const tenants = Object.keys(settings.groups).filter((group) => group.startsWith(TENANT_PREFIX))
  return Math.max(...[fallback, ...tenants].map((name) => recipientNames([...fixed, name], settings).length))
}

function checkGroups(settings: Settings, config: YamlDocument): ConfigIssue[] {
  const known = Object.keys(settings.recipients)
  return Object.entries(settings.groups).flatMap(([group, members]) => {
    const issues: ConfigIssue[] = []
    if (known.includes(group)) {
      const message = `the group ${quoted(group)} has the name of a recipient`
      issues.push(configIssue(config.file, config.place(['groups', group], 'key'), message, 'rename one of them'))
    }
    for (const [index, member] of members.entries()) {
      const place = config.place(['groups', group, index])
      if (members.indexOf(member) < index) issues.push(configIssue(config.file, place, 'this recipient is named twice'))
      else if (own(settings.groups, member) !== undefined && !known.includes(member)) {
        issues.push(configIssue(config.file, place, 'a group holds recipients, not groups'))
      } else if (!known.includes(member)) {
        issues.push(configIssue(config.file, place, 'no recipient has this name', didYouMean(member, known)))
      }
    }
    return issues
  })
}

/** Each id is there once: reports and metrics count by it. */
export function checkRuleIds(rules: readonly LoadedRule[]): ConfigIssue[] {
  const first = new Map<string, LoadedRule>()
  return rules.flatMap((loaded) => {
    const earlier = first.get(loaded.rule.id)
    if (earlier === undefined) {
      first.set(loaded.rule.id, loaded)
      return []
    }
    const message = `the rule id ${quoted(loaded.rule.id)} is taken`
    const hint = `it stands at ${earlier.file}:${earlier.line}:${earlier.column}`
    return [configIssue(loaded.file, loaded.place(['id']), message, hint)]
  })
}

function checkRule(loaded: LoadedRule, settings: Settings, ownDetectors: readonly string[]): ConfigIssue[] {
  const { rule } = loaded
  const issues: ConfigIssue[] = []
  const report = (path: readonly PropertyKey[], message: string, hint?: string): void => {
    issues.push(configIssue(loaded.file, loaded.place(path), message, hint))
  }
  for (const [index, name] of listOf(rule.detect ?? []).entries()) {
    if (detectorByName(name) !== undefined || ownDetectors.includes(name)) continue
    const known = [...DETECTORS.map((detector) => detector.name), ...ownDetectors]
    report(
      ['detect', index],
      `unknown detector ${quoted(name)}`,
      didYouMean(name, known) ?? 'docs/reference/detectors.md lists them',
    )
  }
  if (rule.hash !== undefined && own(settings.hash_keys, rule.hash.key) === undefined) {
    const known = Object.keys(settings.hash_keys)
    report(
      ['hash', 'key'],
      `unknown hash key ${quoted(rule.hash.key)}`,
      didYouMean(rule.hash.key, known) ?? 'hash_keys of the configuration names them',
    )
  }
  if (rule.seal === undefined) return issues

  const known = [...Object.keys(settings.recipients), ...Object.keys(settings.groups)]
  if (Object.keys(settings.recipients).length === 0) {
    report(['seal', 'to'], 'the rule seals, and the configuration has no recipients', 'add one under recipients')
    return issues
  }
  const hasTenants = Object.keys(settings.groups).some((group) => group.startsWith(TENANT_PREFIX))
  const { fallback } = rule.seal
  if (fallback !== undefined && !known.includes(fallback)) {
    report(['seal', 'fallback'], `unknown recipient or group ${quoted(fallback)}`, didYouMean(fallback, known))
  }
  for (const [index, name] of listOf(rule.seal.to).entries()) {
    if (known.includes(name)) continue
    if (tenantField(name) !== undefined) {
      if (!hasTenants) report(['seal', 'to', index], 'no group is named for a tenant', 'add groups named tenant:<name>')
      continue
    }
    report(
      ['seal', 'to', index],
      `unknown recipient or group ${quoted(name)}`,
      didYouMean(name, known) ?? `known: ${known.join(', ')}`,
    )
  }
  const recipients = mostRecipients(rule.seal, settings)
  if (recipients > MAXIMUM_RECIPIENTS) {
    report(['seal', 'to'], `at most ${MAXIMUM_RECIPIENTS} recipients, and this rule has ${recipients}`)
  }
  if (rule.seal.serialization === 'compact' && recipients > 1) {
    report(['seal', 'serialization'], 'compact serialization has one recipient, and this rule has more', 'use general')
  }
  return issues
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T]
}

/** A member of a map by a name from a file, which may be the name of something that every object inherits. */
function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined
}
