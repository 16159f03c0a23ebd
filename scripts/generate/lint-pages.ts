import type { LintFacts } from '../../rules/lint/check.ts'
import { LINT_CODES } from '../../rules/lint/index.ts'
import { page, table } from './markdown.ts'

const FOLDER = 'docs/reference/lint'

const INTRODUCTION = `\`fieldseal lint FILE...\` looks at rule files for what is wrong with them. Each kind of finding has a stable code and a page. Errors fail the run; with \`--strict\` warnings do as well, and more is asked for. With \`-c CONFIG\` the names in the rules are looked up in the configuration.`

/** docs/reference/lint/: a page for each code, and one that lists them. */
export function lintPages(): Readonly<Record<string, () => string>> {
  return {
    [`${FOLDER}/index.md`]: indexPage,
    ...Object.fromEntries(LINT_CODES.map((facts) => [`${FOLDER}/${facts.code}.md`, () => codePage(facts)])),
  }
}

function indexPage(): string {
  const rows = LINT_CODES.map((facts) => [`[\`${facts.code}\`](${facts.code}.md)`, severityOf(facts), facts.title])
  return page('# Findings of lint', INTRODUCTION, table(['Code', 'Severity', 'What is the matter'], rows))
}

function codePage(facts: LintFacts): string {
  const { code, title, explanation, hint, wrong, right } = facts
  return page(
    `# \`${code}\``,
    `${title}.`,
    `Severity: ${severityOf(facts)}`,
    '## Why it matters',
    explanation,
    '## What to do',
    hint,
    '## Example',
    'Wrong:',
    yaml(wrong),
    'Right:',
    yaml(right),
    '[All findings](index.md)',
  )
}

function severityOf({ severity, strictOnly }: LintFacts): string {
  return strictOnly ? `${severity}, with \`--strict\` alone` : severity
}

function yaml(text: string): string {
  return `\`\`\`yaml\n${text}\`\`\``
}
