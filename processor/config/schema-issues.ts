import type { z } from 'zod'
import { quoted } from './issue.ts'
import { didYouMean } from './nearest.ts'
import { knownKeys } from './schema-keys.ts'

/** A fault that a schema found: where, and what, without any value. */
export interface SchemaIssue {
  readonly path: readonly PropertyKey[]
  /** Whether the key itself is at fault, or the value. */
  readonly part: 'key' | 'value'
  readonly message: string
  readonly hint?: string
}

type ZodIssue = z.core.$ZodIssue

/**
 * Says what a schema's issues mean to whoever wrote the file. The wording is ours, or that of our schemas; where a
 * union has several forms, the form that was probably meant speaks.
 */
export function describeSchemaIssues(schema: z.ZodType, data: unknown, issues: readonly ZodIssue[]): SchemaIssue[] {
  return issues.flatMap((issue) => describe(schema, data, issue, issue.path))
}

function describe(schema: z.ZodType, data: unknown, issue: ZodIssue, path: readonly PropertyKey[]): SchemaIssue[] {
  const value = (message: string, hint?: string): SchemaIssue[] => [build(path, 'value', message, hint)]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(schema, data, path, key))
    case 'invalid_union': {
      if ('options' in issue && issue.options !== undefined) return [wrongChoice(data, path, issue.options.map(String))]
      const nested = likeliest(issue.errors)
      if (nested === undefined) return [wrongType(data, path, unionExpectation(issue))]
      return nested.flatMap((inner) => describe(schema, data, inner, [...path, ...inner.path]))
    }
    case 'invalid_key':
      return [build(path, 'key', issue.issues[0]?.message ?? 'this key is not allowed')]
    case 'invalid_type':
      return [wrongType(data, path, ownMessage(issue) ?? `expected ${TYPE_NAMES[issue.expected] ?? 'another type'}`)]
    case 'invalid_value':
      return [wrongChoice(data, path, issue.values.map(String))]
    case 'invalid_format':
      return value(issue.format === 'date' ? 'expected a day such as 2027-06-30' : (ownMessage(issue) ?? 'malformed'))
    case 'too_small':
      if (issue.origin === 'string') return value('must not be empty')
      if (issue.origin === 'array') return value('needs at least one entry')
      return value(ownMessage(issue) ?? `must be at least ${issue.minimum}`)
    case 'too_big':
      if (issue.origin === 'string') return value(`must have at most ${issue.maximum} characters`)
      return value(ownMessage(issue) ?? `must be at most ${issue.maximum}`)
    case 'custom':
      return value(issue.message)
    default:
      return value('this is not allowed here')
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

function wrongChoice(data: unknown, path: readonly PropertyKey[], choices: readonly string[]): SchemaIssue {
  const found = valueAt(data, path)
  if (found === undefined) return missing(path)
  const expected = `expected ${choices.map(quoted).join(' or ')}`
  return build(path, 'value', expected, typeof found === 'string' ? didYouMean(found, choices) : undefined)
}

function unknownKey(schema: z.ZodType, data: unknown, path: readonly PropertyKey[], key: string): SchemaIssue {
  const known = knownKeys(schema, data, path)
  const list = known.length > 0 && known.length <= 16 ? `known here: ${known.join(', ')}` : undefined
  return build([...path, key], 'key', `unknown key ${quoted(key)}`, didYouMean(key, known) ?? list)
}

function wrongType(data: unknown, path: readonly PropertyKey[], expected: string): SchemaIssue {
  const found = valueAt(data, path)
  if (found === undefined) return missing(path)
  return build(path, 'value', expected, found === null ? 'there is no value' : undefined)
}

function missing(path: readonly PropertyKey[]): SchemaIssue {
  return build(path.slice(0, -1), 'value', `the key ${quoted(String(path.at(-1)))} is missing`)
}

/** The message that our schema gave, or undefined where it is the library's own. */
function ownMessage(issue: ZodIssue): string | undefined {
  return /^(Invalid|Too (small|big)|Unrecognized)/.test(issue.message) ? undefined : issue.message
}

/** Of the forms of a union, the one with the fewest faults among those of the right type. */
function likeliest(forms: readonly (readonly ZodIssue[])[]): readonly ZodIssue[] | undefined {
  const rightType = forms.filter(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  )
  return rightType.toSorted((left, right) => faults(left) - faults(right))[0]
}

function faults(issues: readonly ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  const own = ownMessage(issue)
  if (own !== undefined) return own
  const types = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []))
  return `expected ${[...new Set(types.map((type) => TYPE_NAMES[type] ?? type))].join(' or ')}`
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<PropertyKey, unknown>)[step]
  }
  return value
}

function build(path: readonly PropertyKey[], part: 'key' | 'value', message: string, hint?: string): SchemaIssue {
  return hint === undefined ? { path, part, message } : { path, part, message, hint }
}
