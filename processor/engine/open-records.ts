import { DetectorSet } from '../../detectors/set.ts'
import { showPath } from '../../rules/path.ts'
import { type PathNode, PathTrie } from '../../rules/path-trie.ts'
import { NODE, type PathPlan, type Scope } from '../../rules/plan.ts'
import { FieldsealError } from '../errors.ts'
import { Batch, type BatchOptions, FIELD, KIND, newRows } from '../formats/batch.ts'
import { EmbeddingBatch } from '../formats/embedded-json/batch.ts'
import { embeddingFormat } from '../formats/embedded-json/format.ts'
import type { EmbeddedTexts } from '../formats/embedded-json/texts.ts'
import { marksOf, NO_MARKS } from '../formats/extended-json.ts'
import type { Edit, Format, TextPart, TypedValue } from '../formats/format.ts'
import { isTextual, textOf } from '../formats/value-text.ts'
import { boundedPath } from '../jwe/envelope.ts'
import type { Opened, Opener } from '../jwe/opener.ts'
import { COMPACT_PREFIX, GENERAL_PREFIX } from '../jwe/sealed-value.ts'
import { EmbeddedBodies } from './embedded-bodies.ts'
import { entryDepth, isJsonWithin, jsonDepth } from './json-depth.ts'
import { type OpenedPart, type OpenedParts, PartLedger, readParts } from './opened-parts.ts'
import { entryValueStart, isJson, typedValue } from './opened-value.ts'
import { PLACEHOLDER } from './parts.ts'
import type { SealSettings } from './seal-records.ts'

/** Sealed values inside of sealed values: as many rules as may have sealed around each other. */
const MOST_PASSES = 8

/**
 * Bytes of parts that are put into the texts of one record. A text may refer to a part as often as it likes, so that
 * whoever alters a record could make it a thousand times as long.
 */
const MOST_PART_BYTES = 64 * 1024 * 1024

export interface OpenedBatch {
  readonly bytes: Buffer
  readonly records: number
  readonly opened: number
  /** Sealed values that stay: for other recipients, or altered. */
  readonly unopened: number
  /** Opened values that were found at another path than they were sealed at. */
  readonly moved: number
}

const SEEN: Scope = { flags: NODE.REPORT, whole: [], byDetector: new Map(), whereFields: [] }
const UNSEEN: Scope = { ...SEEN, flags: 0 }

/** To the opener every text is worth a look. */
const everyText: PathPlan = {
  detectors: new DetectorSet([]),
  scopeOf: ([root]) =>
    root?.kind === 'key' && ['body', 'attributes', 'resource', 'scope'].includes(root.key) ? SEEN : UNSEEN,
}

function looksSealed(text: Buffer): boolean {
  if (text[0] === 0x7b) return text.toString('latin1', 0, GENERAL_PREFIX.length) === GENERAL_PREFIX
  if (text[0] !== 0x65 || text.toString('latin1', 0, COMPACT_PREFIX.length) !== COMPACT_PREFIX) return false
  return /^[\w-]+\.[\w-]+\.[\w-]+\.[\w-]*\.[\w-]+$/.test(text.toString('latin1'))
}

/** Whether JSON in a body may hold something sealed; else it need not be walked. */
function mayHoldSealed(text: Buffer): boolean {
  return text.includes('[sealed:') || text.includes('\\"protected') || text.includes(`"${COMPACT_PREFIX}`)
}

export interface OpenSettings extends Pick<SealSettings, 'bodyKeys' | 'limits'> {
  /** Called before each pass over a batch: what the opener has refused in the passes before is tried again. */
  readonly onPass?: () => void
  /** Called for each value that is back in its place, with the `kid` of the key that opened it. */
  readonly onOpened?: (kid: string) => void
}

/** Gives the values of sealed records back, as far as the keys at hand can open them. */
export class RecordOpener {
  readonly #opener: Opener
  readonly #settings: OpenSettings
  readonly #trie: PathTrie
  readonly #bodies: EmbeddedBodies

  constructor(opener: Opener, settings: OpenSettings) {
    this.#bodies = new EmbeddedBodies(settings.limits.paths)
    this.#opener = opener
    this.#settings = settings
    this.#trie = new PathTrie(everyText, settings.limits.paths)
  }

