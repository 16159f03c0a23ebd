import { type ConfigIssue, configIssue } from './issue.ts'
import type { LoadedConfig } from './load.ts'

/** What keeps a configuration that is sound from being run as a service: it needs a way in and a way out. */
export function serviceIssues({ file, settings, places }: LoadedConfig): ConfigIssue[] {
  const issues: ConfigIssue[] = []
  if (Object.keys(settings.sources).length === 0)
    issues.push(configIssue(file, places.sources, 'the service needs a source', 'sources: {otlp: {type: otlp_http}}'))
  if (Object.keys(settings.sinks).length === 0) {
    const hint = 'sinks: {archive: {type: file, path: sealed.jsonl}}'
    issues.push(configIssue(file, places.sinks, 'the service needs a sink', hint))
  }
  return issues
}
