import { isWord, wordBefore } from './boundary.ts'
import type { Detector, Gate } from './detector.ts'
import { VALIDATORS } from './validators.ts'
import { isWide } from './wide-pattern.ts'

/** What a rule file says of a detector of its own. */
export interface OwnDefinition {
  readonly name: string
  readonly title: string
  readonly finds: string
  /** RE2. */
  readonly patterns: readonly string[]
  /** A name of `VALIDATORS`. */
  readonly validator?: string | undefined
  /** Nothing that is part of a word may stand beside a match. */
  readonly alone: boolean
  readonly gate?: Gate | undefined
  readonly lowEntropy: boolean
}

/** A detector that is not of the catalogue. */
export function ownDetector(definition: OwnDefinition): Detector {
  const { name, title, finds, patterns, alone, gate, lowEntropy } = definition
  const validates = definition.validator === undefined ? undefined : VALIDATORS.get(definition.validator)
  return {
    name,
    title,
    group: 'identity',
    activation: gate === undefined ? 'always' : 'gated',
    finds,
    misses: '',
    patterns,
    ...(gate === undefined ? {} : { gate }),
    lowEntropy,
    ...(patterns.some(isWide) ? { apart: true } : {}),
    examples: [],
    confirm(text, candidate) {
      if (alone && (wordBefore(text, candidate.start) || isWord(text, candidate.end))) return undefined
      return validates === undefined || validates(text, candidate) ? candidate : undefined
    },
    normalise: (match) => match.normalize('NFC'),
  }
}

/** A detector with words in the place of its own. */
export function withGate(detector: Detector, gate: Gate): Detector {
  return { ...detector, activation: 'gated', gate }
}