  /** @throws FieldsealError for malformed input, with the number of the record. What cannot be opened is no error. */
  open(bytes: Buffer, format: Format): OpenedBatch {
    const ledger = new PartLedger()
    let total = 0
    let moved = 0
    let current = bytes
    // JSON in bodies first: what is sealed in there is to be written back with the escapes of a string in a string.
    // What is too deep was not sealed as JSON, and can be opened as the text that it is.
    const isWanted = (text: Buffer): boolean => mayHoldSealed(text) && isJsonWithin(text, this.#settings.limits.depth)
    let inBodies = true
    let unopenedInBodies = 0
    for (let pass = 0; ; pass += 1) {
      this.#settings.onPass?.()
      const embedded = inBodies ? this.#bodies.find(current, format, this.#reading(), isWanted) : undefined
      inBodies = embedded !== undefined
      const reading = embedded === undefined ? format : embeddingFormat(format)
      const opening = new Opening(
        this.#walk(current, format, embedded),
        reading,
        this.#opener,
        ledger,
        this.#settings.onOpened,
      )
      const edits = pass < MOST_PASSES ? opening.run() : []
      total += opening.opened
      moved += opening.moved
      if (edits.length > 0) {
        current = reading.splice(opening.batch, edits)
        inBodies = true
      } else if (inBodies) {
        // What is left stands in texts as they are, if anywhere: in a key of the JSON, say.
        inBodies = false
        unopenedInBodies = opening.unopened
      } else {
        const unopened = Math.max(unopenedInBodies, opening.unopened)
        return { bytes: current, records: opening.batch.records, opened: total, unopened, moved }
      }
    }
  }

  #reading(): Omit<BatchOptions, 'trie' | 'rows'> {
    const { record, depth } = this.#settings.limits
    return {
      // What was sealed is many times as long as what it holds.
      limits: { record: record * 64, depth },
      bodyKeys: this.#settings.bodyKeys,
      isSealedLine: (line) => looksSealed(Buffer.from(line, 'latin1')),
    }
  }

  #walk(bytes: Buffer, format: Format, embedded: EmbeddedTexts | undefined): Batch {
    this.#trie.beginBatch()
    const options = { ...this.#reading(), trie: this.#trie, rows: newRows() }
    const batch = embedded === undefined ? new Batch(bytes, options) : new EmbeddingBatch(embedded, options)
    batch.addRows(format.walk, true)
    return batch
  }
}

/** One pass over one batch. */
class Opening {
  readonly batch: Batch
  readonly #format: Format
  readonly #opener: Opener
  readonly #ledger: PartLedger
  readonly #onOpened: ((kid: string) => void) | undefined
  readonly #partsByOwner = new Map<number, Map<string, OpenedParts>>()
  /** Rows of elements that hold parts, and of those that cannot be opened. */
  readonly #doneInLists = new Set<number>()
  /** Bytes of parts in the record that is being opened, and its number. */
  #partBytes = 0
  #partRecord = -1
  opened = 0
  unopened = 0
  moved = 0

  constructor(batch: Batch, format: Format, opener: Opener, ledger: PartLedger, onOpened?: (kid: string) => void) {
    this.batch = batch
    this.#format = format
    this.#opener = opener
    this.#ledger = ledger
    this.#onOpened = onOpened
  }

