import type { Detector } from '../detectors/detector.ts'
import { detectorByName } from '../detectors/index.ts'
import { ownDetector } from '../detectors/own.ts'
import { DetectorSet, PatternError } from '../detectors/set.ts'
import type { OwnDetector } from './schema/index.ts'

/** What is wrong with a detector of a rule file, and where in it. */
export interface DetectorIssue {
  /** Index into the list of detectors. */
  readonly detector: number
  readonly path: readonly (string | number)[]
  readonly problem: string
}

/** The detectors that rule files define, by name, and what is wrong with others. */
export function compileDetectors(definitions: readonly OwnDetector[]): {
  readonly detectors: ReadonlyMap<string, Detector>
  readonly issues: readonly DetectorIssue[]
} {
  const detectors = new Map<string, Detector>()
  const issues: DetectorIssue[] = []
  for (const [index, definition] of definitions.entries()) {
    const { name } = definition
    if (detectorByName(name) !== undefined) {
      issues.push({ detector: index, path: ['name'], problem: 'the catalogue has a detector of this name' })
    } else if (detectors.has(name)) {
      issues.push({ detector: index, path: ['name'], problem: 'this name is taken' })
    } else {
      const detector = fromDefinition(definition)
      const problem = patternProblem(detector)
      if (problem === undefined) detectors.set(name, detector)
      else issues.push({ detector: index, path: ['pattern', problem.pattern], problem: problem.message })
    }
  }
  return { detectors, issues }
}

function fromDefinition(definition: OwnDetector): Detector {
  const { name, title, description, pattern, validator, alone, near, within, low_entropy: lowEntropy } = definition
  const gate = near === undefined ? undefined : { words: [near].flat(), ...(within === undefined ? {} : { within }) }
  return ownDetector({
    name,
    title: title ?? name,
    finds: description ?? 'What its patterns match.',
    patterns: [pattern].flat(),
    validator,
    alone,
    gate,
    lowEntropy,
  })
}

function patternProblem(detector: Detector): PatternError | undefined {
  try {
    void new DetectorSet([detector])
    return undefined
  } catch (error) {
    if (error instanceof PatternError) return error
    throw error
  }
}
