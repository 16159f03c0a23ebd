import { type Rule, ruleFileSchema, ruleSchema } from '../../rules/schema.ts'
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

export interface RuleFilesReading {
  readonly rules: readonly LoadedRule[]
  readonly issues: readonly ConfigIssue[]
}

/** Reads the rule files that the configuration lists. Rules that are sound are returned beside the issues of others. */
export function readRuleFiles(paths: readonly string[], config: YamlDocument): RuleFilesReading {
  const rules: LoadedRule[] = []
  const issues: ConfigIssue[] = []
  const seen = new Set<string>()
  for (const [index, path] of paths.entries()) {
    const file = relativeToFile(config.file, path)
    const refuse = (message: string): void => {
      issues.push(configIssue(config.file, config.place(['rules', index]), message))
    }
    if (seen.has(file)) {
      refuse('this rule file is listed twice')
      continue
    }
    seen.add(file)
    const reading = readYamlDocument(file)
    if (reading === 'unreadable') refuse('this rule file cannot be read')
    else if ('issues' in reading) issues.push(...reading.issues)
    else {
      const checked = checkDocument(reading, ruleFileSchema)
      if ('issues' in checked) issues.push(...checked.issues)
      rules.push(...soundRules(reading))
    }
  }
  return { rules, issues }
}

function soundRules(document: YamlDocument): LoadedRule[] {
  const list = (document.data as { rules?: unknown } | null)?.rules
  if (!Array.isArray(list)) return []
  return list.flatMap((_, index): LoadedRule[] => {
    const parsed = ruleSchema.safeParse(list[index])
    if (!parsed.success) return []
    const place = (path: DocumentPath, part?: 'key' | 'value') => document.place(['rules', index, ...path], part)
    return [{ rule: parsed.data, file: document.file, ...place([]), place }]
  })
}
