import type { Detector } from '../../../../detectors/detector.ts'
import type { LeakReport } from '../../../../processor/leak-scan/independent/report.ts'
import {
  IndependentScan,
  type IndependentScanOptions,
  LEAK_DETECTORS,
} from '../../../../processor/leak-scan/independent/scan.ts'
import { EVERYONE, KEY_PAIRS } from '../../engine/fixtures.ts'

/** Kids of the keys that the engine of `engineFor` seals for. */
export const KNOWN_KIDS: ReadonlySet<string> = new Set(EVERYONE.map((name) => KEY_PAIRS[name].publicJwk.kid as string))

export function scanFor(
  detectors: readonly Detector[] = LEAK_DETECTORS,
  options: Partial<IndependentScanOptions> = {},
): IndependentScan {
  return new IndependentScan({ detectors, ignore: [], knownKids: KNOWN_KIDS, maxValueBytes: 1 << 20, ...options })
}

/** Findings of a report as `detector path service count`, in order. */
export function leaksOf({ leaks }: LeakReport): string[] {
  return [...leaks.values()]
    .map(({ leak: { detector, path, service }, count }) => `${detector} ${path} ${service} ${count}`)
    .sort()
}

const everything = scanFor()

/** What all detectors find in lines of JSON. */
export function leaksIn(lines: string, options?: { readonly parse?: 'json' }): string[] {
  return leaksOf(everything.scan(Buffer.from(lines), 'json-lines', options))
}
