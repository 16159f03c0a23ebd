import { isCleanPath, isCleanService } from '../../detectors/clean-names.ts'
import { MatchingError } from '../../detectors/set.ts'
import { PathTrie } from '../../rules/path-trie.ts'
import type { Plan, PlanRule } from '../../rules/plan.ts'
import { FieldsealError } from '../errors.ts'
import { Batch, type BatchOptions, newRows } from '../formats/batch.ts'
import { Chunk } from '../formats/chunk.ts'
import { EmbeddingBatch } from '../formats/embedded-json/batch.ts'
import { embeddingFormat } from '../formats/embedded-json/format.ts'
import type { EmbeddedTexts } from '../formats/embedded-json/texts.ts'
import type { Edit, Format } from '../formats/format.ts'
import { type ContentType, type HeaderTemplate, headerTemplate } from '../jwe/envelope.ts'
import type { Recipient } from '../jwe/recipients.ts'
import { recogniseSealed } from '../jwe/sealed-value.ts'
import { Sealer } from '../jwe/sealer.ts'
import { LeakNames } from '../telemetry/leak-names.ts'
import { type LeakCounts, reportLeaks } from '../telemetry/leaks.ts'
import { SEALER_REPORT } from '../telemetry/sealer.ts'
import { Recipients } from './audience.ts'
import { ClaimCollector } from './claims.ts'
import { Decision } from './decide.ts'
import type { DecisionLog } from './decision-log.ts'
import { EmbeddedBodies, withBodies } from './embedded-bodies.ts'
import { type ExplainOptions, type Explanation, ExplanationLog } from './explain.ts'
import { LeakCollector } from './leaks.ts'
import type { Policy } from './policy.ts'
import { refusedPlaces, withoutRefused } from './refused.ts'
import { Results } from './results.ts'
import { Scan } from './scan.ts'
import { MOST_OUTPUT_BYTES, SealingRounds, tooLargeOutput } from './sealing-rounds.ts'

const CHECKED_TEXT = Buffer.from('probe')
const MOST_HEADERS = 10_000
/** A single large batch must not keep its memory: 4 MiB. */
const MOST_KEPT_ROWS = 1 << 20
const LONGEST_KEPT_PATH = 256

export interface SealSettings {
  readonly bodyKeys: readonly string[]
  readonly acceptSealed: readonly string[]
  readonly layout: 'value' | 'record'
  readonly strict: boolean
  readonly epochMaxAgeMs: number
  readonly epochMaxWraps: number
  readonly limits: {
    readonly value: number
    readonly record: number
    readonly batch: number
    readonly depth: number
    readonly paths: number
  }
}

export interface SealedBatch {
  /** The batch with its edits; the very buffer that came in where nothing was edited. */
  readonly bytes: Buffer
  readonly records: number
  /** Values acted on, by id of the rule. */
  readonly values: ReadonlyMap<string, number>
  /** Matches that rules in audit would have acted on, by id of the rule. */
  readonly audited: ReadonlyMap<string, number>
  /** Records that the leak scan has refused: they are not in `bytes`. Undefined where there are none. */
  readonly recordsRefused?: number
  /** What the leak scan has found; undefined where that is nothing, or it is off. */
  readonly leaks?: LeakCounts | undefined
}

/** How a batch is to be read. */
export interface ReadOptions {
  /** `json`: bodies that are JSON objects or arrays in a text are walked as JSON, and written back as texts. */
  readonly parse?: 'json'
}

interface SealOptions extends ReadOptions {
  /** A log of what is decided, for people who write rules. */
  readonly logOf?: (batch: Batch) => DecisionLog
}

/** What reads JSON in bodies: made when it is first asked for. */
interface EmbeddedReading {
  readonly bodies: EmbeddedBodies
  readonly trie: PathTrie
}

/** A sealed batch, and why it became what it is. */
export interface ExplainedBatch extends SealedBatch, Explanation {}

/** Carries out a plan on batches of any format. */
export class RecordSealer {
  readonly #plan: Plan
  readonly #settings: SealSettings
  readonly #trie: PathTrie
  readonly #scan: Scan
  readonly #sealer: Sealer
  readonly #recipients: Recipients
  readonly #policy: Policy
  readonly #leakNames: LeakNames
  #embedded: EmbeddedReading | undefined
  /** Memory that batch after batch uses. */
  #rows = newRows()

