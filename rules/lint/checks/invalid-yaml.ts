import type { ReadingCheck } from '../check.ts'

export const invalidYaml: ReadingCheck = {
  code: 'invalid-yaml',
  severity: 'error',
  title: 'The file is not valid YAML',
  explanation:
    'A rule file is YAML. Where the file cannot be read, none of its rules is known, and a configuration that names it is refused. The usual causes are tabs for indentation, a missing quote or bracket, and a value that begins with a special character without quotes.',
  hint: 'Patterns are safest in single quotes, and lists within brackets.',
  wrong: `rules:
  - id: names
    key: [(?i)^name$
    drop: {}
`,
  right: `rules:
  - id: names
    key: ['(?i)^name$']
    drop: {}
`,
  covers: ({ step }) => step === 'syntax',
}
