import { z } from 'zod'
import { configSchema } from '../../processor/config/schema.ts'
import { ruleFileSchema } from '../../rules/schema.ts'

export type JsonSchema = z.core.JSONSchema.JSONSchema

/** JSON Schema (2020-12) of `config.yaml`, as it is written: before defaults and units. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema
}

/** JSON Schema (2020-12) of a rule file. */
export function ruleFileJsonSchema(): JsonSchema {
  return { title: 'Fieldseal rule file', ...(z.toJSONSchema(ruleFileSchema, { io: 'input' }) as JsonSchema) }
}
