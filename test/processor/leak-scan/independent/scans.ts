import type { Detector } from '../../../../detectors/detector.ts'
import { DEFAULT_DETECTORS } from '../../../../detectors/index.ts'
import type { LeakReport } from '../../../../processor/leak-scan/independent/report.ts'
import { IndependentScan, type IndependentScanOptions } from '../../../../processor/leak-scan/independent/scan.ts'
import { UNKNOWN_SERVICE } from '../../../../processor/telemetry/leak-names.ts'
import { EVERYONE, KEY_PAIRS } from '../../engine/fixtures.ts'

/** Kids of the keys that the engine of `engineFor` seals for. */
export const KNOWN_KIDS: ReadonlySet<string> = new Set(EVERYONE.map((name) => KEY_PAIRS[name].publicJwk.kid as string))

export function scanFor(
  detectors: readonly Detector[] = DEFAULT_DETECTORS,
  options: Partial<IndependentScanOptions> = {},
): IndependentScan {
  return new IndependentScan({ detectors, ignore: [], knownKids: KNOWN_KIDS, maxValueBytes: 1 << 20, ...options })
}

/** Findings of a report as `detector path service count`, in order. */
export function leaksOf({ leaks }: LeakReport): string[] {
  return [...leaks.values()]
    .map(({ leak: { detector, path, service }, count }) => `${detector} ${path} ${named(service)} ${count}`)
    .sort()
}

/** A service without a name as nothing, as most are here. */
function named(service: string): string {
  return service === UNKNOWN_SERVICE ? '' : service
}

const everything = scanFor()

/** What all detectors find in lines of JSON. */
export function leaksIn(lines: string, options?: { readonly parse?: 'json' }): string[] {
  return leaksOf(everything.scan(Buffer.from(lines), 'json-lines', options))
}
