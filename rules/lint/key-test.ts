import type { Detector } from '../../detectors/detector.ts'
import { keySources, keyWords } from '../../detectors/gate.ts'
import { RE2 } from '../../detectors/re2.ts'
import type { PathPattern } from '../path.ts'
import { keySamples } from './key-samples.ts'

/** A condition on the key of a value: one of several patterns. */
export interface KeyTest {
  readonly sources: readonly string[]
  /** Whether the patterns are tried on the key as it is, or on its words. */
  readonly on: 'key' | 'words'
  /** Names that it was made for, and matches. */
  readonly samples: readonly string[]
  /** Whether `samples` are all that it matches, up to case. */
  readonly complete: boolean
  /** Whether a value under this key is meant: the key as a whole, or what stands after its last dot. */
  matches(key: string): boolean
}

/** @returns undefined where RE2 refuses one of the patterns. */
export function keyTest(sources: readonly string[], on: KeyTest['on'] = 'key'): KeyTest | undefined {
  const patterns: RE2[] = []
  for (const source of sources) {
    try {
      patterns.push(new RE2(source, 'u'))
    } catch {
      return undefined
    }
  }
  const matches = (key: string): boolean =>
    namesOf(key).some((name) => patterns.some((pattern) => pattern.test(on === 'words' ? keyWords(name) : name)))
  const samples = sources.map(keySamples)
  return {
    sources,
    on,
    samples: samples.flatMap(({ texts }) => texts).filter(matches),
    complete: samples.every(({ complete }) => complete),
    matches,
  }
}

/** The keys that open a detector that goes by the key alone. */
export function gateTest({ gate }: Pick<Detector, 'gate'>): KeyTest | undefined {
  return gate === undefined ? undefined : keyTest(keySources(gate), 'words')
}

function namesOf(key: string): string[] {
  const dot = key.lastIndexOf('.')
  return dot < 0 ? [key] : [key, key.slice(dot + 1)]
}

/** Whether every value that passes one of `given` passes `wanted` as well, as far as their texts tell. */
export function isImplied(wanted: KeyTest, given: readonly KeyTest[]): boolean {
  return given.some(({ on, sources }) => on === wanted.on && sources.every((source) => wanted.sources.includes(source)))
}

/** The key that all values of a path stand under; undefined where the path does not say, and for a root. */
export function lastKey({ segments }: PathPattern): string | undefined {
  const at = segments.findLastIndex(({ kind }) => kind !== 'element')
  const segment = segments[at]
  if (at < 1 || segment === undefined) return undefined
  if (segment.kind === 'key') return segment.key
  return segment.kind === 'name' ? segment.name : undefined
}

/** As `lastKey`, and every key that may end in it: `email`, `user.email`. */
export function lastKeys(path: PathPattern): string[] {
  const last = lastKey(path)
  if (last === undefined) return []
  const keys = [last]
  const { segments } = path
  for (let at = segments.findLastIndex(({ kind }) => kind !== 'element') - 1; at > 0; at -= 1) {
    const segment = segments[at]!
    if (segment.kind !== 'name') break
    keys.push(`${segment.name}.${keys.at(-1)}`)
  }
  return keys
}

/** Whether a key that a path names passes, whatever the case of its letters. */
export function passesInAnyCase(test: KeyTest, key: string): boolean {
  const capital = key.charAt(0).toUpperCase() + key.slice(1)
  return [key, key.toUpperCase(), capital].every(test.matches)
}
