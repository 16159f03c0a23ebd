import type { LintReport } from './report.ts'

/**
 * For GitHub Actions: a workflow command for each finding, which becomes an annotation on its line. Without findings it
 * is empty.
 *
 * The escapes are those of `@actions/core` (packages/core/src/command.ts).
 */
export const githubReport: LintReport = ({ problems }) =>
  problems
    .map(({ file, line, column, code, severity, message, hint }) => {
      const properties = Object.entries({ file, line: String(line), col: String(column), title: code })
      const list = properties.map(([name, value]) => `${name}=${escapeProperty(value)}`).join(',')
      return `::${severity} ${list}::${escapeData(`${message}\n${hint}`)}\n`
    })
    .join('')

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
