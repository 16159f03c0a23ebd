import { isUtf8 } from 'node:buffer'
import type { Span } from '../../detectors/detector.ts'
import type { SealingAction } from '../../rules/actions/action.ts'
import { MASK } from '../../rules/actions/mask.ts'
import type { PathNode } from '../../rules/path-trie.ts'
import { NODE, type PlanRule } from '../../rules/plan.ts'
import { type Batch, FIELD, KIND } from '../formats/batch.ts'
import type { Edit, Format, TextPart } from '../formats/format.ts'
import { contentOf, isContainer, isTextual, textOf } from '../formats/value-text.ts'
import { boundedPath, type ContentType, type HeaderTemplate } from '../jwe/envelope.ts'
import { type RecognisedValue, recogniseSealed } from '../jwe/sealed-value.ts'
import type { RecipientSet } from '../jwe/sealer.ts'
import { type Claim, type Claims, matchedOf, precedes } from './claims.ts'
import { editsOf, merge, NOTHING, type Outcome } from './outcome.ts'
import { type Part, PartsByOwner, PLACEHOLDER } from './parts.ts'
import { type Piece, shareOut, strongest, subtract } from './pieces.ts'
import type { Results } from './results.ts'
import { SealedLists } from './sealed-lists.ts'
import { type SealingRounds, Slot } from './sealing-rounds.ts'
import { scalarText, sourceWithoutUtf8 } from './source-text.ts'

/** What decisions need to know of the configuration. */
export interface Policy {
  recipientsOf(rule: PlanRule): RecipientSet
  readonly layout: 'value' | 'record'
  header(cty: ContentType, path: string): HeaderTemplate
  /** Key ids whose sealed values pass. */
  readonly knownKids: ReadonlySet<string>
  readonly maxValueBytes: number
  /** What earlier stages have left in texts. */
  readonly results: Results
}

/**
 * Decides what becomes of the values of one batch, and puts what is to be sealed into the sealing rounds.
 *
 * A rule that takes a whole value or container has what stronger rules leave of it: their edits inside are made first,
 * and what comes out is sealed. So a card code that is dropped is not in the sealed map around it, and a part that is
 * sealed for others stays sealed for them inside.
 */
export class Decision {
  readonly #batch: Batch
  readonly #format: Format
  readonly #claims: Claims
  readonly #rounds: SealingRounds
  readonly #parts: PartsByOwner
  readonly #policy: Policy
  /** Rows with claims, in order. */
  readonly #rows: readonly number[]
  readonly #lists: SealedLists
  /** Values acted on, by rule. */
  readonly counts = new Map<PlanRule, number>()

