import { recorder } from './instruments.ts'

/** Findings of one detector at one path, in the records of one service. Names are bounded and hold nothing in the clear. */
export interface LeakCount {
  readonly detector: string
  readonly path: string
  readonly service: string
  readonly count: number
}

/** What a leak scan has found in one batch. Nothing of a value is in it. */
export interface LeakCounts {
  readonly findings: readonly LeakCount[]
  /** Records with findings, by service. */
  readonly records: ReadonlyMap<string, number>
  /** Values that were sealed because of a finding, by detector. */
  readonly sealed?: ReadonlyMap<string, number>
}

/** Which of the two scans: with the walk that sealing goes by, or by code of its own. */
export type LeakScanName = 'inline' | 'independent'

/**
 * Reports what came of scanning a batch. Never throws.
 *
 * @param scanned - records that were looked at.
 * @param refused - records that were not sent because of what was found.
 */
export function reportLeaks(scan: LeakScanName, scanned: number, leaks: LeakCounts | undefined, refused = 0): void {
  const recording = recorder()
  if (recording === undefined) return
  recording.add('fieldseal.leak.scanned', scanned, { 'fieldseal.leak.scan': scan })
  if (refused > 0) recording.add('fieldseal.leak.refused', refused, {})
  if (leaks === undefined) return
  for (const { detector, path, service, count } of leaks.findings) {
    recording.add('fieldseal.leak.findings', count, {
      'fieldseal.leak.scan': scan,
      'fieldseal.detector': detector,
      'fieldseal.path': path,
      'service.name': service,
    })
  }
  for (const [service, count] of leaks.records)
    recording.add('fieldseal.leak.records', count, { 'fieldseal.leak.scan': scan, 'service.name': service })
  for (const [detector, count] of leaks.sealed ?? [])
    recording.add('fieldseal.leak.sealed', count, { 'fieldseal.detector': detector })
}
