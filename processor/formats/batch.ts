import { type PathNode, type PathTrie, TooManyPathsError } from '../../rules/path-trie.ts'
import { NODE } from '../../rules/plan.ts'
import { FieldsealError } from '../errors.ts'
import type { Chunk } from './chunk.ts'

/** How the bytes of a value are to be read. The kinds do not depend on the format. */
export const KIND = {
  /** UTF-8 as it stands. */
  TEXT: 1,
  /** The inside of a JSON string with escapes. */
  ESCAPED: 2,
  /** A number as text. */
  NUMBER: 3,
  /** A protobuf varint, two's complement of 64 bits. */
  VARINT: 4,
  /** An IEEE 754 double, little endian. */
  DOUBLE: 5,
  BOOLEAN: 6,
  BYTES: 7,
  /** Bytes as base64. */
  BASE64: 8,
  MAP: 9,
  ARRAY: 10,
  NULL: 11,
  /** A line of plain text: UTF-8 as it stands, without quotes. */
  LINE: 12,
  /** A double as text: `5` here is not the integer 5. */
  REAL: 13,
  /** An integer of MessagePack, from its header on: of a fixint that is all of it. */
  INTEGER: 14,
  /** An IEEE 754 number of 4 or 8 bytes, big endian. */
  FLOAT: 15,
  /** The content of an extension of MessagePack; its type is the byte before. */
  EXTENSION: 16,
} as const

/** What a row of values consists of: one Int32 each. */
export const FIELD = {
  /** A `KIND`, and from bit 8 on the flags of the node. */
  KIND: 0,
  /** Where the value's bytes start and end: of a text its content, of a container all of it, from the token on. */
  START: 1,
  END: 2,
  NODE: 3,
  OWNER: 4,
  /** Where the replaceable value starts: a JSON token, the tag of a field of an AnyValue. */
  TOKEN: 5,
  /** Where the entry that holds the value starts: a member's key, the tag of the field of a KeyValue or element. */
  ENTRY: 6,
  /** Of a container: the first row that is not in it. */
  AFTER: 7,
} as const

export const ROW = 8

/** Rows of one batch: 2^22 of 32 bytes each are 128 MiB. */
const MOST_ROWS = 1 << 22
const FIRST_ROWS = 1024

/** What values belong to, and where the list of its attributes is. */
export const OWNER_KIND = { RECORD: 0, RESOURCE: 1, SCOPE: 2 } as const

/** A record, resource or scope that has values which matter. */
export interface Owner {
  readonly kind: 0 | 1 | 2
  /** Number of the record in the batch, from 0; of a resource or scope that of its first record. */
  readonly record: number
  /** Of a record: the owners of its resource and scope; -1 where there is none. A scope has a resource, too. */
  readonly resource: number
  readonly scope: number
  /**
   * Content range of the message, or range of the JSON object, that is the owner; -1 where attributes cannot be added
   * to it (a line of plain text).
   */
  start: number
  end: number
  /** Row of the owner's `fieldseal.sealed`, the last that is an array; -1 where it has none. */
  sealedList: number
  /** JSON of OTLP: range of the attributes array; -1 where it is absent. */
  attributesStart: number
  attributesEnd: number
  /**
   * What has to go where the record must not be sent: the field, element, entry or line that is the record, or all that
   * the resource or scope speaks for; -1 where that is the whole batch.
   */
  placeStart: number
  placeEnd: number
}

export interface WalkLimits {
  /** Bytes. */
  readonly record: number
  /** Levels of nesting inside a record. */
  readonly depth: number
}

/** Takes the texts of values, many at a time, while the walk goes on. */
export interface Gathering {
  readonly chunk: Chunk
  /** Called first, with the batch that the values come from. */
  begin(batch: Batch): void
  /** Whether the value in `[start, end)` need not go into the chunk. */
  skips(kind: number, start: number, end: number, node: PathNode): boolean
  /** Called when the chunk is full, and at the end; the chunk is cleared afterwards. */
  take(): void
}

/** Memory for the rows of a batch. */
export function newRows(): Int32Array<ArrayBuffer> {
  return new Int32Array(FIRST_ROWS * ROW)
}

