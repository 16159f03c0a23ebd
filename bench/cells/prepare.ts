import type { Subject } from '../measure.ts'
import { prepareAdversarial } from './adversarial.ts'
import type { InProcessCell } from './cell.ts'
import { prepareEmbedding } from './embedding.ts'
import { prepareEngine } from './engine.ts'
import { prepareJoseSealing } from './jose-sealing.ts'
import { prepareLeakScan } from './leak-scan.ts'
import { prepareMasking } from './masking.ts'
import { prepareScan, prepareScanLinesFloor } from './scan.ts'
import { prepareScanFloor } from './scan-floor.ts'
import { prepareSealer } from './sealer.ts'

/** Makes everything that a cell needs before its clock runs. */
export async function prepare(cell: InProcessCell): Promise<Subject> {
  switch (cell.kind) {
    case 'engine':
      return prepareEngine(cell)
    case 'adversarial':
      return prepareAdversarial(cell)
    case 'scan-floor':
      return prepareScanFloor(cell)
    case 'scan':
      return prepareScan(cell)
    case 'leak-scan':
      return prepareLeakScan(cell)
    case 'scan-lines-floor':
      return prepareScanLinesFloor(cell)
    case 'masking':
      return prepareMasking(cell)
    case 'sealer':
      return prepareSealer(cell)
    case 'embedding':
      return prepareEmbedding(cell)
    case 'jose':
      return prepareJoseSealing(cell)
  }
}
