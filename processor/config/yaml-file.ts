import type { z } from 'zod'
import { FieldsealError } from '../errors.ts'
import { ConfigError, type ConfigIssue, configIssue } from './issue.ts'
import { describeSchemaIssues } from './schema-issues.ts'
import type { Environment } from './substitute.ts'
import { type DocumentPath, readYamlDocument, type YamlDocument } from './yaml-document.ts'

/** A value that a schema has accepted, and the document it came from. */
export interface YamlFile<T> {
  readonly value: T
  readonly document: YamlDocument
}

/**
 * Reads a YAML file and checks it against a schema.
 *
 * @throws `FIELDSEAL_CONFIG_UNREADABLE`; `FIELDSEAL_CONFIG_INVALID` (a `ConfigError`) with every issue.
 */
export function readYamlFile<S extends z.ZodType>(
  file: string,
  schema: S,
  environment?: Environment,
): YamlFile<z.output<S>> {
  const reading = readYamlDocument(file, environment)
  if (reading === 'unreadable') throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read`)
  if ('issues' in reading) throw new ConfigError(reading.issues)
  const checked = checkDocument(reading, schema)
  if ('issues' in checked) throw new ConfigError(checked.issues)
  return { value: checked.value, document: reading }
}

/** Checks a part of a document, by default all of it, against a schema: the accepted value, or every issue. */
export function checkDocument<S extends z.ZodType>(
  document: YamlDocument,
  schema: S,
  path: DocumentPath = [],
): { readonly value: z.output<S> } | { readonly issues: ConfigIssue[] } {
  const part = path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown>)[step], document.data)
  const parsed = schema.safeParse(part)
  if (parsed.success) return { value: parsed.data }
  const issues = describeSchemaIssues(schema, part, parsed.error.issues).map((issue) =>
    configIssue(document.file, document.place([...path, ...issue.path], issue.part), issue.message, issue.hint),
  )
  return { issues }
}
