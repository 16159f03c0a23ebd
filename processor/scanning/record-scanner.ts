import type { Span } from '../../detectors/detector.ts'
import { type DetectorSet, MatchingError } from '../../detectors/set.ts'
import { PathTrie } from '../../rules/path-trie.ts'
import { NODE } from '../../rules/plan.ts'
import { Scan } from '../engine/scan.ts'
import { FieldsealError } from '../errors.ts'
import { Batch, type BatchOptions, FIELD, KIND, newRows } from '../formats/batch.ts'
import type { Format } from '../formats/format.ts'
import { contentOf, isContainer, isTextual, textOf } from '../formats/value-text.ts'
import { recogniseSealed } from '../jwe/sealed-value.ts'
import { OwnOutput } from './own-output.ts'
import type { ScanPlan } from './scan-plan.ts'
import { ShownPaths } from './shown-paths.ts'

/** Something that a detector found in a batch. */
export interface Found {
  /** The detector's name. */
  readonly detector: string
  /** Keys in which something is found as `*`. */
  readonly path: string
  /** Whether it was found in the name of the field. */
  readonly onKey: boolean
  /** Where the value starts that it was found in, in the batch; of a line of text, also where the text starts. */
  readonly at: number
  /** Within the value's text, in bytes. */
  readonly span: Span
  /** In the clear: to be masked, and never to be kept. */
  readonly text: () => string
}

export interface ScanLimits {
  /** Bytes of a record. */
  readonly record: number
  /** Levels of nesting. */
  readonly depth: number
  /** Paths that are remembered. */
  readonly paths: number
  /** Bytes of a value that is sealed. */
  readonly value: number
}

export interface RecordScannerOptions {
  readonly limits: ScanLimits
  readonly bodyKeys: readonly string[]
  /** Key ids whose sealed values are none of the findings. */
  readonly knownKids: ReadonlySet<string>
  /** What keys are looked through for before a path is shown, where the plan does not look for all of it. */
  readonly masked?: DetectorSet | undefined
}

/** A single large batch must not keep its memory: 4 MiB. */
const MOST_KEPT_ROWS = 1 << 20

/** Finds what is in the clear in batches of any format, by the walks and the prefilter of the engine. */
export class RecordScanner {
  readonly #scan: Scan
  readonly #trie: PathTrie
  readonly #names: readonly string[]
  readonly #own: OwnOutput
  readonly #paths: ShownPaths
  readonly #options: Omit<BatchOptions, 'rows'>
  #rows = newRows()

  constructor(plan: ScanPlan, { limits, bodyKeys, knownKids, masked }: RecordScannerOptions) {
    this.#scan = new Scan(plan.detectors)
    this.#trie = new PathTrie(plan, limits.paths)
    this.#names = plan.names
    this.#paths = new ShownPaths(masked)
    this.#own = new OwnOutput(knownKids, limits.value)
    this.#options = {
      trie: this.#trie,
      limits,
      bodyKeys,
      isSealedLine: (line) => recogniseSealed(line, knownKids, limits.value) !== undefined,
    }
  }

  /**
   * Everything that is found in a batch.
   *
   * @param found - is called once all of the batch has been walked over: never for a batch that is refused.
   * @returns how many records there are.
   * @throws FieldsealError for malformed or oversized input, with its place; `FIELDSEAL_DETECTION_FAILED`.
   */
  scan(bytes: Buffer, format: Format, found: (finding: Found) => void): number {
    try {
      this.#trie.beginBatch()
      const batch = new Batch(bytes, { ...this.#options, rows: this.#rows })
      batch.gather(format.walk, this.#scan)
      const { records } = batch
      if (batch.matters) {
        this.#trie.beginBatch()
        batch.addRows(format.walk)
        if (batch.rows.length <= MOST_KEPT_ROWS) this.#rows = batch.rows
        this.#inRows(batch, found)
      }
      return records
    } catch (error) {
      if (!(error instanceof MatchingError)) throw error
      throw new FieldsealError('FIELDSEAL_DETECTION_FAILED', 'a pattern could not be matched')
    }
  }

  #inRows(batch: Batch, found: (finding: Found) => void): void {
    let lastEntry = -1
    for (let row = 0; row < batch.count; row += 1) {
      const flags = batch.flags(row)
      if ((flags & NODE.KEY) !== 0 && batch.get(row, FIELD.ENTRY) !== lastEntry) {
        lastEntry = batch.get(row, FIELD.ENTRY)
        this.#inKey(batch, row, found)
      }
      if (!isContainer(batch.kind(row))) this.#inValue(batch, row, flags, found)
    }
  }

  #inKey(batch: Batch, row: number, found: (finding: Found) => void): void {
    const node = batch.node(row)
    const bytes = Buffer.from(node.key)
    if (this.#own.isSealedKey(node.key)) return
    for (const index of new Set(node.keyRules.map(({ detector }) => detector))) {
      found({
        detector: this.#names[index]!,
        path: this.#paths.of(node),
        onKey: true,
        at: batch.get(row, FIELD.ENTRY),
        span: { start: 0, end: bytes.length },
        text: () => node.key,
      })
    }
  }

  #inValue(batch: Batch, row: number, flags: number, found: (finding: Found) => void): void {
    const findings = this.#scan.findingsIn(row)
    const isWhole = (flags & NODE.WHOLE) !== 0 && !isEmpty(batch, row)
    if (findings.length === 0 && !isWhole) return
    const content = isTextual(batch.kind(row)) ? textOf(batch, row) : undefined
    if (content !== undefined && this.#own.isSealed(content)) return
    const node = batch.node(row)
    const path = this.#paths.of(node)
    const at = batch.get(row, FIELD.START)
    const own = content === undefined ? [] : this.#own.spansIn(content)
    for (const { detector, start, end } of findings) {
      if (own.length > 0 && this.#own.covers(own, { start, end }, this.#names[detector]!)) continue
      const text = () => textAt(batch, row, start, end)
      found({ detector: this.#names[detector]!, path, onKey: false, at, span: { start, end }, text })
    }
    if (!isWhole || (content !== undefined && this.#own.isAll(content, own))) return
    const text = () => contentOf(batch, row).toString('utf8')
    const span = { start: 0, end: content?.length ?? 0 }
    for (const { kind } of node.scope.whole) found({ detector: kind, path, onKey: false, at, span, text })
  }
}

/** A null and a text of nothing hold nothing. */
function isEmpty(batch: Batch, row: number): boolean {
  return batch.kind(row) === KIND.NULL || batch.get(row, FIELD.START) === batch.get(row, FIELD.END)
}

/** The part in which something was found; of what is not UTF-8 it was found in the replacement text. */
function textAt(batch: Batch, row: number, start: number, end: number): string {
  return Buffer.from(textOf(batch, row).toString('utf8')).toString('utf8', start, end)
}
