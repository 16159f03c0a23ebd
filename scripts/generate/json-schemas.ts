import { configSchema } from '../../processor/config/schema.ts'
import { inputSchema, type JsonSchema } from '../../processor/config/schema-keys.ts'
import { ruleFileSchema } from '../../rules/schema/index.ts'

export type { JsonSchema }

/** JSON Schema (2020-12) of `config.yaml`, as it is written: before defaults and units. */
export function configJsonSchema(): JsonSchema {
  return inputSchema(configSchema)
}

/** JSON Schema (2020-12) of a rule file. */
export function ruleFileJsonSchema(): JsonSchema {
  return { title: 'Fieldseal rule file', ...inputSchema(ruleFileSchema) }
}
