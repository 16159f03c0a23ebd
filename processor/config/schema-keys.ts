import { z } from 'zod'

type JsonSchema = z.core.JSONSchema.JSONSchema

/** The keys that a map at `path` may have; empty where any may be there. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let level: JsonSchema[] = [z.toJSONSchema(schema, { io: 'input' }) as JsonSchema]
  for (const step of path) level = alternatives(level).flatMap((node) => child(node, step))
  const names = alternatives(level).flatMap((node) => Object.keys(node.properties ?? {}))
  return [...new Set(names)]
}

function alternatives(nodes: readonly JsonSchema[]): JsonSchema[] {
  return nodes.flatMap((node) => (node.anyOf === undefined ? [node] : alternatives(node.anyOf.filter(isSchema))))
}

function child(node: JsonSchema, step: PropertyKey): JsonSchema[] {
  const named = typeof step === 'string' ? node.properties?.[step] : undefined
  return [named ?? (typeof step === 'number' ? node.items : node.additionalProperties)].filter(isSchema)
}

function isSchema(node: unknown): node is JsonSchema {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}
