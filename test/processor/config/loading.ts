import { join } from 'node:path'
import { ConfigError, formatIssue } from '../../../processor/config/issue.ts'
import { type LoadedConfig, loadConfig } from '../../../processor/config/load.ts'
import { temporaryFolder } from './temporary-folder.ts'

type Files = Readonly<Record<string, string>>

/** Loads `config`, with other files beside it. */
export function loadText(config: string, files: Files = {}, env: Record<string, string> = {}): LoadedConfig {
  return loadConfig(join(temporaryFolder({ ...files, 'config.yaml': config }), 'config.yaml'), { env })
}

/** The issues of `config` as `line:column: message (hint)`. */
export function issuesOf(config: string, files: Files = {}, env: Record<string, string> = {}): string[] {
  try {
    loadText(config, files, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.issues.map((issue) => formatIssue(issue).replace(/^.*config\.yaml:/, ''))
  }
  return []
}

/** The warnings of a configuration, but that it has no rules. */
export function warningsOf(config: string, files: Files = {}): string[] {
  return loadText(config, files).warnings.filter((warning) => !warning.startsWith('there are no rules'))
}
