import { number, plural } from '../../authoring/counting.ts'
import { onOneLine } from '../../authoring/shown-text.ts'
import { tableLines } from '../../authoring/table.ts'
import type { TallyRow } from '../tally.ts'
import type { ScanReport, ScanResult } from './scan-report.ts'

const LONGEST_PATH = 60

/** For people: what was found, by detector and path, the most frequent first; and what the scan was over. */
export const tableReport: ScanReport = (result, { paint }) => {
  const { tally, stopped } = result
  const rows = sorted(tally.rows, result).map(({ detector, path, count, example }) => [
    detector,
    shortened(onOneLine(path)),
    number(count),
    onOneLine(example),
  ])
  const columns = [
    { title: 'detector' },
    { title: 'path' },
    { title: 'findings', align: 'right' as const },
    { title: 'example, masked' },
  ]
  const lines = [
    ...(rows.length > 0 ? [...tableLines(columns, rows, paint), ''] : []),
    paint(tally.findings > 0 ? 'red' : 'green', summary(result)),
    ...notes(result),
    ...(stopped ? [paint('yellow', 'stopped before the end: what stands here is a part')] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** By detector, in the order of the catalogue; of one, the most frequent first. */
export function sorted(rows: readonly TallyRow[], { detectors }: Pick<ScanResult, 'detectors'>): TallyRow[] {
  const order = new Map(detectors.map(({ name }, index) => [name, index]))
  return rows.toSorted((a, b) => order.get(a.detector)! - order.get(b.detector)! || b.count - a.count)
}

function summary({ tally, files }: ScanResult): string {
  const { records, bytes, findings } = tally
  return `${plural(findings, 'finding')} in ${plural(records, 'record')}, ${plural(files.length, 'input')}, ${plural(bytes, 'byte')}`
}

function notes({ tally: { texts, inPieces } }: ScanResult): string[] {
  return [
    ...(texts > 0 ? [`${plural(texts, 'line')} not readable as a record, scanned as text`] : []),
    ...(inPieces > 0 ? [`${plural(inPieces, 'line')} over limits.record, scanned as texts in overlapping parts`] : []),
  ]
}

function shortened(path: string): string {
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH - 1)}…` : path
}
