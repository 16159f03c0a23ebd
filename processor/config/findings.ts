import { type ConfigIssue, configIssue } from './issue.ts'
import type { DocumentPath, YamlDocument } from './yaml-document.ts'

/** What checks find in a configuration: issues, each at its place, and warnings. */
export class Findings {
  readonly issues: ConfigIssue[] = []
  readonly warnings: string[] = []
  readonly #config: YamlDocument

  constructor(config: YamlDocument) {
    this.#config = config
  }

  issue(path: DocumentPath, message: string, hint?: string): void {
    this.issues.push(configIssue(this.#config.file, this.#config.place(path), message, hint))
  }

  /** At the key itself: of what is not there, or should not be. */
  issueAtKey(path: DocumentPath, message: string, hint?: string): void {
    this.issues.push(configIssue(this.#config.file, this.#config.place(path, 'key'), message, hint))
  }

  warning(message: string): void {
    this.warnings.push(message)
  }
}
