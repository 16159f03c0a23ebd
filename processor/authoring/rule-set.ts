import { ConfigError, type ConfigIssue } from '../config/issue.ts'
import { type LoadedDetector, type LoadedRule, readRuleFile } from '../config/rule-files.ts'
import { FieldsealError } from '../errors.ts'

/** Rule files as people write them, read without a configuration. */
export interface RuleSet {
  /** Of all files, in order. */
  readonly rules: readonly LoadedRule[]
  readonly detectors: readonly LoadedDetector[]
  /** What keeps a rule or a file from being read. */
  readonly issues: readonly ConfigIssue[]
}

/** @throws FieldsealError `FIELDSEAL_CONFIG_UNREADABLE` */
export function readRuleSet(files: readonly string[]): RuleSet {
  const readings = files.map((file) => {
    const reading = readRuleFile(file)
    if (reading === 'unreadable') throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read`)
    return reading
  })
  return {
    rules: readings.flatMap(({ rules }) => rules),
    detectors: readings.flatMap(({ detectors }) => detectors),
    issues: readings.flatMap(({ issues }) => issues),
  }
}

/** @throws FieldsealError `FIELDSEAL_CONFIG_UNREADABLE`; `FIELDSEAL_CONFIG_INVALID` (a `ConfigError`) where there are issues. */
export function readSoundRules(files: readonly string[]): RuleSet {
  const ruleSet = readRuleSet(files)
  if (ruleSet.issues.length > 0) throw new ConfigError(ruleSet.issues)
  return ruleSet
}
