// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts show the syntax of substitutions
import { type Document, isScalar, type Scalar, visit } from 'yaml'

/** Variables of the environment, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A substitution that failed: the offset of its scalar in the file, and what is wrong. */
export interface SubstitutionProblem {
  readonly offset: number
  readonly message: string
  readonly hint?: string
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const REFERENCE = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/

/**
 * Puts variables of the environment into the scalar values of a parsed document: `${NAME}`, `${env:NAME}`, and
 * `${NAME:-default}` where the variable may be unset or empty; `$$` is a dollar sign (the grammar of the OpenTelemetry
 * configuration). Keys are never touched.
 *
 * It works on the parsed scalars, so what a variable holds stays one scalar whatever it looks like. A plain scalar is
 * then read again as YAML's core schema reads scalars (`${PORT}` may be a number); a quoted one, a block or one with
 * a tag stays text. What was put in is not looked at again. No problem's text holds a value.
 */
export function substituteEnvironment(document: Document.Parsed, environment: Environment): SubstitutionProblem[] {
  const problems: SubstitutionProblem[] = []
  visit(document, {
    Scalar(place, node) {
      if (place === 'key' || typeof node.value !== 'string' || !node.value.includes('$')) return
      const result = expand(node.value, environment)
      if (typeof result !== 'string') {
        problems.push({ offset: node.range?.[0] ?? 0, ...result })
        return
      }
      if (result === node.value) return
      node.value = isPlain(node) ? coreScalar(document, result) : result
    },
  })
  return problems
}

type Failure = Omit<SubstitutionProblem, 'offset'>

function expand(text: string, environment: Environment): string | Failure {
  let result = ''
  let position = 0
  while (true) {
    const dollar = text.indexOf('$', position)
    if (dollar < 0) return result + text.slice(position)
    result += text.slice(position, dollar)
    const next = text[dollar + 1]
    position = dollar + 2
    if (next === '$') {
      result += '$'
    } else if (next !== '{') {
      result += '$'
      position = dollar + 1
    } else {
      const end = text.indexOf('}', position)
      const value = end < 0 ? MALFORMED : resolve(text.slice(position, end), environment)
      if (typeof value !== 'string') return value
      result += value
      position = end + 1
    }
  }
}

const MALFORMED: Failure = {
  message: 'malformed substitution',
  hint: 'write ${NAME} or ${NAME:-default}, and $${ for the characters themselves',
}

function resolve(reference: string, environment: Environment): string | Failure {
  const match = REFERENCE.exec(reference)
  // A default that holds another substitution would end at the first brace and mean something else.
  if (match === null || match[2]?.includes('${')) return MALFORMED
  const [, name = '', fallback] = match
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined
  if (fallback !== undefined) return value === undefined || value === '' ? fallback : value
  if (value !== undefined) return value
  return {
    message: `the environment variable ${NAME.test(name) && name.length <= 64 ? name : 'here'} is not set`,
    hint: 'set it, or give a default: ${NAME:-default}',
  }
}

function isPlain(node: Scalar): boolean {
  return node.type === 'PLAIN' && node.tag === undefined
}

/** What a plain scalar with this text is in the document's schema: null, boolean, number or text. */
function coreScalar(document: Document.Parsed, text: string): unknown {
  for (const tag of document.schema.tags) {
    if (tag.collection !== undefined || tag.default !== true || !tag.test?.test(text)) continue
    const resolved = tag.resolve(text, () => undefined, { intAsBigInt: false })
    return isScalar(resolved) ? resolved.value : resolved
  }
  return text
}
