import type { Detector, Span } from '../../detectors/detector.ts'
import { comesDown, type Matched } from '../../rules/actions/action.ts'
import { isExcepted } from '../../rules/except.ts'
import { NODE, type Plan, type PlanRule } from '../../rules/plan.ts'
import { FieldsealError } from '../errors.ts'
import { type Batch, FIELD, KIND } from '../formats/batch.ts'
import { contentOf, isContainer, textOf } from '../formats/value-text.ts'
import type { RecipientSet } from '../jwe/sealer.ts'
import type { Audience } from './audience.ts'
import { Conditions } from './conditions.ts'
import type { DecisionLog } from './decision-log.ts'
import type { RowFinding, Scan } from './scan.ts'
import { booleanOf } from './source-text.ts'

/** What one rule wants of one value. */
export interface Claim {
  readonly row: number
  readonly rule: PlanRule
  /** Whether it is the key in which something was found: the claim is on the entry. */
  readonly onKey: boolean
  /** The detector's name, or the rule's id. */
  readonly kind: string
  /** Undefined for a rule about whole values. */
  readonly detector: Detector | undefined
  /** Bytes of the value's text; of a whole value, all of it. */
  readonly start: number
  readonly end: number
  readonly whole: boolean
  /** The match in a text that made the claim, whole or not; undefined for a rule about whole values. */
  readonly found: Span | undefined
  /** For whom it is sealed; undefined where the rule does not seal. */
  readonly to: RecipientSet | undefined
  /** What the detector's gate was opened by. */
  readonly opened: RowFinding['opened']
}

/** A claim before it is known for whom it is, and whether conditions and exceptions leave it. */
export type Wanted = Omit<Claim, 'to'>

/** Claims of a batch, by what they are on. */
export interface Claims {
  /** By row: on the value. */
  readonly values: ReadonlyMap<number, readonly Claim[]>
  /** By row: on the entry, because of its key. */
  readonly entries: ReadonlyMap<number, readonly Claim[]>
}

/** Which of two claims has a text that both want. */
export function precedes(a: Claim, b: Claim): boolean {
  return a.rule.action.rank !== b.rule.action.rank
    ? a.rule.action.rank < b.rule.action.rank
    : a.rule.order < b.rule.order
}

/** Whether it is the leak scan's, and nothing is to be done about it. */
export function isReport({ rule }: Claim): boolean {
  return rule.action.name === 'report'
}

/** What an action replaces: the detector's normaliser makes equal values equal, or NFC where no detector is involved. */
export function matchedOf(claim: Claim, text: string): Matched {
  return { kind: claim.kind, text, normalise: (value) => claim.detector?.normalise(value) ?? value.normalize('NFC') }
}

/** Claims of one batch: each takes some hundred bytes until it is carried out. */
const MOST_CLAIMS = 1 << 20

/** Turns findings, and rules for whole values, into claims: conditions and exceptions are weighed here. */
export class ClaimCollector {
  readonly #plan: Plan
  readonly #batch: Batch
  readonly #now: number
  readonly #values = new Map<number, Claim[]>()
  readonly #entries = new Map<number, Claim[]>()
  readonly #claimedEntries = new Set<number>()
  #count = 0
  readonly conditions: Conditions
  readonly #audience: Audience
  readonly #log: DecisionLog | undefined
  /** Matches that rules in audit would have acted on, by rule. */
  readonly audited = new Map<PlanRule, number>()

  /** @param now - milliseconds since the epoch. */
  constructor(plan: Plan, batch: Batch, audience: Audience, now: number, log?: DecisionLog) {
    this.#plan = plan
    this.#batch = batch
    this.#audience = audience
    this.#now = now
    this.#log = log
    this.conditions = new Conditions(batch)
  }

  /** The batch has its rows, and `scan` what the first walk found. @throws MatchingError */
  collect(scan: Scan): Claims {
    const batch = this.#batch
    for (let row = 0; row < batch.count; row += 1) {
      const flags = batch.flags(row)
      const findings = isContainer(batch.kind(row)) ? NO_FINDINGS : scan.findingsIn(row)
      if (findings.length > 0) this.#fromFindings(row, findings)
      if ((flags & NODE.WHOLE) !== 0) this.#fromWholeRules(row)
      if ((flags & NODE.KEY) !== 0) this.#fromKey(row)
    }
    return { values: this.#values, entries: this.#entries }
  }

  /** @throws FieldsealError `FIELDSEAL_INPUT_TOO_LARGE` */
  #push(map: Map<number, Claim[]>, wanted: Wanted): void {
    const { rule } = wanted
    const to = this.#audience.of(rule, wanted.row, this.conditions)
    const claim = { ...wanted, to }
    if (rule.leakScan === undefined) this.#log?.wanted(claim)
    if (this.#now < rule.enforcedFrom) {
      this.audited.set(rule, (this.audited.get(rule) ?? 0) + 1)
      return
    }
    this.#count += 1
    if (this.#count > MOST_CLAIMS) {
      const { record } = this.#batch.owners[this.#batch.get(claim.row, FIELD.OWNER)]!
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the batch has more than 1048576 findings', { record })
    }
    const claims = map.get(claim.row)
    if (claims === undefined) map.set(claim.row, [claim])
    else claims.push(claim)
  }