  constructor(batch: Batch, format: Format, claims: Claims, rounds: SealingRounds, policy: Policy) {
    this.#batch = batch
    this.#format = format
    this.#claims = claims
    this.#rounds = rounds
    this.#parts = new PartsByOwner(rounds)
    this.#policy = policy
    this.#lists = new SealedLists(batch, format, policy.knownKids, policy.maxValueBytes)
    const rows = new Set([...claims.values.keys(), ...claims.entries.keys(), ...this.#lists.oddRows])
    this.#rows = [...rows].sort((a, b) => a - b)
  }

  /** Decides; when it returns, the rounds can be run and then `edits` be asked for. */
  run(): () => Edit[] {
    const outcome = this.#range(0, this.#batch.count, undefined)
    return () => [...editsOf(outcome), ...this.#lists.edits(this.#parts)]
  }

  /** Everything that is claimed in rows `[from, to)`, as far as the claim around it leaves it. */
  #range(from: number, to: number, around: Claim | undefined): Outcome {
    const outcomes: Outcome[] = []
    let index = firstAtLeast(this.#rows, from)
    while (index < this.#rows.length && this.#rows[index]! < to) {
      const row = this.#rows[index]!
      const { outcome, after } = this.#lists.isOdd(row) ? this.#oddList(row) : this.#row(row, around)
      outcomes.push(outcome)
      index = after === row + 1 ? index + 1 : firstAtLeast(this.#rows, after)
    }
    return merge(outcomes)
  }

  /** What stands under the name of the list of sealed parts and is none: what is in it is decided with it. */
  #oddList(row: number): { outcome: Outcome; after: number } {
    const after = this.#batch.get(row, FIELD.AFTER)
    const own = this.#row(row, undefined)
    this.#lists.decided(row, own.after >= after ? own.outcome : this.#range(own.after, after, undefined))
    return { outcome: NOTHING, after }
  }

  /** @returns the outcome, and the first row that it does not cover. */
  #row(row: number, around: Claim | undefined): { outcome: Outcome; after: number } {
    const byKey = strongest(this.#left(this.#claims.entries.get(row), around))
    if (byKey === undefined || this.#isKeyDone(row, byKey)) return this.#value(row, around)
    const after = this.#entryAfter(row)
    return { outcome: this.#entry(row, this.#dropIn(row, after) ?? byKey, after), after }
  }

  /** Where a value of an entry is dropped the entry goes, whatever was to become of its key. */
  #dropIn(row: number, after: number): Claim | undefined {
    for (let at = row; at < after; at = this.#batch.get(at, FIELD.AFTER)) {
      const drop = this.#claims.values.get(at)?.find((claim) => claim.whole && claim.rule.action.rank === 0)
      if (drop !== undefined) return drop
    }
    return undefined
  }

  /** Whether a key is what this stage or an earlier one has made of it. */
  #isKeyDone(row: number, { rule: { action } }: Claim): boolean {
    const { key } = this.#batch.node(row)
    const bytes = Buffer.from(key)
    const results = this.#policy.results.in(bytes)
    if (results.length > 0 && subtract({ start: 0, end: bytes.length }, results).length === 0) return true
    const id = /^sealed:([\w-]{8})$/.exec(key)?.[1]
    if (id !== undefined && isTextual(this.#batch.kind(row))) return this.#sealedIn(textOf(this.#batch, row))?.id === id
    return !action.deferred && action.isResult(key)
  }

  /** Whether no other value stands in the entry of `row`: only then can another entry take its place. */
  #isOnlyValue(row: number): boolean {
    const batch = this.#batch
    const entry = batch.get(row, FIELD.ENTRY)
    let before = row - 1
    // Rows inside of a value that comes before have entries of their own, which start behind this one's start.
    while (before >= 0 && batch.get(before, FIELD.ENTRY) > entry) before -= 1
    return (
      this.#entryAfter(row) === batch.get(row, FIELD.AFTER) && (before < 0 || batch.get(before, FIELD.ENTRY) !== entry)
    )
  }

  /** The first row behind the entry of `row`, which in protobuf may have several values. */
  #entryAfter(row: number): number {
    const batch = this.#batch
    const entry = batch.get(row, FIELD.ENTRY)
    let after = batch.get(row, FIELD.AFTER)
    while (after < batch.count && batch.get(after, FIELD.ENTRY) === entry) after = batch.get(after, FIELD.AFTER)
    return after
  }

  #value(row: number, around: Claim | undefined): { outcome: Outcome; after: number } {
    const batch = this.#batch
    const claims = this.#left(this.#claims.values.get(row), around)
    if (claims.length === 0) return { outcome: NOTHING, after: row + 1 }
    if (!isContainer(batch.kind(row))) return { outcome: this.#leaf(row, claims), after: row + 1 }
    const claim = strongest(claims)!
    const after = batch.get(row, FIELD.AFTER)
    this.#count(claim)
    if (!claim.rule.action.deferred) return { outcome: this.#removal(row), after }
    const inner = this.#range(row + 1, after, claim)
    const json = () => this.#format.containerJson(batch, row, editsOf(inner))
    const extended = this.#format.name.startsWith('otlp')
    return {
      outcome: this.#sealedValue(row, claim, extended ? 'otlp+json' : 'json', inner.depth + 1, () => json().bytes),
      after,
    }
  }

  /** Claims that the claim around them does not take away. */
  #left(claims: readonly Claim[] | undefined, around: Claim | undefined): readonly Claim[] {
    if (claims === undefined) return []
    return around === undefined ? claims : claims.filter((claim) => this.#staysInside(claim, around))
  }

  /** Whether a claim is carried out inside of a value that another claim takes whole. */
  #staysInside(inner: Claim, outer: Claim): boolean {
    if (!precedes(inner, outer)) return false
    const bothSeal = inner.rule.action.deferred && outer.rule.action.deferred
    return !bothSeal || this.#policy.recipientsOf(inner.rule) !== this.#policy.recipientsOf(outer.rule)
  }

  #count(claim: Claim): void {
    this.counts.set(claim.rule, (this.counts.get(claim.rule) ?? 0) + 1)
  }

  /** A key that holds personal data: the rule is about the whole entry. */
  #entry(row: number, claim: Claim, after: number): Outcome {
    const batch = this.#batch
    const format = this.#format
    const { action } = claim.rule
    this.#count(claim)
    if (!action.deferred) {
      if (action.removes) return this.#removal(row)
      const { key } = batch.node(row)
      const replaced = Buffer.from(action.replace(matchedOf(claim, key)))
      const inside = this.#valueAndBelow(row, after, claim)
      return { edits: [...inside.edits, () => [format.replaceKey(batch, row, replaced)]], depth: inside.depth }
    }
    const inner = this.#valueAndBelow(row, after, claim)
    const extended = format.name.startsWith('otlp')
    const slot = this.#slot(
      row,
      claim,
      extended ? 'otlp-entry+json' : 'entry+json',
      inner.depth + 1,
      () => format.entryJson(batch, row, editsOf(inner)).bytes,
    )
    const edit = (): readonly Edit[] => {
      const { id, jwe } = slot.sealed
      const bytes = format.encodeEntry(batch, row, Buffer.from(`sealed:${id}`), {
        type: 'text',
        bytes: Buffer.from(jwe, 'latin1'),
      })
      return [{ kind: 'replace', at: batch.get(row, FIELD.ENTRY), end: format.entryEnd(batch, row), bytes }]
    }
    return { edits: [edit], depth: slot.depth }
  }

