import type { z } from 'zod'
import { type OwnDetector, ownDetectorSchema, type Rule, ruleFileSchema, ruleSchema } from '../../rules/schema/index.ts'
import { requirePatternEngine } from '../pattern-engine.ts'
import { checkDocument } from './check-document.ts'
import { type ConfigIssue, configIssue, type Place } from './issue.ts'
import { relativeToFile } from './relative-path.ts'
import { type DocumentPath, readYamlDocument, type YamlDocument } from './yaml-document.ts'

/** A rule, and where it stands. */
export interface LoadedRule extends Place {
  readonly rule: Rule
  readonly file: string
  /** Where a part of the rule stands, by its path within the rule. */
  place(path: DocumentPath, part?: 'key' | 'value'): Place
}

/** A detector of a rule file, and where it stands. */
export interface LoadedDetector extends Place {
  readonly detector: OwnDetector
  readonly file: string
  place(path: DocumentPath, part?: 'key' | 'value'): Place
}

export interface RuleFilesReading {
  readonly rules: readonly LoadedRule[]
  readonly detectors: readonly LoadedDetector[]
  readonly issues: readonly ConfigIssue[]
}

/** Reads the rule files that the configuration lists. Rules that are sound are returned beside the issues of others. */
export function readRuleFiles(paths: readonly string[], config: YamlDocument): RuleFilesReading {
  const readings: RuleFilesReading[] = []
  const seen = new Set<string>()
  for (const [index, path] of paths.entries()) {
    const file = relativeToFile(config.file, path)
    const refuse = (message: string): void => {
      readings.push(refused(configIssue(config.file, config.place(['rules', index]), message)))
    }
    if (seen.has(file)) {
      refuse('this rule file is listed twice')
      continue
    }
    seen.add(file)
    const reading = readRuleFile(file)
    if (reading === 'unreadable') refuse('this rule file cannot be read')
    else readings.push(reading)
  }
  return {
    rules: readings.flatMap(({ rules }) => rules),
    detectors: readings.flatMap(({ detectors }) => detectors),
    issues: readings.flatMap(({ issues }) => issues),
  }
}

/** Reads one rule file. */
export function readRuleFile(file: string): RuleFilesReading | 'unreadable' {
  requirePatternEngine()
  const reading = readYamlDocument(file)
  if (reading === 'unreadable') return reading
  if ('issues' in reading) return { rules: [], detectors: [], issues: reading.issues }
  const checked = checkDocument(reading, ruleFileSchema)
  return {
    rules: soundItems(reading, 'rules', ruleSchema).map(({ value, ...at }) => ({ rule: value, ...at })),
    detectors: soundItems(reading, 'detectors', ownDetectorSchema).map(({ value, ...at }) => ({
      detector: value,
      ...at,
    })),
    issues: 'issues' in checked ? checked.issues : [],
  }
}

function refused(issue: ConfigIssue): RuleFilesReading {
  return { rules: [], detectors: [], issues: [issue] }
}

function soundItems<T extends z.ZodType>(document: YamlDocument, section: string, schema: T) {
  const list = (document.data as Record<string, unknown> | null)?.[section]
  if (!Array.isArray(list)) return []
  return list.flatMap((_, index) => {
    const parsed = schema.safeParse(list[index])
    if (!parsed.success) return []
    const place = (path: DocumentPath, part?: 'key' | 'value') => document.place([section, index, ...path], part)
    return [{ value: parsed.data, file: document.file, ...place([]), place }]
  })
}
