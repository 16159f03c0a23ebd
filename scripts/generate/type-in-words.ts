import { FILE_FORMAT, PATH_FORMAT } from '../../processor/config/network.ts'
import type { JsonSchema } from './json-schemas.ts'
import { schemas } from './options.ts'

/** What a value of the schema looks like, in a few words. */
export function typeInWords(schema: JsonSchema): string {
  const forms = schemas(schema.anyOf)
  // A size may be a number of bytes, as the page says once.
  const size = forms.find(isSize)
  if (size !== undefined) return typeInWords(size)
  if (forms.length > 0) return [...new Set(forms.map(typeInWords))].join(' or ')
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.enum !== undefined) return enumInWords(schema.enum)
  switch (schema.type) {
    case 'string':
      return textInWords(schema)
    case 'integer':
      return `whole number${range(schema)}`
    case 'number':
      return 'number'
    case 'boolean':
      return '`true` or `false`'
    case 'array':
      return `list of ${typeof schema.items === 'object' && !Array.isArray(schema.items) ? plural(typeInWords(schema.items)) : 'anything'}`
    case 'object':
      return typeof schema.additionalProperties === 'object' && schema.additionalProperties.type === 'string'
        ? 'map of text'
        : 'map'
    default:
      return 'anything'
  }
}

/** More than these, and the page would be nothing but names. */
const MOST_NAMES = 12

function enumInWords(values: readonly unknown[]): string {
  const names = values.map((value) => `\`${String(value)}\``)
  if (names.length <= MOST_NAMES) return names.join(' or ')
  return `one of ${names.length} names: ${names.slice(0, 5).join(', ')}, …`
}

function textInWords(schema: JsonSchema): string {
  if (isSize(schema)) return `size ${schema.$comment ?? ''}`.trimEnd()
  if (schema.pattern?.includes('(ms|s')) return `duration ${schema.$comment ?? ''}`.trimEnd()
  if (schema.pattern?.includes(':(\\d')) return 'address with port'
  switch (schema.format) {
    case 'date':
      return 'day (`2027-06-30`)'
    case 'uri':
      return 'URL'
    case FILE_FORMAT:
    case PATH_FORMAT:
      return 'path'
    default:
      return 'text'
  }
}

function isSize(schema: JsonSchema): boolean {
  return schema.pattern?.includes('KiB') ?? false
}

function plural(words: string): string {
  return words === 'path' ? 'paths' : words
}

function range({ minimum, maximum }: JsonSchema): string {
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  if (minimum !== undefined && bounded) return ` from ${minimum} to ${maximum}`
  return bounded ? ` up to ${maximum}` : ''
}
