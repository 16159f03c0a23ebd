import type { Detector, Gate } from '../../detectors/detector.ts'
import { GateWords } from '../../detectors/gate.ts'
import { detectorByName } from '../../detectors/index.ts'
import type { Rule } from '../../rules/schema/index.ts'
import type { Match } from '../engine/explain.ts'

/** What is known of the rule of a match, and of the value. */
export interface FoundIn {
  readonly rule: Rule
  /** Detectors of the rule files, by name. */
  readonly detectors: ReadonlyMap<string, Detector>
  /** The whole value; undefined for a map or an array. */
  readonly text: string | undefined
}

/** Why a rule is about a value: what its detector goes by, or that its path or key names the field. A clause. */
export function whyFound(match: Match, found: FoundIn): string {
  const { rule, kind, detector: name } = match
  const detector = found.detectors.get(name ?? kind) ?? detectorByName(name ?? kind)
  if (name === undefined)
    return detector?.activation === 'key' && kind !== rule
      ? `${kind} goes by the name of the field`
      : namedBy(found.rule)
  const what = name === rule ? 'a pattern of the rule matches it' : `${name} recognises it`
  const where = match.onKey ? ', in the name of the field' : ''
  return `${what}${where}, and ${whyCounted(match, found, detector)}`
}

function whyCounted(match: Match, found: FoundIn, detector: Detector | undefined): string {
  switch (match.opened) {
    case 'key':
      return `it counts as its field is named "${match.key}"`
    case 'word':
      return `it counts as ${wordNear(match, found, detector)} stands near it`
    default:
      if (match.activation === 'off') return 'it counts as the rule names this detector'
      return 'that counts wherever it stands'
  }
}

/** The word that opened the gate; `one of its words` where it cannot be told. */
function wordNear({ span, text: matched }: Match, { rule, text }: FoundIn, detector: Detector | undefined): string {
  const gate = gateOf(rule, detector)
  if (gate === undefined || text === undefined) return 'one of its words'
  const value = Buffer.from(text).toString('latin1')
  const at = span ?? spanOf(value, matched)
  if (at === undefined) return 'one of its words'
  const { within } = gate
  const word = gate.words.find((one) => {
    const words = new GateWords({ words: [one], ...(within === undefined ? {} : { within }) })
    return words.standBeside(value, at)
  })
  return word === undefined ? 'one of its words' : `"${word}"`
}

/** The words that a match of a rule needs beside it: the rule's, or else the detector's. */
export function gateOf({ near, within }: Rule, detector: Detector | undefined): Gate | undefined {
  if (near === undefined) return detector?.gate
  return { words: [near].flat(), ...(within === undefined ? {} : { within }) }
}

function spanOf(value: string, matched: string | undefined) {
  const text = Buffer.from(matched ?? '').toString('latin1')
  const start = text === '' ? -1 : value.indexOf(text)
  return start < 0 ? undefined : { start, end: start + text.length }
}

function namedBy({ path, key }: Rule): string {
  const paths = path === undefined ? '' : `its path ${[path].flat().join(' or ')}`
  if (key === undefined) return `${paths} names this field`
  return paths === ''
    ? 'its pattern for names of fields matches this one'
    : `${paths} is here, and its pattern for names of fields matches this one`
}