export interface BatchOptions {
  readonly trie: PathTrie
  readonly limits: WalkLimits
  readonly bodyKeys: readonly string[]
  readonly isSealedLine: (line: string) => boolean
  /** Memory for rows, of an earlier batch: taken over, and perhaps replaced by more. */
  readonly rows: Int32Array<ArrayBuffer>
}

/** Nodes that make a record worth rows, whatever the detectors find in it. */
const MARKING = NODE.WHOLE | NODE.KEY

function isOfRecord(node: PathNode): boolean {
  const [root] = node.steps
  return root?.kind === 'key' && (root.key === 'body' || root.key === 'attributes')
}

/**
 * The bytes of one batch, and what walks over them found.
 *
 * A batch is walked up to twice. The first walk gathers the texts of values for the detectors, and marks the records
 * that a rule acts on whatever is found; most batches are done with it. The second one goes only into records that
 * matter, and adds a row for each value in them: rows are in the order of the walk, those in a container follow its
 * own row.
 */
export class Batch {
  readonly bytes: Buffer
  /** The same bytes, for reading several at a time. */
  readonly view: DataView
  readonly trie: PathTrie
  readonly limits: WalkLimits
  /** Names of the keys that may hold the body of a JSON line. */
  readonly bodyKeys: readonly string[]
  /** Whether a whole line is a sealed value: what a line of plain text becomes. */
  readonly isSealedLine: (line: string) => boolean
  /** Records seen, whether or not they have rows. */
  records = 0
  rows: Int32Array<ArrayBuffer>
  count = 0
  readonly owners: Owner[] = []
  #gathering: Gathering | undefined
  #chunk: Chunk | undefined
  /** Offsets of values that make their records matter; in order once the first walk is over. */
  readonly #marks: number[] = []
  #nextMark = 0
  #lastMarked = -1
  #marksAll = false

