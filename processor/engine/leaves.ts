import type { Span } from '../../detectors/detector.ts'
import { MASK } from '../../rules/actions/mask.ts'
import { isReadOnly, NODE, type PlanRule } from '../../rules/plan.ts'
import { type Batch, FIELD, KIND } from '../formats/batch.ts'
import type { Format, TextPart } from '../formats/format.ts'
import { contentOf, isBinary, isTextual, textOf } from '../formats/value-text.ts'
import { type Claim, isReport, matchedOf } from './claims.ts'
import type { DecisionLog } from './decision-log.ts'
import type { LeakCollector } from './leaks.ts'
import { withoutLookAlikes } from './look-alikes.ts'
import { NOTHING, type Outcome } from './outcome.ts'
import { PLACEHOLDER } from './parts.ts'
import { isCovered, type Piece, shareOut, strongest, subtract } from './pieces.ts'
import { type Policy, sealedIn, staysInside } from './policy.ts'
import type { Replacements } from './replacements.ts'
import type { SealedLists } from './sealed-lists.ts'
import { scalarText, sourceWithoutUtf8 } from './source-text.ts'

/** What earlier stages have left in a text, in order. */
interface Taken {
  readonly seen: readonly Span[]
  /** Of that, what was not made to hide something: nobody gets it. */
  readonly taken: readonly Span[]
  readonly placeholders: readonly Span[]
}

/** Decides what becomes of a value that is no container. */
export class Leaves {
  readonly #batch: Batch
  readonly #format: Format
  readonly #policy: Policy
  readonly #lists: SealedLists
  readonly #replacements: Replacements
  readonly #counts: Map<PlanRule, number>
  readonly #log: DecisionLog | undefined
  readonly #leaks: LeakCollector

  /** @param counts - values acted on, by rule: counted up here. */
  constructor(
    batch: Batch,
    format: Format,
    policy: Policy,
    lists: SealedLists,
    replacements: Replacements,
    counts: Map<PlanRule, number>,
    leaks: LeakCollector,
    log?: DecisionLog,
  ) {
    this.#batch = batch
    this.#format = format
    this.#policy = policy
    this.#lists = lists
    this.#replacements = replacements
    this.#counts = counts
    this.#leaks = leaks
    this.#log = log
  }