  run(): Edit[] {
    const { batch } = this
    const edits: Edit[] = []
    const lists = new Set<number>()
    for (const [owner, { sealedList }] of batch.owners.entries()) {
      if (sealedList < 0 || batch.kind(sealedList) !== KIND.ARRAY) continue
      lists.add(owner)
      this.#openList(owner, sealedList)
    }
    for (let row = 0; row < batch.count; row += 1) {
      // What else somebody put into the list is a text like any other. A text that is read as JSON has no flags.
      if (!isTextual(batch.kind(row)) || batch.flags(row) === 0 || this.#doneInLists.has(row)) continue
      for (const edit of this.#text(row)) edits.push(edit)
    }
    return edits.concat([...lists].flatMap((owner) => this.#shrinkList(owner)))
  }

  #tryOpen(text: Buffer): Opened | undefined {
    try {
      return this.#opener.open(text.toString('latin1'))
    } catch {
      // One error for every failure: it stays sealed.
      this.unopened += 1
      return undefined
    }
  }

  #openList(owner: number, list: number): void {
    const { batch } = this
    const byId = new Map<string, OpenedParts>()
    this.#partsByOwner.set(owner, byId)
    for (let row = list + 1; row < batch.get(list, FIELD.AFTER); row += 1) {
      if (!isTextual(batch.kind(row))) continue
      const text = textOf(batch, row)
      if (!looksSealed(text)) continue
      const opened = this.#tryOpen(text)
      const parts = opened === undefined ? undefined : readParts(row, text, opened)
      if (opened === undefined || parts !== undefined) this.#doneInLists.add(row)
      if (parts !== undefined) byId.set(parts.id, parts)
    }
  }

  #text(row: number): Edit[] {
    const content = textOf(this.batch, row)
    if (looksSealed(content)) return this.#whole(row, content)
    return content.includes('[sealed:') ? this.#placeholders(row, content) : []
  }

  #whole(row: number, content: Buffer): Edit[] {
    const opened = this.#tryOpen(content)
    if (opened === undefined || opened.header.cty === 'fieldseal-parts+json') return []
    const edit = this.#wholeEdit(row, opened)
    if (edit === undefined) {
      this.unopened += 1
      return []
    }
    this.opened += 1
    this.#onOpened?.(opened.kid)
    return [edit]
  }

  #wholeEdit(row: number, { header, plaintext }: Opened): Edit | undefined {
    const { batch } = this
    const format = this.#format
    const { cty } = header
    if (cty === 'entry+json' || cty === 'otlp-entry+json') {
      // Somebody may have put it where there are no entries: into a body or an array.
      const valueStart = isMember(batch.node(row)) ? entryValueStart(plaintext) : undefined
      const extended = cty === 'otlp-entry+json'
      if (valueStart === undefined) return undefined
      if (!this.#isShallow(row, entryDepth(plaintext, valueStart, this.#marks(row, extended)))) return undefined
      const bytes = format.restoreEntry(batch, row, { bytes: plaintext, extended })
      return { kind: 'replace', at: batch.get(row, FIELD.ENTRY), end: format.entryEnd(batch, row), bytes }
    }
    const value = typedValue(cty, plaintext)
    if (value === undefined || !this.#fits(row, value)) return undefined
    return this.#valueEdit(row, value, header.path)
  }

  /** Whether the batch is sound with the value in the place of the row: anybody can have sealed it. */
  #fits(row: number, value: TypedValue): boolean {
    if (this.batch.kind(row) === KIND.LINE) return value.type === 'text' && this.#isLine(Buffer.from(value.bytes))
    return value.type !== 'json' || this.#isShallow(row, jsonDepth(value.bytes, 0, this.#marks(row, value.extended)))
  }

  /** One line of text; among JSON lines, what begins like an object must be one. */
  #isLine(text: Buffer): boolean {
    if (text.includes(0x0a)) return false
    return (
      this.#format.name !== 'json-lines' ||
      !/^(?:\xef\xbb\xbf)?[ \t\r]*\{/.test(text.toString('latin1')) ||
      isJson(text)
    )
  }

  #marks(row: number, extended: boolean): ReadonlySet<string> {
    return extended && !this.batch.isEmbedded(row) ? marksOf(this.#format.name) : NO_MARKS
  }

