import type { ReadingCheck } from '../check.ts'

export const notCompiled: ReadingCheck = {
  code: 'not-compiled',
  severity: 'error',
  title: 'A rule that the engine refuses',
  explanation:
    'After everything else the rules are compiled as a service compiles them when it starts. What is refused then, and has no code of its own, is reported here: most often a condition in where that names no single field of a record.',
  hint: 'Conditions name one field, without wildcards: resource.service.name, severity, tag.',
  wrong: `rules:
  - id: addresses
    detect: [email]
    where: {service.name: auth}
    seal: {to: [default]}
`,
  right: `rules:
  - id: addresses
    detect: [email]
    where: {resource.service.name: auth}
    seal: {to: [default]}
`,
  covers: ({ step }) => step === 'compile',
}
