import type { Subject, Timing } from '../measure.ts'
import type { MatchPercent } from '../workloads/batch.ts'
import type { WorkloadName } from '../workloads/index.ts'

export type RuleCount = 1 | 20 | 100

/** Key types of the recipients, by what the key wrapping is done with. */
export type RecipientKeys = 'P-256' | 'X25519' | 'RSA-OAEP-256'

export interface EngineCell {
  readonly kind: 'engine'
  readonly workload: WorkloadName
  readonly rules: RuleCount
  readonly percent: MatchPercent
}

/** `RE2.Set.test` alone, over what the engine gathers from the same batches. */
export interface ScanFloorCell {
  readonly kind: 'scan-floor'
  readonly workload: WorkloadName
  readonly rules: RuleCount
}

/** Decode everything, one RegExp per rule on each string, mask, encode. */
export interface MaskingCell {
  readonly kind: 'masking'
  readonly workload: WorkloadName
  readonly rules: RuleCount
  readonly percent: MatchPercent
  /** Each expression is tested on a string before it replaces in it: faster where most strings do not match. */
  readonly testsFirst: boolean
}

export interface SealerCell {
  readonly kind: 'sealer'
  readonly keys: RecipientKeys
  /** Values handed over in one call. */
  readonly batch: number
  /** One key agreement per value and recipient, instead of per epoch. */
  readonly strict: boolean
}

/** jose's GeneralEncrypt, one value awaited after the other. */
export interface JoseCell {
  readonly kind: 'jose'
  readonly keys: RecipientKeys
}

export type Cell = EngineCell | ScanFloorCell | MaskingCell | SealerCell | JoseCell

/** What a cell's process prints, as one line of JSON. */
export interface CellResult extends Timing {
  readonly cell: string
  readonly perWork: Subject['perWork']
  readonly problems: readonly string[]
}

/** The name under which a cell is shown and selected. */
export function cellName(cell: Cell): string {
  switch (cell.kind) {
    case 'engine':
      return `engine ${cell.workload} rules=${cell.rules} match=${cell.percent}%`
    case 'scan-floor':
      return `RE2.Set.test ${cell.workload} rules=${cell.rules}`
    case 'masking':
      return `decode+RegExp+mask ${cell.testsFirst ? 'tests first ' : ''}${cell.workload} rules=${cell.rules} match=${cell.percent}%`
    case 'sealer':
      return `sealer ${cell.keys} ${cell.strict ? 'strict ' : ''}batch=${cell.batch}`
    case 'jose':
      return `jose GeneralEncrypt ${cell.keys}`
  }
}
