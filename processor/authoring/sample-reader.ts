import { DetectorSet } from '../../detectors/set.ts'
import { PATH_ROOTS, type PathStep } from '../../rules/path.ts'
import { PathTrie } from '../../rules/path-trie.ts'
import { NODE, type Scope, SEALED_LIST_KEY } from '../../rules/plan.ts'
import { type OwnerName, ownerName, type ValueType, valueTypeOf, wholeTextOf } from '../engine/explain.ts'
import type { SealSettings } from '../engine/seal-records.ts'
import { Batch, FIELD, newRows } from '../formats/batch.ts'
import { FORMATS, type FormatName } from '../formats/index.ts'
import { isContainer } from '../formats/value-text.ts'
import { recogniseSealed } from '../jwe/sealed-value.ts'

/** A value of a sample, as it stands there. */
export interface SampleValue {
  readonly owner: OwnerName
  /** Keys in the clear. */
  readonly path: string
  /** Bytes of the batch, as a match has them. */
  readonly start: number
  readonly end: number
  readonly type: ValueType
  /** Undefined for a map or an array that is empty. */
  readonly text: string | undefined
  /** Whether it is of the list of sealed parts that a record carries. */
  readonly inSealedList: boolean
}

export interface SampleReaderOptions {
  readonly settings: Pick<SealSettings, 'bodyKeys' | 'limits'>
  readonly knownKids: ReadonlySet<string>
  /** Told of each path, maybe more than once, without the values there. */
  readonly onPath?: (steps: readonly PathStep[]) => void
}

/** A record that has been sealed is many times as long as it was. */
const GROWTH = 64

const SEEN: Scope = { flags: NODE.REPORT, whole: [], byDetector: new Map(), whereFields: [] }
const UNSEEN: Scope = { ...SEEN, flags: 0 }

/** Reads the values of batches, before and after they are sealed. */
export class SampleReader {
  readonly #options: SampleReaderOptions
  readonly #trie: PathTrie

  constructor(options: SampleReaderOptions) {
    this.#options = options
    const scopeOf = (steps: readonly PathStep[]): Scope => {
      const [root] = steps
      if (root?.kind !== 'key' || !(PATH_ROOTS as readonly string[]).includes(root.key)) return UNSEEN
      options.onPath?.(steps)
      return SEEN
    }
    this.#trie = new PathTrie({ detectors: new DetectorSet([]), scopeOf }, options.settings.limits.paths)
  }

  /** All values, those of maps and arrays one by one, in the order of the walk. @throws FieldsealError for malformed input. */
  read(bytes: Buffer, format: FormatName): SampleValue[] {
    const batch = this.#walk(bytes, format)
    return Array.from({ length: batch.count }, (_, row) => sampleValue(batch, row))
  }

  /** Goes through a batch for its paths alone. @throws FieldsealError for malformed input. */
  visit(bytes: Buffer, format: FormatName): void {
    this.#walk(bytes, format)
  }

  #walk(bytes: Buffer, format: FormatName): Batch {
    const { settings, knownKids } = this.#options
    const { record, depth, value } = settings.limits
    this.#trie.beginBatch()
    const batch = new Batch(bytes, {
      trie: this.#trie,
      limits: { record: record * GROWTH, depth },
      bodyKeys: settings.bodyKeys,
      rows: newRows(),
      isSealedLine: (line) => recogniseSealed(line, knownKids, value) !== undefined,
    })
    batch.addRows(FORMATS[format].walk, true)
    return batch
  }
}

function sampleValue(batch: Batch, row: number): SampleValue {
  const owner = batch.owners[batch.get(row, FIELD.OWNER)]!
  const node = batch.node(row)
  const kind = batch.kind(row)
  return {
    owner: ownerName(owner),
    path: node.shown,
    start: batch.get(row, FIELD.TOKEN),
    end: batch.get(row, FIELD.END),
    type: valueTypeOf(kind),
    text: isContainer(kind) ? undefined : wholeTextOf(batch, row),
    inSealedList: isSealedList(node.steps),
  }
}

function isSealedList([, step]: readonly PathStep[]): boolean {
  return step?.kind === 'key' && step.key === SEALED_LIST_KEY
}