  #fromFindings(row: number, findings: readonly RowFinding[]): void {
    const batch = this.#batch
    const { byDetector } = batch.node(row).scope
    const text = textOf(batch, row)
    for (const { detector: index, start, end, whole: onlyWhole, opened } of findings) {
      const detector = this.#plan.detectors.detectors[index]!
      for (const rule of byDetector.get(index) ?? []) {
        const whole = onlyWhole || (rule.action.deferred && rule.action.text === 'whole')
        const wanted: Wanted = {
          row,
          rule,
          onKey: false,
          kind: detector.name,
          detector,
          start: whole ? 0 : start,
          end: whole ? text.length : end,
          whole,
          found: onlyWhole ? undefined : { start, end },
          opened,
        }
        const matched = () => (onlyWhole ? text.toString('utf8') : text.toString('utf8', start, end))
        if (this.#applies(wanted, matched)) this.#push(this.#values, wanted)
      }
    }
  }

  #fromWholeRules(row: number): void {
    const batch = this.#batch
    const kind = batch.kind(row)
    // A list of sealed parts is looked at part by part.
    if (kind === KIND.ARRAY && (batch.flags(row) & NODE.SEALED_LIST) !== 0) return
    // There is nothing in a null. Where its key says something, a rule that drops it still drops both.
    if (kind === KIND.NULL && (batch.flags(row) & NODE.KEY) === 0) return
    const container = isContainer(kind)
    const isEmpty = kind === KIND.NULL || (!container && batch.get(row, FIELD.START) === batch.get(row, FIELD.END))
    const text = () => wholeText(batch, row)
    for (const rule of batch.node(row).scope.whole) {
      // Nor is there anything in an empty text, which is what a dropped body becomes.
      if (isEmpty && rule.action.rank !== 0) continue
      if (container && comesDown(rule.action)) continue
      const wanted: Wanted = {
        row,
        rule,
        onKey: false,
        kind: rule.kind,
        detector: undefined,
        start: 0,
        end: Number.MAX_SAFE_INTEGER,
        whole: true,
        found: undefined,
        opened: undefined,
      }
      if (this.#applies(wanted, text)) this.#push(this.#values, wanted)
    }
  }

  #fromKey(row: number): void {
    const node = this.#batch.node(row)
    // Protobuf may have two values in one entry: the entry is claimed once, at the first.
    const entry = this.#batch.get(row, FIELD.ENTRY)
    if (this.#claimedEntries.has(entry)) return
    this.#claimedEntries.add(entry)
    for (const { rule, detector } of node.keyRules) {
      const wanted: Wanted = {
        row,
        rule,
        onKey: true,
        kind: this.#plan.detectors.detectors[detector]!.name,
        detector: this.#plan.detectors.detectors[detector],
        start: 0,
        end: 0,
        whole: true,
        found: undefined,
        opened: undefined,
      }
      if (this.#applies(wanted, () => node.key)) this.#push(this.#entries, wanted)
    }
  }

  /** @param matched - gives the text that exceptions look into; undefined where there is none. */
  #applies(wanted: Wanted, matched: () => string | undefined): boolean {
    const { rule, row } = wanted
    const { steps } = this.#batch.node(row)
    const exception = rule.except.find((one) => isExcepted(one, matched(), steps, this.#now))
    if (exception !== undefined) {
      this.#log?.excepted(wanted, exception)
      return false
    }
    const failed = rule.where.find((test) => {
      const holds = this.conditions.holds(test, this.#batch.get(row, FIELD.OWNER))
      // A rule that protects is not switched off by a field that is missing.
      return !(holds ?? rule.action.rank <= 1)
    })
    if (failed !== undefined) this.#log?.unmet(wanted, failed)
    return failed === undefined
  }
}

/** What exceptions look into of a value that a rule is to take whole; undefined for what is no text in any sense. */
function wholeText(batch: Batch, row: number): string | undefined {
  const kind = batch.kind(row)
  if (isContainer(kind) || kind === KIND.NULL) return undefined
  // Not what detectors see of it: they see nothing in booleans, nor in bytes that are not UTF-8.
  if (kind === KIND.BOOLEAN) return String(booleanOf(batch, row))
  return contentOf(batch, row).toString('utf8')
}

const NO_FINDINGS: readonly RowFinding[] = []