  /** What is claimed of an entry's value, where the entry itself is claimed: only a `seal` takes the value with it. */
  #valueAndBelow(row: number, after: number, claim: Claim): Outcome {
    const around = claim.rule.action.deferred ? claim : undefined
    const own = this.#value(row, around)
    return own.after >= after ? own.outcome : merge([own.outcome, this.#range(own.after, after, around)])
  }

  #removal(row: number): Outcome {
    const batch = this.#batch
    const format = this.#format
    const isBody = batch.node(row).parent === undefined
    const at = batch.get(row, isBody ? FIELD.TOKEN : FIELD.ENTRY)
    const edit = (): readonly Edit[] =>
      isBody
        ? [
            {
              kind: 'replace',
              at,
              end: format.tokenEnd(batch, row),
              bytes: format.encodeValue(batch, row, { type: 'text', bytes: new Uint8Array() }),
            },
          ]
        : [{ kind: 'remove', at, end: format.entryEnd(batch, row) }]
    return { edits: [edit], depth: -1, removes: true }
  }

  #leaf(row: number, all: readonly Claim[]): Outcome {
    const batch = this.#batch
    const textual = isTextual(batch.kind(row))
    const content = textual ? textOf(batch, row) : undefined
    const isSealed = content !== undefined && this.#sealedIn(content) !== undefined
    // What texts refer to stays where it is, even where a rule drops all attributes: they could not be opened any more.
    if (isSealed && (batch.flags(row) & NODE.SEALED_PART) !== 0) return NOTHING
    const claims = isSealed ? all.filter((claim) => claim.whole && claim.rule.action.rank === 0) : all
    const placeholders = content === undefined ? [] : this.#placeholdersIn(row, content)
    const taken = content === undefined ? [] : inOrder(placeholders, this.#policy.results.in(content))
    const free =
      taken.length === 0
        ? claims
        : claims.filter(({ found }) => found === undefined || subtract(found, taken).length > 0)
    const spans = free.map((claim) => this.#widened(row, claim))
    if (spans.length === 0) return NOTHING
    const whole = strongest(spans.filter((claim) => claim.whole))
    if (whole?.rule.action.rank === 0) {
      this.#count(whole)
      return this.#removal(row)
    }
    if (content === undefined) return this.#scalar(row, whole!)
    // All of it is sealed already.
    if (placeholders.length > 0 && subtract({ start: 0, end: content.length }, placeholders).length === 0)
      return NOTHING
    const parts = spans.filter((claim) => !claim.whole)
    return this.#text(row, content, parts, whole, taken)
  }

  /** Where no attribute can be added that would hold the part, a text is sealed whole. */
  #widened(row: number, claim: Claim): Claim {
    const fits =
      claim.whole ||
      !claim.rule.action.deferred ||
      this.#format.takesAttributes(this.#batch, this.#batch.get(row, FIELD.OWNER))
    return fits ? claim : { ...claim, start: 0, end: Number.MAX_SAFE_INTEGER, whole: true }
  }

  #sealedIn(content: Buffer): RecognisedValue | undefined {
    const first = content[0]
    // Only what begins like a sealed value is looked at: `{` or `e`.
    if (first !== 0x7b && first !== 0x65) return undefined
    return recogniseSealed(content.toString('latin1'), this.#policy.knownKids, this.#policy.maxValueBytes)
  }