  /** Whether a value of so many levels is no deeper than a record may be, the row's own depth counted. */
  #isShallow(row: number, levels: number): boolean {
    const { steps } = this.batch.node(row)
    const [root] = steps
    const above = steps.length - (root?.kind === 'key' && root.key === 'body' ? 1 : 2)
    return above + levels <= this.batch.limits.depth
  }

  #valueEdit(row: number, value: TypedValue, path: string | undefined): Edit {
    const { batch } = this
    const format = this.#format
    const sibling = this.#siblingKey(row, path)
    if (sibling !== undefined) {
      const bytes = format.encodeEntry(batch, row, Buffer.from(sibling), value)
      return { kind: 'replace', at: batch.get(row, FIELD.ENTRY), end: format.entryEnd(batch, row), bytes }
    }
    if (path !== undefined && !pathAgrees(path, batch.node(row).shown)) this.moved += 1
    return {
      kind: 'replace',
      at: batch.get(row, FIELD.TOKEN),
      end: format.tokenEnd(batch, row),
      bytes: format.encodeValue(batch, row, value),
    }
  }

  /** The key under which a value was that now stands under `<key>.sealed`. */
  #siblingKey(row: number, path: string | undefined): string | undefined {
    const { steps } = this.batch.node(row)
    const last = steps.at(-1)
    if (path === undefined || last?.kind !== 'key' || steps.length < 2 || !last.key.endsWith('.sealed'))
      return undefined
    const key = last.key.slice(0, -'.sealed'.length)
    return pathAgrees(path, showPath([...steps.slice(0, -1), { kind: 'key', key }])) ? key : undefined
  }

  #placeholders(row: number, content: Buffer): Edit[] {
    const { batch } = this
    const owner = batch.get(row, FIELD.OWNER)
    const byId = this.#partsByOwner.get(owner)
    if (byId === undefined || byId.size === 0) return []
    const parts: TextPart[] = []
    for (const match of content.toString('latin1').matchAll(PLACEHOLDER)) {
      const [placeholder, , id, number] = match
      const from = byId.get(id!)
      const part = from?.parts.get(Number(number))
      if (from === undefined || part === undefined) continue
      const start = match.index
      const end = start + placeholder.length
      if (part.type !== 'text') {
        if (start !== 0 || end !== content.length || !this.#fits(row, part.value)) continue
        this.#used(owner, from, Number(number), part)
        return [this.#valueEdit(row, part.value, part.path)]
      }
      this.#used(owner, from, Number(number), part)
      // Sealed before anybody knew that the text is JSON: it has the escapes of that text.
      const escaped = batch.isEmbedded(row) && part.path === 'body'
      parts.push({ start, end, bytes: part.value.bytes, escaped })
      if (start === 0 && end === content.length && this.#siblingKey(row, part.path) !== undefined)
        return [this.#valueEdit(row, part.value, part.path)]
    }
    return parts.length === 0 ? [] : this.#format.replaceParts(batch, row, parts)
  }

  #used(owner: number, { id, kid }: OpenedParts, number: number, part: OpenedPart): void {
    this.opened += 1
    this.#onOpened?.(kid)
    this.#ledger.use(this.#ownerName(owner), id, number)
    const { record } = this.batch.owners[owner]!
    if (record !== this.#partRecord) this.#partBytes = 0
    this.#partRecord = record
    this.#partBytes += part.size
    if (this.#partBytes > MOST_PART_BYTES)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the parts that the record refers to are over 64 MiB', {
        record,
      })
  }

  /** Owners have the same kind and number in every pass. */
  #ownerName(index: number): string {
    const { kind, record } = this.batch.owners[index]!
    return `${kind}:${record}`
  }

  /** Takes JWEs away whose parts are all back in their places. */
  #shrinkList(owner: number): Edit[] {
    const { batch } = this
    const list = batch.owners[owner]!.sealedList
    const byId = [...this.#partsByOwner.get(owner)!.values()]
    const done = byId.filter(({ id, parts }) => this.#ledger.isComplete(this.#ownerName(owner), id, parts.size))
    if (done.length === 0) return []
    if (done.length === batch.get(list, FIELD.AFTER) - list - 1) return [this.#format.removeAttribute(batch, list)]
    return done.map(({ row }) => ({
      kind: 'remove',
      at: batch.get(row, FIELD.ENTRY),
      end: this.#format.entryEnd(batch, row),
    }))
  }
}

function isMember({ steps }: PathNode): boolean {
  return steps.length > 1 && steps.at(-1)!.kind === 'key'
}

/** Whether a value was sealed where it is found: `*` stands for a key that was not to be shown. */
function pathAgrees(sealedAt: string, foundAt: string): boolean {
  if (sealedAt === boundedPath(foundAt)) return true
  const [first, ...rest] = sealedAt.split(/(?:^|\.)\*/)
  const last = rest.pop()
  if (last === undefined || !foundAt.startsWith(first!)) return false
  // Each `*` is at least one character. The leftmost place for each text between two of them is as good as any: both
  // paths come from senders, so that trying all places would be theirs to exploit.
  let position = first!.length
  for (const text of rest) {
    const at = foundAt.indexOf(text, position + 1)
    if (at <= position) return false
    position = at + text.length
  }
  return foundAt.length - last.length > position && foundAt.endsWith(last)
}
