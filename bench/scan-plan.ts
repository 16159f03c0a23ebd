import type { ScanCell, ScanLinesFloorCell } from './cells/cell.ts'
import type { Figure, Group } from './plan.ts'
import type { MatchPercent } from './workloads/batch.ts'

const scan = (percent: MatchPercent): ScanCell => ({ kind: 'scan', percent })
const floor = (percent: MatchPercent): ScanLinesFloorCell => ({ kind: 'scan-lines-floor', percent })

/** `fieldseal scan` over JSON lines, without reading files. */
export const SCAN_GROUPS: readonly Group[] = [
  {
    title: 'The scan over W2 as JSON lines, all detectors, against RE2 alone',
    cells: [floor(5), scan(5), floor(0), scan(0)],
    figures: true,
  },
]

const overFloor = (percent: MatchPercent, target?: number): Figure => ({
  name: `scan.w2.match${percent}.bytes_over_re2_set`,
  rate: 'bytesPerCpuSecond',
  of: scan(percent),
  over: floor(percent),
  ...(target === undefined ? {} : { target }),
  sense: '>=',
})

export const SCAN_FIGURES: readonly Figure[] = [overFloor(5, 0.6), overFloor(0)]