  /** A number, boolean or bytes. */
  #scalar(row: number, claim: Claim): Outcome {
    const batch = this.#batch
    const kind = batch.kind(row)
    const isBytes = kind === KIND.BYTES || kind === KIND.BASE64
    this.#count(claim)
    const { action } = claim.rule
    if (action.deferred) {
      const cty = isBytes ? 'bytes' : kind === KIND.BOOLEAN ? 'boolean' : 'number'
      return this.#sealedValue(row, claim, cty, 0, () =>
        isBytes ? contentOf(batch, row) : Buffer.from(scalarText(batch, row)),
      )
    }
    // Of a number what detectors see of it, so that it has the pseudonym of the same number as a text.
    const seen = kind === KIND.BOOLEAN ? Buffer.from(scalarText(batch, row)) : textOf(batch, row)
    const text = (isBytes ? contentOf(batch, row) : seen).toString('utf8')
    return this.#becomesText(row, -1, () => Buffer.from(action.replace(matchedOf(claim, text))))
  }

  /** @param taken - what nobody gets: placeholders and results of earlier stages. */
  #text(
    row: number,
    content: Buffer,
    parts: readonly Claim[],
    whole: Claim | undefined,
    taken: readonly Span[],
  ): Outcome {
    const inner = whole === undefined ? parts : parts.filter((claim) => this.#staysInside(claim, whole))
    const pieces = shareOut(inner, taken)
    const only = pieces.length === 1 && whole === undefined ? pieces[0]! : undefined
    // A value that is one match from end to end is replaced whole.
    if (only !== undefined && only.start === 0 && only.end === content.length && only.claim.rule.action.deferred) {
      return this.#textWhole(row, content, only.claim, [])
    }
    if (whole === undefined) return this.#textParts(row, content, pieces)
    if (whole.rule.action.deferred) return this.#textWhole(row, content, whole, pieces)
    const gaps = subtract({ start: 0, end: content.length }, inOrder<Span>(pieces, taken))
    const rest = content.length === 0 ? [{ start: 0, end: 0 }] : gaps
    return this.#textParts(
      row,
      content,
      inOrder(
        pieces,
        rest.map((gap) => ({ ...gap, claim: whole })),
      ),
    )
  }

  /** Placeholders of parts that are in the record's own verified list: they are sealed already. */
  #placeholdersIn(row: number, content: Buffer): Span[] {
    const ids = this.#lists.idsOf(this.#batch.get(row, FIELD.OWNER))
    if (ids.size === 0) return []
    const matches = content.toString('latin1').matchAll(PLACEHOLDER)
    return [...matches]
      .filter((match) => ids.has(match[2]!))
      .map((match) => ({ start: match.index, end: match.index + match[0].length }))
  }

  #textParts(row: number, content: Buffer, pieces: readonly Piece[]): Outcome {
    const { parts, depth } = this.#rendered(row, content, pieces)
    if (parts.length === 0) return NOTHING
    const edit = () =>
      this.#format.replaceParts(
        this.#batch,
        row,
        parts.map((make) => make()),
      )
    return {
      edits: [edit],
      depth,
      text: () =>
        replaced(
          content,
          parts.map((make) => make()),
        ),
    }
  }

  /** What stands in the place of each piece. */
  #rendered(
    row: number,
    content: Buffer,
    pieces: readonly Piece[],
  ): { readonly parts: readonly (() => TextPart)[]; readonly depth: number } {
    let depth = -1
    const parts = pieces.flatMap(({ start, end, claim }) => {
      const { action } = claim.rule
      const bytes = content.subarray(start, end)
      if (action.deferred) {
        this.#count(claim)
        depth = Math.max(depth, 0)
        const placeholder = this.#part(row, claim, 0, () => partOf(boundedPath(this.#path(row)), 'text', bytes))
        return [() => ({ start, end, bytes: Buffer.from(placeholder()) })]
      }
      const text = bytes.toString('utf8')
      if (action.isResult(text) || isLeftover(content, start, end, action.leaves)) return []
      this.#count(claim)
      const result = Buffer.from(action.replace(matchedOf(claim, text)))
      return [() => ({ start, end, bytes: result })]
    })
    return { parts, depth }
  }

  #textWhole(row: number, content: Buffer, claim: Claim, pieces: readonly Piece[]): Outcome {
    const { parts, depth } = this.#rendered(row, content, pieces)
    this.#count(claim)
    const plaintext = () =>
      parts.length === 0
        ? content
        : replaced(
            content,
            parts.map((make) => make()),
          )
    const source = sourceWithoutUtf8(this.#batch, row)
    if (source !== undefined) return this.#sealedValue(row, claim, 'json', depth + 1, () => source)
    return this.#sealedValue(row, claim, 'text', depth + 1, plaintext)
  }

  /** A value that becomes a JWE, or a placeholder of a part in the record's JWE. */
  #sealedValue(row: number, claim: Claim, cty: ContentType, depth: number, plaintext: () => Uint8Array): Outcome {
    const action = claim.rule.action as SealingAction
    const takesParts = this.#format.takesAttributes(this.#batch, this.#batch.get(row, FIELD.OWNER))
    if ((action.layout ?? this.#policy.layout) === 'record' && takesParts) {
      const placeholder = this.#part(row, claim, depth, () => partOf(boundedPath(this.#path(row)), cty, plaintext()))
      return this.#becomesText(row, depth, () => Buffer.from(placeholder()), action.as)
    }
    const slot = this.#slot(row, claim, cty, depth, plaintext)
    return this.#becomesText(row, depth, () => Buffer.from(slot.sealed.jwe, 'latin1'), action.as)
  }

  #becomesText(row: number, depth: number, text: () => Uint8Array, as: 'string' | 'sibling' = 'string'): Outcome {
    const batch = this.#batch
    const format = this.#format
    const node = batch.node(row)
    const edit = (): readonly Edit[] => {
      if (as === 'sibling' && isMember(node) && !this.#claims.entries.has(row) && this.#isOnlyValue(row)) {
        const bytes = format.encodeEntry(batch, row, Buffer.from(`${node.key}.sealed`), { type: 'text', bytes: text() })
        return [{ kind: 'replace', at: batch.get(row, FIELD.ENTRY), end: format.entryEnd(batch, row), bytes }]
      }
      const bytes = format.encodeValue(batch, row, { type: 'text', bytes: text() })
      return [{ kind: 'replace', at: batch.get(row, FIELD.TOKEN), end: format.tokenEnd(batch, row), bytes }]
    }
    return { edits: [edit], depth, text }
  }

  #path(row: number): string {
    return this.#batch.node(row).shown
  }

  #recordOf(row: number): number {
    return this.#batch.owners[this.#batch.get(row, FIELD.OWNER)]!.record
  }

  #slot(row: number, claim: Claim, cty: ContentType, depth: number, plaintext: () => Uint8Array): Slot {
    const action = claim.rule.action as SealingAction
    const header = this.#policy.header(cty, this.#path(row))
    return this.#rounds.add(
      new Slot({
        to: this.#policy.recipientsOf(claim.rule),
        header,
        serialization: action.serialization,
        depth,
        record: this.#recordOf(row),
        plaintext,
      }),
    )
  }

  #part(row: number, claim: Claim, depth: number, part: () => Part): () => string {
    const action = claim.rule.action as SealingAction
    const owner = this.#batch.get(row, FIELD.OWNER)
    return this.#parts.add(
      owner,
      this.#policy.recipientsOf(claim.rule),
      action.serialization,
      depth,
      this.#recordOf(row),
      claim.kind,
      part,
    )
  }
}

