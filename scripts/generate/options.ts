import type { JsonSchema } from './json-schemas.ts'

/** One key that a file may have, by its place. */
export interface DocumentedOption {
  /** `sealing.epoch.max_age`, `recipients.<name>.jwk`, `rules[].id`. */
  readonly path: string
  readonly required: boolean
  readonly schema: JsonSchema
}

/** All options of a schema, depth first, in the order in which they are declared. */
export function documentedOptions(schema: JsonSchema, prefix = ''): DocumentedOption[] {
  const options: DocumentedOption[] = []
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    if (typeof child === 'boolean') continue
    const path = prefix === '' ? key : `${prefix}.${key}`
    options.push({ path, required: schema.required?.includes(key) ?? false, schema: child })
    options.push(...nested(child, path))
  }
  return options
}

function nested(schema: JsonSchema, path: string): DocumentedOption[] {
  const options = schema.properties === undefined ? [] : documentedOptions(schema, path)
  for (const alternative of schema.anyOf ?? []) {
    if (typeof alternative !== 'boolean') options.push(...nested(alternative, path))
  }
  const { items, additionalProperties: values } = schema
  if (typeof items === 'object' && !Array.isArray(items)) options.push(...nested(items, `${path}[]`))
  if (typeof values === 'object') options.push(...nested(values, `${path}.<name>`))
  return options
}

/** What a value of the schema looks like, in a few words. */
export function typeInWords(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) {
    const forms = schema.anyOf.flatMap((form) => (typeof form === 'boolean' ? [] : [typeInWords(form)]))
    return [...new Set(forms)].join(' or ')
  }
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(' or ')
  switch (schema.type) {
    case 'string':
      if (schema.format === 'date') return 'day (`2027-06-30`)'
      return sizeOrDuration(schema) ?? 'text'
    case 'integer':
      return `whole number${range(schema)}`
    case 'number':
      return 'number'
    case 'boolean':
      return '`true` or `false`'
    case 'array':
      return `list of ${typeof schema.items === 'object' && !Array.isArray(schema.items) ? typeInWords(schema.items) : 'anything'}`
    case 'object':
      return 'map'
    default:
      return 'anything'
  }
}

function sizeOrDuration(schema: JsonSchema): string | undefined {
  if (schema.pattern?.includes('KiB')) return 'size (`64KiB`, `1MiB`)'
  if (schema.pattern?.includes('(ms|s')) return 'duration (`500ms`, `60s`, `10m`, `1h`)'
  return undefined
}

function range({ minimum, maximum }: JsonSchema): string {
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  if (minimum !== undefined && bounded) return ` from ${minimum} to ${maximum}`
  return bounded ? ` up to ${maximum}` : ''
}
