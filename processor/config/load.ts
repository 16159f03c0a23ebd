import { resolve } from 'node:path'
import type { Detector } from '../../detectors/detector.ts'
import type { RuleIssue } from '../../rules/compile.ts'
import { compileDetectors, type DetectorIssue } from '../../rules/own-detectors.ts'
import { FieldsealError } from '../errors.ts'
import type { Recipient } from '../jwe/recipients.ts'
import { requirePatternEngine } from '../pattern-engine.ts'
import type { Secret } from '../secret.ts'
import { checkDocument } from './check-document.ts'
import { checkFiles } from './check-files.ts'
import { checkLeakScan } from './check-leak-scan.ts'
import { checkService } from './check-service.ts'
import { resolveFileOptions } from './file-options.ts'
import { Findings } from './findings.ts'
import { fingerprint } from './fingerprint.ts'
import { ConfigError, type ConfigIssue, configIssue, type Place, quoted } from './issue.ts'
import { loadHashKeys, loadRecipients } from './load-keys.ts'
import { checkReferences } from './references.ts'
import { relativeToFile } from './relative-path.ts'
import { type LoadedDetector, type LoadedRule, readRuleFiles } from './rule-files.ts'
import { configSchema, type Settings } from './schema.ts'
import type { Environment } from './substitute.ts'
import { readYamlDocument } from './yaml-document.ts'

/** A configuration that holds together: files read, keys loaded, names resolved. Rules are not yet compiled. */
export interface LoadedConfig {
  /** The configuration file, as it was named. */
  readonly file: string
  /** Paths of service, sources and sinks are absolute; of the other sections as they are written. */
  readonly settings: Settings
  readonly recipients: ReadonlyMap<string, Recipient>
  /** Names of recipients, by the group's name. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly hashKeys: ReadonlyMap<string, Secret>
  /** Of all rule files, in order. */
  readonly rules: readonly LoadedRule[]
  /** Detectors of all rule files, by name. */
  readonly detectors: ReadonlyMap<string, Detector>
  /**
   * SHA-256 (hex) of settings and rules: tells which configuration runs, in whatever folder. Key files and comments do
   * not count; secrets count, and cannot be read from it.
   */
  readonly hash: string
  /** Absolute paths of every file that was read: configuration, rules, keys, certificates, tokens. */
  readonly files: readonly string[]
  /** Where sections stand. */
  readonly places: Readonly<Record<'sources' | 'sinks', Place>>
  /** What is allowed and should be looked at. */
  readonly warnings: readonly string[]
}

export interface LoadOptions {
  readonly env: Environment
  /** Milliseconds since 1970, for tests: which keys have expired. */
  readonly now?: number
}

/**
 * Reads a configuration file, and the rule and key files that it names, relative to its folder.
 *
 * @throws `FIELDSEAL_CONFIG_UNREADABLE` for the file itself; `FIELDSEAL_CONFIG_INVALID` (a `ConfigError`) with every
 *   issue of all files, and the files.
 */
export function loadConfig(file: string, { env, now = Date.now() }: LoadOptions): LoadedConfig {
  requirePatternEngine()
  const config = readYamlDocument(file, env)
  if (config === 'unreadable') throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read`)
  if ('issues' in config) throw new ConfigError(config.issues, absolute(file, []))
  const checked = checkDocument(config, configSchema)
  if ('issues' in checked) {
    // The rule files are looked at all the same, so that one run shows every issue.
    const listed = listedRules(config.data)
    const issues = [...inOrder(checked.issues), ...readRuleFiles(listed, config).issues]
    throw new ConfigError(issues, absolute(file, listed))
  }
  const written = checked.value
  const { settings, files: optionFiles } = resolveFileOptions(written, file)
  const { rules, detectors, issues: ruleIssues } = readRuleFiles(settings.rules, config)
  const own = compileDetectors(detectors.map(({ detector }) => detector))
  const recipients = loadRecipients(settings, config, now)
  const hashKeys = loadHashKeys(settings, config)
  const findings = new Findings(config)
  checkService(settings, findings)
  checkLeakScan(
    settings,
    detectors.map(({ detector }) => detector.name),
    findings,
  )
  checkFiles(optionFiles, findings)
  const issues = [
    ...recipients.issues,
    ...hashKeys.issues,
    ...findings.issues,
    ...ruleIssues,
    ...own.issues.map((issue) => locateDetectorIssue(detectors, issue)),
    ...checkReferences(settings, config, rules, detectors),
  ]
  const files = absolute(file, [...settings.rules, ...keyFiles(settings), ...optionFiles.map((option) => option.file)])
  if (issues.length > 0) throw new ConfigError(inOrder(issues), files)
  return {
    file,
    settings,
    recipients: recipients.keys,
    groups: new Map(Object.entries(settings.groups)),
    hashKeys: hashKeys.keys,
    rules,
    detectors: own.detectors,
    hash: fingerprint({
      settings: written,
      rules: rules.map(({ rule }) => rule),
      detectors: detectors.map(({ detector }) => detector),
    }),
    files,
    places: { sources: config.place(['sources'], 'key'), sinks: config.place(['sinks'], 'key') },
    warnings: [
      ...hashKeys.warnings,
      ...findings.warnings,
      ...(rules.length > 0 ? [] : ['there are no rules: nothing is sealed']),
    ],
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

/** Where an issue of a detector stands in the rule files that the detectors came from. */
export function locateDetectorIssue(detectors: readonly LoadedDetector[], issue: DetectorIssue): ConfigIssue {
  const loaded = detectors[issue.detector]!
  return configIssue(
    loaded.file,
    loaded.place(issue.path),
    `detector ${quoted(loaded.detector.name)}: ${issue.problem}`,
  )
}

/** The configuration file and those that it names, each once. */
function absolute(file: string, named: readonly string[]): string[] {
  return [...new Set([file, ...named.map((path) => relativeToFile(file, path))].map((path) => resolve(path)))]
}

/** The files that recipients and hash keys name. */
function keyFiles({ recipients, hash_keys: hashKeys }: Settings): string[] {
  const named = Object.values(recipients).map((source) => {
    if ('pem' in source) return source.pem
    return 'jwks' in source ? source.jwks : source.jwk
  })
  return [...named, ...Object.values(hashKeys).map(({ file }) => file)].filter((key) => typeof key === 'string')
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
