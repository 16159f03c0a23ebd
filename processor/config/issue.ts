import { FieldsealError } from '../errors.ts'

/** Line and column, from 1; columns count UTF-16 units. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One fault of a configuration or rule file. No part of it holds a value of the operator's file. */
export interface ConfigIssue extends Place {
  readonly file: string
  readonly message: string
  /** What probably helps. */
  readonly hint?: string
}

/** `FIELDSEAL_CONFIG_INVALID` with every issue: as data, and one line each in the message. */
export class ConfigError extends FieldsealError {
  readonly issues: readonly ConfigIssue[]
  /** Absolute paths of the files in which the issues can be mended, as far as known: worth watching. */
  readonly files: readonly string[]

  constructor(issues: readonly ConfigIssue[], files: readonly string[] = []) {
    super('FIELDSEAL_CONFIG_INVALID', issues.map(formatIssue).join('\n'))
    this.issues = issues
    this.files = files
  }
}

/** `file:line:column: message (hint)`, the form that editors and build servers make links of. */
export function formatIssue(issue: ConfigIssue): string {
  const hint = issue.hint === undefined ? '' : ` (${issue.hint})`
  return `${issue.file}:${issue.line}:${issue.column}: ${issue.message}${hint}`
}

/** Builds an issue; a missing hint leaves no key behind. */
export function configIssue(file: string, place: Place, message: string, hint?: string): ConfigIssue {
  const issue = { file, line: place.line, column: place.column, message }
  return hint === undefined ? issue : { ...issue, hint }
}

/** A key or name for a message: quoted, on one line, at most 64 characters. */
export function quoted(name: string): string {
  const short = name.length > 64 ? `${name.slice(0, 63)}…` : name
  return JSON.stringify(short)
}
