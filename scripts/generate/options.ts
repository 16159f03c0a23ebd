import type { JsonSchema } from './json-schemas.ts'

/** One key that a file may have, by its place. */
export interface DocumentedOption {
  /** `sealing.epoch.max_age`, `recipients.<name>.jwk`, `rules[].id`. */
  readonly path: string
  readonly required: boolean
  /** Where one of several keys has to be there: all of them. */
  readonly choices?: readonly string[]
  readonly schema: JsonSchema
}

/** Maps of one kind, of which `type` says which: `otlp_http` and `file` of sinks. */
export interface Kind {
  readonly type: string
  readonly schema: JsonSchema
}

/** All options of a schema, depth first, in the order in which they are declared; without those of kinds. */
export function documentedOptions(schema: JsonSchema, prefix = '', choices?: readonly string[]): DocumentedOption[] {
  const options: DocumentedOption[] = []
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    if (typeof child === 'boolean') continue
    const path = prefix === '' ? key : `${prefix}.${key}`
    const required = schema.required?.includes(key) ?? false
    options.push({ path, required, schema: child, ...(choices?.includes(key) ? { choices } : {}) })
    options.push(...nested(child, path))
  }
  return options
}

/** The kinds of maps that the schema of a map by names allows; empty where there is no `type`. */
export function kindsOf(schema: JsonSchema): Kind[] {
  const { additionalProperties: values } = schema
  if (typeof values !== 'object' || values.oneOf === undefined) return []
  return schemas(values.oneOf).map((form) => {
    const [type] = schemas([form.properties?.type])
    return { type: String(type?.const), schema: form }
  })
}

function nested(schema: JsonSchema, path: string): DocumentedOption[] {
  const options = schema.properties === undefined ? [] : documentedOptions(schema, path)
  const forms = schemas(schema.anyOf)
  const firsts = forms.flatMap(({ required }) => required?.slice(0, 1) ?? [])
  for (const form of forms) {
    if (form.properties !== undefined) options.push(...documentedOptions(form, path, firsts))
    else options.push(...nested(form, path))
  }
  const { items, additionalProperties: values } = schema
  if (typeof items === 'object' && !Array.isArray(items)) options.push(...nested(items, `${path}[]`))
  if (typeof values === 'object') options.push(...nested(values, `${path}.<name>`))
  return options
}

/** Those of a list that are no `true` or `false`. */
export function schemas(list: readonly unknown[] | undefined): JsonSchema[] {
  return (list ?? []).filter((form): form is JsonSchema => typeof form === 'object' && form !== null)
}
