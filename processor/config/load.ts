import { createHash } from 'node:crypto'
import stringify from 'fast-json-stable-stringify'
import type { RuleIssue } from '../../rules/compile.ts'
import { FieldsealError } from '../errors.ts'
import type { Recipient } from '../jwe/recipients.ts'
import type { Secret } from '../secret.ts'
import { checkDocument } from './check-document.ts'
import { readHashKey } from './hash-keys.ts'
import { ConfigError, type ConfigIssue, configIssue, quoted } from './issue.ts'
import { readRecipient } from './recipient-keys.ts'
import { checkReferences } from './references.ts'
import { relativeToFile } from './relative-path.ts'
import { type LoadedRule, readRuleFiles } from './rule-files.ts'
import { configSchema, type Settings } from './schema.ts'
import type { Environment } from './substitute.ts'
import { readYamlDocument, type YamlDocument } from './yaml-document.ts'

/** A configuration that holds together: files read, keys loaded, names resolved. Rules are not yet compiled. */
export interface LoadedConfig {
  readonly settings: Settings
  readonly recipients: ReadonlyMap<string, Recipient>
  /** Names of recipients, by the group's name. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly hashKeys: ReadonlyMap<string, Secret>
  /** Of all rule files, in order. */
  readonly rules: readonly LoadedRule[]
  /** SHA-256 (hex) of settings and rules: tells which configuration runs. Key files and comments do not count. */
  readonly hash: string
  /** What is allowed and should be looked at. */
  readonly warnings: readonly string[]
}

export interface LoadOptions {
  readonly env: Environment
}

/**
 * Reads a configuration file, and the rule and key files that it names, relative to its folder.
 *
 * @throws `FIELDSEAL_CONFIG_UNREADABLE` for the file itself; `FIELDSEAL_CONFIG_INVALID` (a `ConfigError`) with every
 *   issue of all files.
 */
export function loadConfig(file: string, { env }: LoadOptions): LoadedConfig {
  const config = readYamlDocument(file, env)
  if (config === 'unreadable') throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read`)
  if ('issues' in config) throw new ConfigError(config.issues)
  const checked = checkDocument(config, configSchema)
  if ('issues' in checked) {
    // The rule files are looked at all the same, so that one run shows every issue.
    throw new ConfigError([...inOrder(checked.issues), ...readRuleFiles(listedRules(config.data), config).issues])
  }
  const settings = checked.value
  const { rules, issues: ruleIssues } = readRuleFiles(settings.rules, config)
  const recipients = loadRecipients(settings, config)
  const hashKeys = loadHashKeys(settings, config)
  const issues = [...recipients.issues, ...hashKeys.issues, ...ruleIssues, ...checkReferences(settings, config, rules)]
  if (issues.length > 0) throw new ConfigError(inOrder(issues))
  return {
    settings,
    recipients: recipients.keys,
    groups: new Map(Object.entries(settings.groups)),
    hashKeys: hashKeys.keys,
    rules,
    hash: createHash('sha256')
      .update(stringify({ settings, rules: rules.map(({ rule }) => rule) }))
      .digest('hex'),
    warnings: rules.length > 0 ? hashKeys.warnings : [...hashKeys.warnings, 'there are no rules: nothing is sealed'],
  }
}

/** Where an issue of the rule compiler stands in the rule files that the rules came from. */
export function locateRuleIssue(rules: readonly LoadedRule[], issue: RuleIssue): ConfigIssue {
  const loaded = rules[issue.rule]
  if (loaded === undefined) throw new FieldsealError('FIELDSEAL_INTERNAL', 'an issue names a rule that does not exist')
  return configIssue(
    loaded.file,
    loaded.place(issue.path),
    `rule ${quoted(loaded.rule.id)}: ${issue.problem}`,
    issue.fix,
  )
}

function loadRecipients(
  settings: Settings,
  config: YamlDocument,
): { keys: Map<string, Recipient>; issues: ConfigIssue[] } {
  const keys = new Map<string, Recipient>()
  const issues: ConfigIssue[] = []
  for (const [name, source] of Object.entries(settings.recipients)) {
    const report = (path: readonly PropertyKey[], message: string, part?: 'key'): void => {
      issues.push(configIssue(config.file, config.place(['recipients', name, ...path], part), message))
    }
    const read = readRecipient(source, config.file)
    if ('problem' in read) {
      report([Object.keys(source)[0] ?? ''], read.problem)
      continue
    }
    const same = [...keys].find(([, { kid }]) => kid === read.recipient.kid)
    if (same !== undefined) report([], `recipient ${quoted(name)} has the kid of recipient ${quoted(same[0])}`, 'key')
    keys.set(name, read.recipient)
  }
  return { keys, issues }
}

function loadHashKeys(settings: Settings, config: YamlDocument) {
  const keys = new Map<string, Secret>()
  const issues: ConfigIssue[] = []
  const warnings: string[] = []
  for (const [name, { file }] of Object.entries(settings.hash_keys)) {
    const read = readHashKey(relativeToFile(config.file, file))
    if ('problem' in read) {
      const place = config.place(['hash_keys', name, 'file'])
      issues.push(configIssue(config.file, place, `hash key ${quoted(name)}: ${read.problem}`, read.hint))
      continue
    }
    keys.set(name, read.secret)
    if (read.warning !== undefined) warnings.push(`hash key ${quoted(name)}: ${read.warning}`)
  }
  return { keys, issues, warnings }
}

/** The rule files that a configuration lists, where it is not sound otherwise. */
function listedRules(data: unknown): string[] {
  const rules = (data as { rules?: unknown } | null)?.rules
  return Array.isArray(rules) && rules.every((path) => typeof path === 'string') ? rules : []
}

/** File by file as they were read, from top to bottom. */
function inOrder(issues: readonly ConfigIssue[]): ConfigIssue[] {
  const files = [...new Set(issues.map(({ file }) => file))]
  return issues.toSorted(
    (left, right) =>
      files.indexOf(left.file) - files.indexOf(right.file) || left.line - right.line || left.column - right.column,
  )
}
