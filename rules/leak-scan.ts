import type { Detector } from '../detectors/detector.ts'
import { DEFAULT_DETECTORS, detectorByName } from '../detectors/index.ts'
import type { Action } from './actions/action.ts'
import { reportAction } from './actions/report.ts'
import { sealAction } from './actions/seal.ts'
import { type PathPattern, parsePath } from './path.ts'

/** What becomes of a value that the leak scan finds. */
export type LeakAction = 'report' | 'seal' | 'refuse'

/** The scan for what no rule has acted on: to the engine one more rule, which is weaker than all others and sees everything. */
export interface LeakScan {
  readonly action: LeakAction
  readonly detectors: readonly Detector[]
  /** What is not looked at. */
  readonly ignore: readonly PathPattern[]
}

/** The id of the scan's own rule: no rule of a file can have a colon in its id. */
export const LEAK_RULE_ID = 'fieldseal:leak_scan'

/** A scan as somebody has set it, whose names and paths have been checked: others are left out. */
export interface LeakScanOptions {
  readonly inline: LeakAction
  readonly detectors?: readonly string[] | undefined
  readonly ignore?: readonly string[]
}

/** What is wrong with a scan as somebody has set it, and where. @param own - detectors of rule files, by name. */
export function leakScanProblems(
  { detectors = [], ignore = [] }: LeakScanOptions,
  own: Pick<ReadonlyMap<string, Detector>, 'has'>,
): { readonly path: readonly ['detectors' | 'ignore', number]; readonly name: string; readonly problem: string }[] {
  return [
    ...detectors.flatMap((name, index) =>
      own.has(name) || detectorByName(name) !== undefined
        ? []
        : [{ path: ['detectors', index] as const, name, problem: `no detector is named ${name}` }],
    ),
    ...ignore.flatMap((name, index) => {
      const parsed = parsePath(name)
      return typeof parsed === 'string' ? [{ path: ['ignore', index] as const, name, problem: parsed }] : []
    }),
  ]
}

/** @param own - detectors of rule files, by name. */
export function leakScanOf(
  { inline, detectors, ignore = [] }: LeakScanOptions,
  own: ReadonlyMap<string, Detector>,
): LeakScan {
  return {
    action: inline,
    detectors: leakDetectors(detectors, own),
    ignore: ignore.map(parsePath).filter((path) => typeof path !== 'string'),
  }
}

/** Detectors by their names, or all that count without being named. @param own - of rule files, by name. */
export function leakDetectors(
  names: readonly string[] | undefined,
  own: ReadonlyMap<string, Detector>,
): readonly Detector[] {
  return names?.flatMap((name) => own.get(name) ?? detectorByName(name) ?? []) ?? DEFAULT_DETECTORS
}

/** Sealing is done for the group or recipient of this name. */
const LEAK_RECIPIENTS = 'default'

/** The action, weaker than that of every rule. */
export function leakAction(action: LeakAction): Action {
  if (action !== 'seal') return reportAction()
  return { ...sealAction({ to: LEAK_RECIPIENTS, text: 'span', as: 'string', serialization: 'general' }), rank: 4 }
}
