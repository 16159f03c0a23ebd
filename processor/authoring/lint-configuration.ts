import type { KnownNames } from '../../rules/lint/subject.ts'
import type { OwnDetector } from '../../rules/schema/index.ts'
import { checkDocument } from '../config/check-document.ts'
import { ConfigError } from '../config/issue.ts'
import { relativeToFile } from '../config/relative-path.ts'
import { readRuleFile } from '../config/rule-files.ts'
import { configSchema } from '../config/schema.ts'
import type { Environment } from '../config/substitute.ts'
import { readYamlDocument } from '../config/yaml-document.ts'
import { FieldsealError } from '../errors.ts'

/** What lint wants to know of a configuration. Keys are not read: whoever writes rules may not have them. */
export interface LintConfiguration {
  readonly known: KnownNames
  readonly bodyKeys: readonly string[]
  /** Rule files that it lists, as paths from here. */
  readonly files: readonly string[]
}

/** @throws FieldsealError `FIELDSEAL_CONFIG_UNREADABLE`, `FIELDSEAL_CONFIG_INVALID` */
export function readLintConfiguration(file: string, env: Environment): LintConfiguration {
  const document = readYamlDocument(file, env)
  if (document === 'unreadable') throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read`)
  if ('issues' in document) throw new ConfigError(document.issues)
  const checked = checkDocument(document, configSchema)
  if ('issues' in checked) throw new ConfigError(checked.issues)
  const { recipients, groups, hash_keys: hashKeys, body_keys: bodyKeys, rules } = checked.value
  return {
    known: {
      recipients: Object.keys(recipients),
      groups: new Map(Object.entries(groups)),
      hashKeys: Object.keys(hashKeys),
    },
    bodyKeys,
    files: rules.map((path) => relativeToFile(file, path)),
  }
}

/** Detectors of rule files that are not linted, and that rules may name all the same. */
export function detectorsOf(files: readonly string[]): OwnDetector[] {
  return files.flatMap((file) => {
    const reading = readRuleFile(file)
    return reading === 'unreadable' ? [] : reading.detectors.map(({ detector }) => detector)
  })
}