  /**
   * @param recipients - by name.
   * @param groups - names of recipients, by the group's name.
   * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` where a rule names a recipient that is not there.
   */
  constructor(
    plan: Plan,
    recipients: ReadonlyMap<string, Recipient>,
    groups: ReadonlyMap<string, readonly string[]>,
    settings: SealSettings,
    sealer?: Sealer,
  ) {
    this.#plan = plan
    this.#settings = settings
    this.#trie = new PathTrie(plan, settings.limits.paths)
    this.#scan = new Scan(plan.detectors)
    this.#sealer =
      sealer ??
      new Sealer({
        strict: settings.strict,
        maxAgeMs: settings.epochMaxAgeMs,
        maxWraps: settings.epochMaxWraps,
        maxValueBytes: settings.limits.value,
        observer: SEALER_REPORT,
      })
    this.#recipients = new Recipients(plan.rules, recipients, groups, this.#sealer)
    this.#policy = this.#makePolicy(recipients)
    this.#leakNames = new LeakNames(
      (service) => !plan.hidesServices && isCleanService(service, plan.detectors),
      (path) => isCleanPath(path, plan.detectors),
    )
  }

  #makePolicy(recipients: ReadonlyMap<string, Recipient>): Policy {
    const headers = new Map<string, HeaderTemplate>()
    return {
      layout: this.#settings.layout,
      knownKids: new Set([...[...recipients.values()].map(({ kid }) => kid), ...this.#settings.acceptSealed]),
      maxValueBytes: this.#settings.limits.value,
      results: new Results(this.#plan),
      header: (cty, path) => cachedHeader(headers, cty, path),
    }
  }

  /**
   * Seals what the rules name.
   *
   * @throws FieldsealError: malformed or oversized input with the number of the record, `FIELDSEAL_DETECTION_FAILED`,
   *   `FIELDSEAL_SEAL_FAILED`, `FIELDSEAL_VALUE_TOO_LARGE`. Nothing of the batch may be passed on then.
   */
  seal(bytes: Buffer, format: Format, options: ReadOptions = {}): SealedBatch {
    return this.#reported(this.#sealBytes(bytes, format, options))
  }

  #sealBytes(bytes: Buffer, format: Format, { parse, logOf }: SealOptions): SealedBatch {
    if (bytes.length > this.#settings.limits.batch)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the batch is over limits.batch')
    const embedded = parse === 'json' ? this.#embeddedTexts(bytes, format) : undefined
    return embedded === undefined
      ? this.#seal(bytes, this.#batch(bytes), format, logOf)
      : this.#seal(bytes, this.#embeddingBatch(embedded), embeddingFormat(format), logOf)
  }

  #seal(bytes: Buffer, batch: Batch, format: Format, logOf?: (batch: Batch) => DecisionLog): SealedBatch {
    guarded(() => batch.gather(format.walk, this.#scan))
    if (!batch.matters && logOf === undefined)
      return { bytes, records: batch.records, values: NOTHING, audited: NOTHING }
    const log = logOf?.(batch)
    const collector = new ClaimCollector(this.#plan, batch, this.#recipients.in(batch), Date.now(), log)
    const claims = guarded(() => {
      batch.trie.beginBatch()
      batch.addRows(format.walk, logOf !== undefined)
      if (batch.rows.length <= MOST_KEPT_ROWS) this.#rows = batch.rows
      return collector.collect(this.#scan)
    })
    const audited = byRuleId(collector.audited)
    if (claims.values.size === 0 && claims.entries.size === 0)
      return { bytes, records: batch.records, values: NOTHING, audited }
    const rounds = new SealingRounds(this.#sealer, this.#settings.limits.value)
    const leaks = new LeakCollector(this.#plan, batch, collector.conditions, this.#leakNames)
    const decision = new Decision(batch, format, claims, rounds, this.#policy, leaks, log)
    const makeEdits = guarded(() => decision.run())
    rounds.run()
    const counts = guarded(() => leaks.finish())
    const edits = makeEdits()
    const done = { values: byRuleId(decision.counts), audited, leaks: counts }
    if (leaks.refused.size > 0) return { ...this.#withoutRefused(batch, format, edits, leaks.refused), ...done }
    const sealed = edits.length === 0 ? bytes : splice(batch, format, edits)
    return { bytes: sealed, records: batch.records, ...done }
  }

  /** What is left when records, resources and scopes are taken out. */
  #withoutRefused(
    batch: Batch,
    format: Format,
    edits: readonly Edit[],
    owners: Iterable<number>,
  ): Pick<SealedBatch, 'bytes' | 'records' | 'recordsRefused'> {
    const places = refusedPlaces(batch, owners)
    if (places === undefined) return { bytes: EMPTY, records: 0, recordsRefused: batch.records }
    const bytes = splice(batch, format, withoutRefused(batch, edits, places))
    // How many records were in what is gone is seen in what is left.
    const left = this.#batch(bytes)
    left.gather(format.walk, { chunk: new Chunk(), take: () => {}, begin: () => {}, skips: () => true })
    return { bytes, records: left.records, recordsRefused: batch.records - left.records }
  }

  /**
   * Seals, and says what was found and why it was acted on or not: for people who write rules.
   *
   * @throws FieldsealError as `seal` does.
   */
  explain(bytes: Buffer, format: Format, options: ExplainOptions = {}): ExplainedBatch {
    let log: ExplanationLog | undefined
    const logOf = (batch: Batch): ExplanationLog => {
      log = new ExplanationLog(this.#plan, batch)
      return log
    }
    const sealed = this.#sealBytes(bytes, format, { logOf })
    return { ...sealed, ...log!.finish(Date.now(), options) }
  }

  /**
   * Matches a text and seals a probe for each set of recipients that a rule names: what a batch may need at any time.
   *
   * @throws FieldsealError as `seal` does.
   */
  check(): void {
    try {
      this.#plan.detectors.find(CHECKED_TEXT, () => true, '')
    } catch {
      throw new FieldsealError('FIELDSEAL_DETECTION_FAILED', 'a pattern could not be matched')
    }
    const header = headerTemplate({ cty: 'text', path: 'body' })
    for (const to of this.#recipients.all()) {
      this.#sealer.seal([{ to, header, plaintext: CHECKED_TEXT, serialization: 'general' }])
    }
  }

  /** What matching alone is measured on: the values of a batch as the detectors get them. */
  chunks(bytes: Buffer, format: Format): Buffer[] {
    const chunk = new Chunk()
    chunk.leavesOutSmallNumbers = this.#scan.chunk.leavesOutSmallNumbers
    const chunks: Buffer[] = []
    const take = () => chunks.push(Buffer.from(chunk.values(0, chunk.count)))
    this.#batch(bytes).gather(format.walk, { chunk, take, begin: () => {}, skips: () => false })
    return chunks
  }

  /** What a batch of this sealer is made with: for those that write their records into memory of their own. */
  batchOptions(): BatchOptions {
    return { ...this.#reading(), trie: this.#trie, rows: newRows() }
  }

  /**
   * Seals what a batch holds that was made elsewhere, with `batchOptions`.
   *
   * @returns the bytes of the batch themselves where nothing was edited.
   * @throws FieldsealError as `seal` does, and `FIELDSEAL_LEAK_REFUSED`: who hands over a record has it still.
   */
  sealBatch(batch: Batch, format: Format): SealedBatch {
    this.#trie.beginBatch()
    const sealed = this.#reported(this.#seal(batch.bytes, batch, format))
    if (sealed.recordsRefused === undefined) return sealed
    throw new FieldsealError('FIELDSEAL_LEAK_REFUSED', 'the leak scan has found something and refuses the record')
  }

  #reported(sealed: SealedBatch): SealedBatch {
    const { records, recordsRefused: refused = 0, leaks } = sealed
    if (this.#plan.leakScan !== undefined) reportLeaks('inline', records + refused, leaks, refused)
    return sealed
  }

  #batch(bytes: Buffer): Batch {
    this.#trie.beginBatch()
    return new Batch(bytes, { ...this.#reading(), trie: this.#trie, rows: this.#rows })
  }

  #reading(): Omit<BatchOptions, 'trie' | 'rows'> {
    const { record, depth } = this.#settings.limits
    return {
      limits: { record, depth },
      bodyKeys: this.#settings.bodyKeys,
      isSealedLine: (line) => recogniseSealed(line, this.#policy.knownKids, this.#policy.maxValueBytes) !== undefined,
    }
  }

  #embeddedTexts(bytes: Buffer, format: Format): EmbeddedTexts | undefined {
    const { paths } = this.#settings.limits
    this.#embedded ??= { bodies: new EmbeddedBodies(paths), trie: new PathTrie(withBodies(this.#plan), paths) }
    return this.#embedded.bodies.find(bytes, format, this.#reading())
  }

  #embeddingBatch(embedded: EmbeddedTexts): Batch {
    const { trie } = this.#embedded!
    trie.beginBatch()
    return new EmbeddingBatch(embedded, { ...this.#reading(), trie, rows: this.#rows })
  }

  /** Drops all keys of the running epochs. */
  close(): void {
    this.#sealer.close()
  }
}

/** Values and keys are matched on the way. What could not be matched is not known to be clean. */
function guarded<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof MatchingError)
      throw new FieldsealError('FIELDSEAL_DETECTION_FAILED', 'a pattern could not be matched')
    throw error
  }
}

const NOTHING: ReadonlyMap<string, number> = new Map()
const EMPTY = Buffer.alloc(0)

/** One rule of a file may have become several. */
function byRuleId(counts: ReadonlyMap<PlanRule, number>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const [{ id }, count] of counts) sums.set(id, (sums.get(id) ?? 0) + count)
  return sums
}

function cachedHeader(headers: Map<string, HeaderTemplate>, cty: ContentType, path: string): HeaderTemplate {
  // Paths come from senders: long ones must not be kept.
  if (path.length > LONGEST_KEPT_PATH) return headerTemplate({ cty, path })
  const key = `${cty} ${path}`
  let header = headers.get(key)
  if (header === undefined) {
    header = headerTemplate({ cty, path })
    if (headers.size < MOST_HEADERS) headers.set(key, header)
  }
  return header
}

function splice(batch: Batch, format: Format, edits: readonly Edit[]): Buffer {
  let size = batch.bytes.length
  for (const edit of edits) size += edit.kind === 'remove' ? 0 : edit.bytes.length
  if (size > MOST_OUTPUT_BYTES) throw tooLargeOutput()
  return format.splice(batch, edits)
}