  /** @param all - claims on the value that are left. */
  decide(row: number, all: readonly Claim[]): Outcome {
    const batch = this.#batch
    const textual = isTextual(batch.kind(row))
    const content = textual ? textOf(batch, row) : undefined
    const isSealed = content !== undefined && sealedIn(content, this.#policy) !== undefined
    // What texts refer to stays where it is, even where a rule drops all attributes: they could not be opened any more.
    if (isSealed && (batch.flags(row) & NODE.SEALED_PART) !== 0) return NOTHING
    const claims = isSealed ? all.filter((claim) => claim.whole && claim.rule.action.rank === 0) : all
    const placeholders = content === undefined ? [] : this.#placeholdersIn(row, content)
    const seen = content === undefined ? [] : inOrder(placeholders, this.#policy.results.in(content))
    const taken = seen.length === 0 ? seen : withoutLookAlikes(seen, claims)
    const free =
      taken.length === 0 ? claims : claims.filter(({ found }) => found === undefined || !isCovered(found, taken))
    // What nothing can be done about is refused, if not only counted.
    const readOnly = isReadOnly(batch.node(row).steps)
    const reports = free.filter((claim) => readOnly || isReport(claim))
    const acting = reports.length === 0 ? free : free.filter((claim) => !reports.includes(claim))
    const spans = acting.map((claim) => this.#widened(row, claim))
    const outcome = this.#act(row, content, spans, { seen, taken, placeholders })
    if (reports.length > 0) this.#report(row, content, reports, spans, outcome, taken)
    return outcome
  }

  /** Counts what the leak scan has found and is still there when rules have acted. */
  #report(
    row: number,
    content: Buffer | undefined,
    reports: readonly Claim[],
    acting: readonly Claim[],
    outcome: Outcome,
    taken: readonly Span[],
  ): void {
    // Nothing is left of a value that a rule takes whole.
    if (acting.some((claim) => claim.whole)) return
    const spans = inOrder(acting, taken)
    const cut = reports.filter((claim) => {
      // What is known by its key alone is there as long as anything of the text is.
      const isByKey = claim.found === undefined
      const isCut = !isByKey && spans.some(({ start, end }) => start < claim.end && end > claim.start)
      if (isByKey ? content === undefined || !isDone(content, spans) : !isCut) this.#leaks.found(claim)
      return isCut && !spans.some((span) => covers(span, claim))
    })
    if (cut.length > 0 && outcome.text !== undefined) this.#leaks.remains(row, cut, outcome.text)
  }

  /** What the rules make of a value. */
  #act(
    row: number,
    content: Buffer | undefined,
    spans: readonly Claim[],
    { seen, taken, placeholders }: Taken,
  ): Outcome {
    if (spans.length === 0) return NOTHING
    const whole = strongest(spans.filter((claim) => claim.whole))
    if (whole?.rule.action.rank === 0) {
      this.#count(whole)
      return this.#replacements.removal(row)
    }
    if (content === undefined) return this.#scalar(row, whole!)
    // All of it is sealed already.
    const sealed = taken === seen ? placeholders : placeholdersAmong(taken, placeholders)
    if (sealed.length > 0 && subtract({ start: 0, end: content.length }, sealed).length === 0) return NOTHING
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

  /** A number, boolean or bytes. */
  #scalar(row: number, claim: Claim): Outcome {
    const batch = this.#batch
    const kind = batch.kind(row)
    const isBytes = isBinary(kind)
    this.#count(claim)
    const { action } = claim.rule
    if (action.deferred) {
      // Bytes alone would not say of which type they were.
      if (kind === KIND.EXTENSION)
        return this.#replacements.sealedValue(
          row,
          claim,
          'otlp+json',
          0,
          () => this.#format.containerJson(batch, row, []).bytes,
        )
      const cty = isBytes ? 'bytes' : kind === KIND.BOOLEAN ? 'boolean' : 'number'
      return this.#replacements.sealedValue(row, claim, cty, 0, () =>
        isBytes ? contentOf(batch, row) : Buffer.from(scalarText(batch, row)),
      )
    }
    // A pseudonym of a boolean would be one of two.
    if (kind === KIND.BOOLEAN && action.name === 'hash')
      return this.#replacements.becomesText(row, -1, () => Buffer.from(MASK))
    // Of a number what detectors see of it, so that it has the pseudonym of the same number as a text.
    const seen = kind === KIND.BOOLEAN ? Buffer.from(scalarText(batch, row)) : textOf(batch, row)
    const text = (isBytes ? contentOf(batch, row) : seen).toString('utf8')
    return this.#replacements.becomesText(row, -1, () => Buffer.from(action.replace(matchedOf(claim, text))))
  }

  /** @param taken - what nobody gets: placeholders and results of earlier stages. */
  #text(
    row: number,
    content: Buffer,
    parts: readonly Claim[],
    whole: Claim | undefined,
    taken: readonly Span[],
  ): Outcome {
    const inner = whole === undefined ? parts : parts.filter((claim) => staysInside(claim, whole))
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
        const placeholder = this.#replacements.part(row, claim, 'text', 0, () => bytes)
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
    if (source !== undefined) return this.#replacements.sealedValue(row, claim, 'json', depth + 1, () => source)
    return this.#replacements.sealedValue(row, claim, 'text', depth + 1, plaintext)
  }

  #count(claim: Claim): void {
    if (claim.rule.leakScan !== undefined) {
      this.#leaks.found(claim)
      return
    }
    this.#log?.won(claim)
    this.#counts.set(claim.rule, (this.#counts.get(claim.rule) ?? 0) + 1)
  }
}

/** Whether rules, or an earlier stage, have taken all of a value that is known by its key alone. */
function isDone(content: Buffer, inOrder: readonly Span[]): boolean {
  return (
    content.length === 0 ||
    content.toString('latin1', 0, MASK.length) === MASK ||
    subtract({ start: 0, end: content.length }, inOrder).length === 0
  )
}

function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

/** Whether a span lies in what a mask has left readable: it is no new find. */
function isLeftover(content: Buffer, start: number, end: number, leaves: number): boolean {
  if (leaves === 0) return false
  // A character has four bytes at most. Looking further back would cost the length of the text for each span.
  const from = Math.max(0, end - 4 * leaves - MASK.length)
  const mask = content.subarray(from, start).lastIndexOf(MASK)
  return mask >= 0 && [...content.toString('utf8', from + mask + MASK.length, end)].length <= leaves
}

function placeholdersAmong(taken: readonly Span[], placeholders: readonly Span[]): readonly Span[] {
  const known = new Set(placeholders)
  return taken.filter((span) => known.has(span))
}

function inOrder<T extends Span>(some: readonly T[], others: readonly T[]): readonly T[] {
  if (others.length === 0) return some
  return [...some, ...others].sort((a, b) => a.start - b.start)
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
