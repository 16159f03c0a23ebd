import type { Subject, Timing } from '../measure.ts'
import type { ProtocolName } from '../service/protocols/index.ts'
import type { MatchPercent } from '../workloads/batch.ts'
import type { WorkloadName } from '../workloads/index.ts'

/** Number of rules; or the first ten detectors, or the default pack with all that are on. */
export type RuleCount = 1 | 20 | 100 | 'ten-detectors' | 'default-pack'

/** Key types of the recipients, by what the key wrapping is done with. */
export type RecipientKeys = 'P-256' | 'X25519' | 'RSA-OAEP-256'

export interface EngineCell {
  readonly kind: 'engine'
  readonly workload: WorkloadName
  readonly rules: RuleCount
  readonly percent: MatchPercent
}

/** The engine with the default pack on texts that are made to cost much. */
export interface AdversarialCell {
  readonly kind: 'adversarial'
  /** Of the batch, about. */
  readonly bytes: number
  /** Of each text. */
  readonly length: number
}

/** `RE2.Set.test` alone, over what the engine gathers from the same batches. */
export interface ScanFloorCell {
  readonly kind: 'scan-floor'
  readonly workload: WorkloadName
  readonly rules: RuleCount
}

/** `fieldseal scan` with all detectors that are on, over W2 as JSON lines. */
export interface ScanCell {
  readonly kind: 'scan'
  readonly percent: MatchPercent
}

/** The engine on W2, and the leak scans beside it. */
export interface LeakScanCell {
  readonly kind: 'leak-scan'
  readonly rules: RuleCount
  readonly percent: MatchPercent
  readonly inline: boolean
  /** Share of the batches that the independent scan looks at. */
  readonly sample: number
}

/** `RE2.Set.test` alone, with the sets of the scan, over what it gathers from the same lines. */
export interface ScanLinesFloorCell {
  readonly kind: 'scan-lines-floor'
  readonly percent: MatchPercent
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

/** The built command as its users run it, over loopback. */
export interface ServiceCell {
  readonly kind: 'service'
  /** In and out: OTLP/HTTP where nothing is said. */
  readonly protocol?: ProtocolName
  readonly workload: WorkloadName
  readonly percent: MatchPercent
  readonly workers: 1 | 2
}

/** The floor of the service: the product's source and sink, and nothing between them. */
export interface ForwarderCell {
  readonly kind: 'forwarder'
  readonly workload: WorkloadName
}

/** More connections and larger bodies than the byte budget of the service lets in, and a slow backend. */
export interface SaturatedCell {
  readonly kind: 'saturated'
  readonly workload: WorkloadName
  readonly percent: MatchPercent
}

/** What one call of a logger costs the thread that calls it. */
export interface EmbeddingCell {
  readonly kind: 'embedding'
  readonly setting:
    | 'pino'
    | 'pino redact'
    | 'pino hook'
    | 'pino hook, one e-mail'
    | 'pino worker, nothing'
    | 'pino worker, sealing'
    | 'winston'
    | 'winston masking'
    | 'winston seal'
}

/** Cells whose subject runs in a process of its own, beside the load. */
export type AnyServiceCell = ServiceCell | ForwarderCell | SaturatedCell

/** Cells whose subject runs in the cell's process. */
export type InProcessCell =
  | EngineCell
  | AdversarialCell
  | ScanFloorCell
  | ScanCell
  | ScanLinesFloorCell
  | LeakScanCell
  | MaskingCell
  | SealerCell
  | JoseCell
  | EmbeddingCell

export type Cell = InProcessCell | AnyServiceCell

export const isServiceCell = (cell: Cell): cell is AnyServiceCell =>
  cell.kind === 'service' || cell.kind === 'forwarder' || cell.kind === 'saturated'

/** What a cell's process prints, as one line of JSON. */
export interface CellResult extends Timing {
  readonly cell: string
  readonly perWork: Subject['perWork']
  readonly problems: readonly string[]
  /** Of load generator and sink together, where a service is measured. */
  readonly generatorCpuSeconds?: number
  /** The most that a process of the service ever had in memory. */
  readonly peakMemoryBytes?: number
  /** Answers 429 and 503. */
  readonly refusals?: number
}

/** The name under which a cell is shown and selected. */
export function cellName(cell: Cell): string {
  switch (cell.kind) {
    case 'engine':
      return `engine ${cell.workload} rules=${cell.rules} match=${cell.percent}%`
    case 'adversarial':
      return `adversarial ${cell.bytes >> 10} KiB, texts of ${cell.length} B`
    case 'scan-floor':
      return `RE2.Set.test ${cell.workload} rules=${cell.rules}`
    case 'scan':
      return `scan W2 lines match=${cell.percent}%`
    case 'leak-scan':
      return `leak scan W2 rules=${cell.rules} match=${cell.percent}%${cell.inline ? ', inline' : ''}${cell.sample > 0 ? `, independent of ${cell.sample}` : ''}`
    case 'scan-lines-floor':
      return `RE2.Set.test W2 lines match=${cell.percent}%`
    case 'masking':
      return `decode+RegExp+mask ${cell.testsFirst ? 'tests first ' : ''}${cell.workload} rules=${cell.rules} match=${cell.percent}%`
    case 'sealer':
      return `sealer ${cell.keys} ${cell.strict ? 'strict ' : ''}batch=${cell.batch}`
    case 'jose':
      return `jose GeneralEncrypt ${cell.keys}`
    case 'embedding':
      return `call of ${cell.setting}`
    case 'service':
      return `service ${cell.protocol === undefined ? '' : `${cell.protocol} `}${cell.workload} match=${cell.percent}%${cell.workers === 1 ? '' : ` workers=${cell.workers}`}`
    case 'forwarder':
      return `service forwarder ${cell.workload}`
    case 'saturated':
      return `service saturated ${cell.workload} match=${cell.percent}%`
  }
}