  constructor(bytes: Buffer, options: BatchOptions) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.trie = options.trie
    this.limits = options.limits
    this.bodyKeys = options.bodyKeys
    this.isSealedLine = options.isSealedLine
    this.rows = options.rows
  }

  /** Bytes of the batch itself: what a walk goes over. */
  get length(): number {
    return this.bytes.length
  }

  /** Where in the batch itself something stands: see `embedded-json/`. */
  placeOf(offset: number): number {
    return offset
  }

  /** What walks over the batch: made for it, unless it is one that is written anew for each record. */
  walkOf<Walk>(make: (batch: Batch) => Walk): Walk {
    return make(this)
  }

  /** Whether the row is of JSON inside of a body that is a text: see `embedded-json/`. */
  isEmbedded(_row: number): boolean {
    return false
  }

  /** The first walk: texts go to `gathering`. */
  gather(walk: (batch: Batch) => void, gathering: Gathering): void {
    this.#gathering = gathering
    this.#chunk = gathering.chunk
    this.#chunk.begin(this.bytes, this.view)
    gathering.begin(this)
    this.records = 0
    this.#walk(walk)
    this.#flush()
    this.#gathering = undefined
    this.#chunk = undefined
  }

  /** The second walk: rows for records that matter, or for all. Resources and scopes are walked in any case. */
  addRows(walk: (batch: Batch) => void, all = false): void {
    this.#marksAll = all
    this.#marks.sort((a, b) => a - b)
    this.#nextMark = 0
    this.records = 0
    this.count = 0
    this.owners.length = 0
    this.#walk(walk)
  }

  /** @throws FieldsealError what the walk throws, and `FIELDSEAL_INPUT_TOO_LARGE` where there are too many paths. */
  #walk(walk: (batch: Batch) => void): void {
    try {
      walk(this)
    } catch (error) {
      if (!(error instanceof TooManyPathsError)) throw error
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', error.message, { record: this.records })
    }
  }

  /** Says that the record with the value at `offset` matters. */
  mark(offset: number): void {
    this.#marks.push(offset)
  }

  /** Whether anything was marked. */
  get matters(): boolean {
    return this.#marks.length > 0
  }

  /** Whether rows are added: the walkers then make owners. */
  get hasRows(): boolean {
    return this.#chunk === undefined
  }

  /** Whether whole numbers below `SMALL_NUMBERS` need not be added: nothing but detectors would look at them. */
  get skipsSmallNumbers(): boolean {
    return this.#chunk?.leavesOutSmallNumbers === true
  }

  /** Whether the walk is to go into the record in `[start, end)`. To be asked in the order of the batch. */
  wantsRecord(start: number, end: number): boolean {
    return this.#chunk !== undefined || this.#marksAll || this.#isMarked(start, end)
  }

  #isMarked(start: number, end: number): boolean {
    const marks = this.#marks
    while (this.#nextMark < marks.length && marks[this.#nextMark]! < start) this.#nextMark += 1
    return this.#nextMark < marks.length && marks[this.#nextMark]! < end
  }

  /** Takes a value: its text to the gathering, or a row, whose index it returns; -1 where there is none. */
  add(kind: number, start: number, end: number, node: PathNode, owner: number, token: number, entry: number): number {
    // Short, as are the functions that are called for each value: V8 takes into a loop what has few instructions.
    if (this.#chunk === undefined) return this.#addRow(kind, start, end, node, owner, token, entry)
    if ((node.flags & MARKING) !== 0) this.#markRecordOf(node, entry)
    if ((node.flags & NODE.SCAN) !== 0) this.#gather(this.#chunk, kind, start, end, node)
    return -1
  }

  #markRecordOf(node: PathNode, entry: number): void {
    if (this.#lastMarked === this.records) return
    // A resource or scope has the number of the record that comes next: its mark must not stand for that one's.
    if (isOfRecord(node)) this.#lastMarked = this.records
    // Of an empty value at the end of a record the start is the record's end.
    this.mark(entry)
  }

  #gather(chunk: Chunk, kind: number, start: number, end: number, node: PathNode): void {
    // Detectors see nothing in a boolean.
    if (kind === KIND.BOOLEAN || this.#gathering!.skips(kind, start, end, node)) return
    chunk.add(kind, start, end, (node.flags & NODE.ANCHORED) !== 0)
    if (chunk.isFull) this.#flush()
  }

  #flush(): void {
    if (this.#chunk!.count > 0) this.#gathering!.take()
    this.#chunk!.clear()
  }

  #addRow(
    kind: number,
    start: number,
    end: number,
    node: PathNode,
    owner: number,
    token: number,
    entry: number,
  ): number {
    const index = this.count
    const at = index * ROW
    if (at + ROW > this.rows.length) this.#grow()
    const rows = this.rows
    rows[at + FIELD.KIND] = kind | (node.flags << 8)
    rows[at + FIELD.START] = start
    rows[at + FIELD.END] = end
    rows[at + FIELD.NODE] = node.id
    rows[at + FIELD.OWNER] = owner
    rows[at + FIELD.TOKEN] = token
    rows[at + FIELD.ENTRY] = entry
    rows[at + FIELD.AFTER] = index + 1
    this.count = index + 1
    return index
  }

  /** The bytes have been written anew: what was found in them before is forgotten. */
  renew(): void {
    if (this.#marks.length > 0) this.#marks.length = 0
    if (this.owners.length > 0) this.owners.length = 0
    this.#lastMarked = -1
    this.#marksAll = false
    this.count = 0
  }

  /** Takes back the owner that was made last, if no row has come to need it: empty records must cost nothing. */
  forgetOwner(index: number, rowsBefore: number): void {
    if (this.count === rowsBefore && this.owners.length === index + 1) this.owners.pop()
  }

  /** Called when a container's last row has been added. */
  closeContainer(row: number, end: number): void {
    this.rows[row * ROW + FIELD.END] = end
    this.rows[row * ROW + FIELD.AFTER] = this.count
  }

  get(row: number, field: number): number {
    return this.rows[row * ROW + field]!
  }

  kind(row: number): number {
    return this.rows[row * ROW]! & 0xff
  }

  flags(row: number): number {
    return this.rows[row * ROW]! >>> 8
  }

  node(row: number): PathNode {
    return this.trie.node(this.get(row, FIELD.NODE))
  }

  #grow(): void {
    if (this.count >= MOST_ROWS)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the batch has more than 4194304 values to look at', {
        record: this.records,
      })
    const rows = new Int32Array(Math.min(this.rows.length * 2, MOST_ROWS * ROW))
    rows.set(this.rows)
    this.rows = rows
  }
}
