import { dirname, resolve } from 'node:path'
import { FILE_FORMAT, PATH_FORMAT } from './network.ts'
import { configSchema, type Settings } from './schema.ts'
import { childOf, formsOf, inputSchema, type JsonSchema } from './schema-keys.ts'
import type { DocumentPath } from './yaml-document.ts'

/** The sections whose paths are made absolute: what they name is opened later, by parts that know no configuration. */
const SECTIONS = ['service', 'telemetry', 'sources', 'sinks'] as const

/** An option that names a file that is read. */
export interface FileOption {
  readonly path: DocumentPath
  readonly file: string
}

/** The settings with absolute paths for relative ones, and the files that they want read. */
export function resolveFileOptions(
  settings: Settings,
  configFile: string,
): { settings: Settings; files: FileOption[] } {
  const folder = dirname(resolve(configFile))
  const files: FileOption[] = []
  const schema = inputSchema(configSchema)
  const resolved = SECTIONS.map((section) => {
    const value = mapPaths(childOf(schema, section), settings[section], [section], (text, format, path) => {
      const file = resolve(folder, text)
      if (format === FILE_FORMAT) files.push({ path, file })
      return file
    })
    return [section, value]
  })
  return { settings: { ...settings, ...Object.fromEntries(resolved) }, files }
}

type MapPath = (text: string, format: string, path: DocumentPath) => string

function mapPaths(schemas: readonly JsonSchema[], value: unknown, path: DocumentPath, map: MapPath): unknown {
  const forms = formsOf(schemas, value)
  const child = (item: unknown, step: PropertyKey): unknown =>
    mapPaths(
      forms.flatMap((form) => childOf(form, step)),
      item,
      [...path, step],
      map,
    )
  if (typeof value === 'string') {
    const format = forms.find((form) => form.format === FILE_FORMAT || form.format === PATH_FORMAT)?.format
    return format === undefined ? value : map(value, format, path)
  }
  if (Array.isArray(value)) return value.map(child)
  // Not secrets, which are objects with a class of their own.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, child(item, key)]))
}
