import type { PathPattern } from '../../path.ts'
import { type LintCheck, type LintFinding, onRule } from '../check.ts'
import { keyTest } from '../key-test.ts'
import { listOf } from '../list-of.ts'
import type { LintRule } from '../subject.ts'

/** Members of a JSON line that are fields of the record, and what reads them. */
const FIELDS = ['level', 'time', 'timestamp', 'trace_id', 'span_id']

export const notAnAttribute: LintCheck = {
  code: 'not-an-attribute',
  severity: 'warning',
  title: 'A place that is no attribute in JSON lines',
  explanation:
    'Where records come as JSON lines, or from pino or winston, a few members are fields of the record and not attributes: level is the severity and time the time, which rules read and never alter, as are trace_id and span_id; and the first of msg, message and log that is there (body_keys of the configuration) is the body. A rule that names them as attributes, or as keys, finds nothing there. It may still find something in records that come by OTLP.',
  hint: 'For the message itself write path: body; times, levels and trace ids are not altered.',
  wrong: `rules:
  - id: messages
    path: [attributes.message]
    detect: [email]
    seal: {to: [default]}
`,
  right: `rules:
  - id: messages
    path: [body]
    detect: [email]
    seal: {to: [default]}
`,
  find: ({ rules, bodyKeys }) => {
    const roles = new Map([
      ...FIELDS.map((field): [string, string] => [field, 'a field that rules never alter']),
      ...bodyKeys.map((key): [string, string] => [key.toLowerCase(), 'the body']),
    ])
    return rules.flatMap((rule) => [...byPath(rule, roles), ...byKey(rule, roles)])
  },
}

function byPath({ paths, index }: LintRule, roles: ReadonlyMap<string, string>): LintFinding[] {
  return paths.flatMap((path, at) => {
    const key = topKey(path)
    const role = key === undefined ? undefined : roles.get(key)
    return role === undefined ? [] : onRule(index, ['path', at], `in JSON lines ${JSON.stringify(key)} is ${role}`)
  })
}

/** The key of a path to an attribute that is no map. */
function topKey({ segments }: PathPattern): string | undefined {
  const [root, key] = segments
  if (segments.length !== 2 || root?.kind !== 'name' || root.name !== 'attributes') return undefined
  if (key?.kind === 'name') return key.name
  return key?.kind === 'key' ? key.key : undefined
}

/** A pattern for keys that takes such names and no others; with a path that leads elsewhere it means other places. */
function byKey({ rule, index }: LintRule, roles: ReadonlyMap<string, string>): LintFinding[] {
  if (rule.path !== undefined) return []
  return listOf(rule.key).flatMap((source, at) => {
    const test = keyTest([source])
    if (test === undefined || !test.complete || test.samples.length === 0) return []
    const names = [...new Set(test.samples.map((name) => name.toLowerCase()))]
    const found = names.map((name) => roles.get(name))
    if (found.includes(undefined)) return []
    const list = names.map((name, position) => `${JSON.stringify(name)} is ${found[position]}`)
    return onRule(index, ['key', at], `in JSON lines ${list.join(', and ')}`)
  })
}
