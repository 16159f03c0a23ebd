import { parsePath } from '../../path.ts'
import { type LintCheck, type LintFinding, onRule } from '../check.ts'
import { listOf } from '../list-of.ts'

export const badPath: LintCheck = {
  code: 'bad-path',
  severity: 'error',
  title: 'A path that cannot be read',
  explanation:
    'A path begins with a part of the record: body, attributes, resource or scope; ** stands for any depth. What a program writes as the field "email" is attributes.email. The fields that are only read (severity, tag, event_name) stand in where, not in path.',
  hint: 'Paths look like attributes.user.email, body or resource.**',
  wrong: `rules:
  - id: addresses
    path: [user.email]
    seal: {to: [default]}
`,
  right: `rules:
  - id: addresses
    path: [attributes.user.email]
    seal: {to: [default]}
`,
  find: ({ rules }) =>
    rules.flatMap(({ rule, index }) => [
      ...refused(index, rule.path, ['path']),
      ...(rule.except ?? []).flatMap(({ path }, at) => refused(index, path, ['except', at, 'path'])),
    ]),
}

function refused(rule: number, paths: string | readonly string[] | undefined, at: LintFinding['path']): LintFinding[] {
  return listOf(paths).flatMap((source, index) => {
    const problem = parsePath(source)
    if (typeof problem !== 'string') return []
    const below = `attributes.${source}`
    const hint = typeof parsePath(below) === 'string' ? undefined : `Did you mean ${below}?`
    return onRule(rule, [...at, index], problem, hint)
  })
}
