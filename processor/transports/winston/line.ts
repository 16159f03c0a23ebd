import type { Engine } from '../../engine.ts'

/** The field of a record in which parts of texts are sealed. */
export const SEALED_LIST = 'fieldseal.sealed'

/**
 * Whether nothing is found in a line that was serialized before its record could be sealed, however it is read. As a text
 * it has been looked at with the record.
 *
 * @throws FieldsealError as `seal` does.
 */
export function isCleanLine(engine: Engine, line: unknown): boolean {
  if (line === undefined || typeof line === 'number' || typeof line === 'boolean') return true
  if (typeof line !== 'string') return false
  if (!line.trimStart().startsWith('{')) return true
  const bytes = Buffer.from(line)
  return engine.seal(bytes, 'json-lines').bytes.equals(bytes)
}

/** A line of JSON, made of a record that is sealed. */
export function lineOf(record: object): string {
  return JSON.stringify(record, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    if (value instanceof Error)
      return Object.fromEntries(
        ['name', ...Object.getOwnPropertyNames(value)].map((key) => [key, Reflect.get(value, key)]),
      )
    if (value instanceof Map) return Object.fromEntries(value)
    if (value instanceof Set) return [...value]
    return value
  })
}
