import { ERRORS } from '../errors.ts'
import type { Recipient } from '../jwe/recipients.ts'
import type { Secret } from '../secret.ts'
import { readHashKey } from './hash-keys.ts'
import { type ConfigIssue, configIssue, quoted } from './issue.ts'
import { readRecipient } from './recipient-keys.ts'
import { relativeToFile } from './relative-path.ts'
import type { Settings } from './schema.ts'
import type { YamlDocument } from './yaml-document.ts'

/** The keys that values are sealed for, by the names that the configuration gives them. */
export function loadRecipients(
  settings: Settings,
  config: YamlDocument,
  now: number,
): { keys: Map<string, Recipient>; issues: ConfigIssue[] } {
  const keys = new Map<string, Recipient>()
  const issues: ConfigIssue[] = []
  for (const [name, source] of Object.entries(settings.recipients)) {
    const report = (path: readonly PropertyKey[], message: string, part?: 'key', hint?: string): void => {
      issues.push(configIssue(config.file, config.place(['recipients', name, ...path], part), message, hint))
    }
    const read = readRecipient(source, config.file)
    if ('problem' in read) {
      report([Object.keys(source)[0] ?? ''], read.problem)
      continue
    }
    const same = [...keys].find(([, { kid }]) => kid === read.recipient.kid)
    if (same !== undefined) report([], `recipient ${quoted(name)} has the kid of recipient ${quoted(same[0])}`, 'key')
    const { created, expires } = source
    if (expires !== undefined && expires <= now) {
      const { hint } = ERRORS.FIELDSEAL_RECIPIENT_EXPIRED
      report(
        ['expires'],
        `FIELDSEAL_RECIPIENT_EXPIRED: the key of recipient ${quoted(name)} has expired`,
        undefined,
        hint,
      )
    }
    if (created !== undefined && expires !== undefined && expires <= created)
      report(['expires'], 'expires is not after created')
    keys.set(name, expires === undefined ? read.recipient : Object.freeze({ ...read.recipient, expires }))
  }
  return { keys, issues }
}

/** The keys of pseudonyms, by name, and which of their files others can read. */
export function loadHashKeys(settings: Settings, config: YamlDocument) {
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