/** Whether a span lies in what a mask has left readable: it is no new find. */
function isLeftover(content: Buffer, start: number, end: number, leaves: number): boolean {
  if (leaves === 0 || start < MASK.length) return false
  const mask = content.lastIndexOf(MASK, start - MASK.length)
  return mask >= 0 && [...content.toString('utf8', mask + MASK.length, end)].length <= leaves
}

function inOrder<T extends Span>(some: readonly T[], others: readonly T[]): readonly T[] {
  if (others.length === 0) return some
  return [...some, ...others].sort((a, b) => a.start - b.start)
}

function isMember(node: PathNode): boolean {
  return node.parent !== undefined && node.steps.at(-1)?.kind === 'key'
}

/** The first index whose row is at least `row`. */
function firstAtLeast(rows: readonly number[], row: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]! < row) low = middle + 1
    else high = middle
  }
  return low
}

function partOf(path: string, cty: ContentType, plaintext: Uint8Array): Part {
  const type = cty === 'text' ? {} : { cty }
  const content = Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.length)
  return isUtf8(content) && cty !== 'bytes'
    ? { path, ...type, text: content.toString('utf8') }
    : { path, ...type, base64: content.toString('base64url') }
}

function replaced(content: Buffer, parts: readonly TextPart[]): Buffer {
  const pieces: Uint8Array[] = []
  let copied = 0
  for (const { start, end, bytes } of parts) {
    pieces.push(content.subarray(copied, start), bytes)
    copied = end
  }
  return Buffer.concat([...pieces, content.subarray(copied)])
}
