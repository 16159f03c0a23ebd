import type { Detector } from '../../detectors/detector.ts'
import { DEFAULT_WITHIN } from '../../detectors/gate.ts'
import { orList } from './counting.ts'

const MOST_WORDS = 12

/**
 * What a detector finds, when it counts and what it misses, as sentences.
 *
 * @param hasOtherWords - whether a rule has put words in the place of the detector's.
 */
export function detectorWords(detector: Detector, hasOtherWords: boolean): string[] {
  const { finds, misses, activation } = detector
  return [
    finds,
    // What goes by the name of the field needs no word beside it.
    ...(hasOtherWords && activation !== 'key' ? [] : [whenItCounts(detector)]),
    ...(misses === '' ? [] : [`What it misses, and may find wrongly: ${misses}`]),
  ]
}

function whenItCounts({ activation, gate }: Detector): string {
  const words = gate?.words ?? []
  switch (activation) {
    case 'always':
      return 'It counts wherever it stands.'
    case 'off':
      return 'It counts wherever it stands, in rules that name it: what it finds is often no personal data.'
    case 'key':
      return 'It goes by the name of the field alone, and takes its value whole.'
    case 'gated': {
      if (words.length === 0) return 'It counts only in fields with certain names.'
      const some = words.slice(0, MOST_WORDS).map((word) => `"${word}"`)
      const which = words.length > MOST_WORDS ? `one of ${words.length} words (${some.join(', ')}, …)` : orList(some)
      return `It counts only where ${which} stands within ${gate?.within ?? DEFAULT_WITHIN} characters, or names the field.`
    }
  }
}
