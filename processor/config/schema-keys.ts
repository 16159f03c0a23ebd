import { z } from 'zod'

export type JsonSchema = z.core.JSONSchema.JSONSchema

/** The keys that the map at `path` of `data` may have; empty where any may be there. */
export function knownKeys(schema: z.ZodType, data: unknown, path: readonly PropertyKey[]): string[] {
  let level = formsOf([inputSchema(schema)], data)
  let value = data
  for (const step of path) {
    value = memberOf(value, step)
    level = formsOf(
      level.flatMap((node) => childOf(node, step)),
      value,
    )
  }
  return [...new Set(level.flatMap((node) => Object.keys(node.properties ?? {})))]
}

/** JSON Schema (2020-12) of what is written in a file: before defaults and units. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    // Of what is transformed zod leaves the examples out, which might be of the result. Ours show what is written.
    override({ zodSchema, jsonSchema }) {
      const examples = z.globalRegistry.get(zodSchema)?.examples
      if (examples !== undefined) jsonSchema.examples = examples as JsonSchema[]
    },
  }) as JsonSchema
}

/** The schemas that may hold for a value: of a union each form, but those that its `type` rules out. */
export function formsOf(nodes: readonly JsonSchema[], value: unknown): JsonSchema[] {
  return nodes.flatMap((node) => {
    const forms = node.anyOf ?? node.oneOf
    if (forms === undefined) return [node]
    return formsOf(
      forms.filter(isSchema).filter((form) => {
        const { type } = form.properties ?? {}
        return !isSchema(type) || type.const === undefined || type.const === memberOf(value, 'type')
      }),
      value,
    )
  })
}

/** The schema of a member or element. */
export function childOf(node: JsonSchema, step: PropertyKey): JsonSchema[] {
  const named = typeof step === 'string' ? node.properties?.[step] : undefined
  return [named ?? (typeof step === 'number' ? node.items : node.additionalProperties)].filter(isSchema)
}

function memberOf(value: unknown, step: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
  return (value as Record<PropertyKey, unknown>)[step]
}

function isSchema(node: unknown): node is JsonSchema {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}
