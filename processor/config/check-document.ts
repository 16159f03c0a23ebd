import type { z } from 'zod'
import { type ConfigIssue, configIssue } from './issue.ts'
import { describeSchemaIssues } from './schema-issues.ts'
import type { DocumentPath, YamlDocument } from './yaml-document.ts'

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
