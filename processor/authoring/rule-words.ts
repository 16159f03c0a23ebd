import { DEFAULT_WITHIN } from '../../detectors/gate.ts'
import type { Rule } from '../../rules/schema/index.ts'
import { tenantField } from '../../rules/tenant.ts'
import { enumerated, orList } from './counting.ts'
import { recipientsOf } from './rule-action.ts'

/** What a rule does, as sentences. */
export function whatItDoes(rule: Rule): string {
  const audit =
    rule.mode === 'audit' ? ` It is in audit: it only counts what it would do, and acts from ${rule.expires} on.` : ''
  return `${effectOf(rule)}${audit}`
}

function effectOf(rule: Rule): string {
  const { seal, hash, mask } = rule
  if (seal !== undefined) return sealWords(rule)
  if (hash !== undefined)
    return `Puts a pseudonym in the place of what it finds: the same for the same value, made with the key "${hash.key}".`
  if (mask === undefined)
    return 'Drops what it finds, and nobody can bring it back: a field is removed, and of a text the part that matches.'
  const last = mask.keep_last === 0 ? '' : `, and leaves the last ${mask.keep_last} characters readable`
  return `Masks what it finds with ****${last}. Nobody can bring it back.`
}

function sealWords(rule: Rule): string {
  const { text, layout, as, serialization, strict, fallback } = rule.seal!
  const names = recipientsOf(rule).map((name) => {
    const field = tenantField(name)
    return field === undefined ? name : `the tenant that ${field} names (or ${fallback}, where that is not known)`
  })
  const each = names.length > 1 ? ' Each of them can open it, alone.' : ''
  return [
    `Seals what it finds for ${enumerated(names)}.${each}`,
    ...(text === 'whole' ? ['A text with a match is sealed whole.'] : []),
    ...(layout === 'record' ? ['What is sealed in one record for the same recipients is kept together.'] : []),
    ...(as === 'sibling' ? ['A field that is sealed whole gets a new name that ends in ".sealed".'] : []),
    ...(serialization === 'compact' ? ['Sealed values are in the compact form, for one recipient.'] : []),
    ...(strict === true ? ['Each value has a key agreement of its own.'] : []),
  ].join(' ')
}

/** Where a rule looks, in short: for a table. */
export function whereInShort({ path, key, where = {} }: Rule): string {
  const parts = [
    ...(path === undefined ? [] : [[path].flat().join(', ')]),
    ...(key === undefined ? [] : ['by name of field']),
  ]
  const conditions = Object.entries(where).map(([field, values]) => `${field}: ${[values].flat().join(' or ')}`)
  const place = parts.length === 0 ? 'everywhere' : parts.join('; ')
  return conditions.length === 0 ? place : `${place}; where ${conditions.join(' and ')}`
}

/** Where a rule looks, as sentences. */
export function whereItLooks({ path, key, where = {}, detect, pattern, seal, drop }: Rule): string[] {
  const whole = detect === undefined && pattern === undefined ? ' They are taken whole.' : ''
  const paths = path === undefined ? '' : `In the fields ${enumerated([path].flat())}`
  const keys = key === undefined ? '' : `fields whose names match ${enumerated([key].flat())}`
  const place = [
    paths === '' && keys === '' ? 'In all texts and fields of a record.' : '',
    paths !== '' && keys === '' ? `${paths}.${whole}` : '',
    paths === '' && keys !== '' ? `In ${keys}.${whole}` : '',
    paths !== '' && keys !== '' ? `${paths}, of these in ${keys}.${whole}` : '',
  ].join('')
  const protects = seal !== undefined || drop !== undefined
  const missing = protects
    ? 'Where that is missing, the rule applies all the same, to be on the safe side.'
    : 'Where that is missing, the rule does not apply.'
  const conditions = Object.entries(where).map(
    ([field, values]) => `Only in records whose ${field} is ${[values].flat().join(' or ')}. ${missing}`,
  )
  return [place, ...conditions]
}

/** The words that a rule asks for, as a sentence; undefined where it asks for none. */
export function nearWords({ near, within }: Rule): string | undefined {
  if (near === undefined) return undefined
  const words = [near].flat().map((word) => `"${word}"`)
  return `It counts only where ${orList(words)} stands within ${within ?? DEFAULT_WITHIN} characters, or names the field.`
}
