import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LintFacts } from '../../../rules/lint/check.ts'
import { LINT_CODES } from '../../../rules/lint/index.ts'
import type { LintProblem } from '../lint-problem.ts'
import type { LintReport } from './report.ts'

/** For code scanning: SARIF 2.1.0 (OASIS, 2020), one run with every check as a rule of the tool. */
export const sarifReport: LintReport = ({ problems }, { version }) => {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Fieldseal', version, rules: LINT_CODES.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: problems.map(resultOf),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function ruleOf({ code, severity, title, explanation, hint, wrong, right }: LintFacts) {
  const example = `Wrong:\n\n\`\`\`yaml\n${wrong}\`\`\`\n\nRight:\n\n\`\`\`yaml\n${right}\`\`\`\n`
  return {
    id: code,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: explanation },
    help: { text: `${explanation}\n\n${hint}`, markdown: `${explanation}\n\n${hint}\n\n${example}` },
    defaultConfiguration: { level: severity },
  }
}

function resultOf({ file, line, column, code, severity, message, hint }: LintProblem) {
  const region = { startLine: line, startColumn: column }
  return {
    ruleId: code,
    ruleIndex: LINT_CODES.findIndex((facts) => facts.code === code),
    level: severity,
    message: { text: `${message}. ${hint}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }],
  }
}

/** A relative path is a relative reference (RFC 3986 section 4.2): `a b.yaml` is `a%20b.yaml`. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href
  return file.toWellFormed().split(sep).map(encodeURIComponent).join('/')
}
