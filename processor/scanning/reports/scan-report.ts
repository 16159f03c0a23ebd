import type { Detector } from '../../../detectors/detector.ts'
import type { Paint } from '../../authoring/paint.ts'
import type { Occurrence } from '../occurrences.ts'
import type { ScannedFile } from '../scan-run.ts'
import type { Tally } from '../tally.ts'

/** Everything that a scan has to tell. */
export interface ScanResult {
  readonly files: readonly ScannedFile[]
  /** Of all files. */
  readonly tally: Tally
  /** Those that were run, in the order of the catalogue. */
  readonly detectors: readonly Detector[]
  /** Places of findings, where they were asked for, and how many more there are. */
  readonly occurrences: readonly Occurrence[]
  readonly leftOut: number
  /** Whether it was stopped before the end. */
  readonly stopped: boolean
  /** Whether something was found that is to fail. */
  readonly fails: boolean
}

export interface ScanReportOptions {
  readonly paint: Paint
  readonly version: string
}

/** One form in which a scan is told; ends with a line feed. */
export type ScanReport = (result: ScanResult, options: ScanReportOptions) => string
