import type { ScanReport } from './scan-report.ts'
import { sorted } from './table.ts'

/** For programs: one JSON object, indented. docs/scan.md has its members. */
export const jsonReport: ScanReport = (result) => {
  const { tally, files, detectors, stopped, fails } = result
  const facts = new Map(detectors.map((detector) => [detector.name, detector]))
  const report = {
    complete: !stopped && files.every(({ problem }) => problem === undefined),
    fails,
    records: tally.records,
    bytes: tally.bytes,
    lines_as_text: tally.texts,
    lines_in_parts: tally.inPieces,
    findings: tally.findings,
    by: sorted(tally.rows, result).map(({ detector, path, count, example }) => {
      const { title, group } = facts.get(detector)!
      return { detector, title, group, path, count, example }
    }),
    inputs: files.map(({ file, format, tally: { records, bytes, findings }, problem }) => ({
      file: file ?? null,
      format: format ?? null,
      records,
      bytes,
      findings,
      ...(problem === undefined ? {} : { problem: { code: problem.code, message: problem.message } }),
    })),
  }
  return `${JSON.stringify(report, null, 2)}\n`
}
