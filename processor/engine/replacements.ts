import { isUtf8 } from 'node:buffer'
import type { SealingAction } from '../../rules/actions/action.ts'
import type { PathNode } from '../../rules/path-trie.ts'
import { type Batch, FIELD } from '../formats/batch.ts'
import type { Edit, Format } from '../formats/format.ts'
import { boundedPath, type ContentType } from '../jwe/envelope.ts'
import type { Claim } from './claims.ts'
import type { Outcome } from './outcome.ts'
import type { Part, PartsByOwner } from './parts.ts'
import type { Policy } from './policy.ts'
import { type SealingRounds, Slot } from './sealing-rounds.ts'

/** Makes what stands in the place of a value, and puts what is to be sealed into the sealing rounds. */
export class Replacements {
  readonly #batch: Batch
  readonly #format: Format
  readonly #policy: Policy
  readonly #rounds: SealingRounds
  readonly #parts: PartsByOwner
  readonly #claimedEntries: ReadonlyMap<number, unknown>

  /** @param claimedEntries - by row: entries that are claimed because of their keys, and so cannot be renamed. */
  constructor(
    batch: Batch,
    format: Format,
    policy: Policy,
    rounds: SealingRounds,
    parts: PartsByOwner,
    claimedEntries: ReadonlyMap<number, unknown>,
  ) {
    this.#batch = batch
    this.#format = format
    this.#policy = policy
    this.#rounds = rounds
    this.#parts = parts
    this.#claimedEntries = claimedEntries
  }

  /** Takes a value out with its entry; a body becomes empty. */
  removal(row: number): Outcome {
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

  /** A value that becomes a JWE, or a placeholder of a part in the record's JWE. */
  sealedValue(row: number, claim: Claim, cty: ContentType, depth: number, plaintext: () => Uint8Array): Outcome {
    const action = claim.rule.action as SealingAction
    const takesParts = this.#format.takesAttributes(this.#batch, this.#batch.get(row, FIELD.OWNER))
    if ((action.layout ?? this.#policy.layout) === 'record' && takesParts) {
      const placeholder = this.part(row, claim, cty, depth, plaintext)
      return this.becomesText(row, depth, () => Buffer.from(placeholder()), action.as)
    }
    const slot = this.slot(row, claim, cty, depth, plaintext)
    return this.becomesText(row, depth, () => Buffer.from(slot.sealed.jwe, 'latin1'), action.as)
  }

  /** A value that becomes a text, or as a sibling its entry another one. */
  becomesText(row: number, depth: number, text: () => Uint8Array, as: 'string' | 'sibling' = 'string'): Outcome {
    const batch = this.#batch
    const format = this.#format
    const node = batch.node(row)
    const edit = (): readonly Edit[] => {
      if (as === 'sibling' && isMember(node) && !this.#claimedEntries.has(row) && this.#takesSibling(row)) {
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

  /** A JWE of its own. */
  slot(row: number, claim: Claim, cty: ContentType, depth: number, plaintext: () => Uint8Array): Slot {
    const action = claim.rule.action as SealingAction
    const header = this.#policy.header(cty, this.#path(row))
    return this.#rounds.add(
      new Slot({
        to: claim.to!,
        header,
        serialization: action.serialization,
        depth,
        record: this.#recordOf(row),
        plaintext,
      }),
    )
  }

  /** A part in the JWE of its owner. @returns its placeholder, once that is sealed. */
  part(row: number, claim: Claim, cty: ContentType, depth: number, plaintext: () => Uint8Array): () => string {
    const path = boundedPath(this.#path(row))
    const action = claim.rule.action as SealingAction
    const owner = this.#batch.get(row, FIELD.OWNER)
    return this.#parts.add(owner, claim.to!, action.serialization, depth, this.#recordOf(row), claim.kind, () =>
      partOf(path, cty, plaintext()),
    )
  }

  #takesSibling(row: number): boolean {
    return this.#isOnlyValue(row) && (this.#format.hasTextKey?.(this.#batch, row) ?? true)
  }

  /** Whether no other value stands in the entry of `row`: only then can another entry take its place. */
  #isOnlyValue(row: number): boolean {
    const batch = this.#batch
    const entry = batch.get(row, FIELD.ENTRY)
    let before = row - 1
    // Rows inside of a value that comes before have entries of their own, between this one's start and its value. What
    // lies behind the value was walked before it (a body in JSON comes last), and is not gone through each time.
    const token = batch.get(row, FIELD.TOKEN)
    while (before >= 0 && batch.get(before, FIELD.ENTRY) > entry && batch.get(before, FIELD.ENTRY) < token) before -= 1
    return (
      entryAfter(batch, row) === batch.get(row, FIELD.AFTER) && (before < 0 || batch.get(before, FIELD.ENTRY) !== entry)
    )
  }
}

/** The first row behind the entry of `row`, which in protobuf may have several values. */
export function entryAfter(batch: Batch, row: number): number {
  const entry = batch.get(row, FIELD.ENTRY)
  let after = batch.get(row, FIELD.AFTER)
  while (after < batch.count && batch.get(after, FIELD.ENTRY) === entry) after = batch.get(after, FIELD.AFTER)
  return after
}

function isMember(node: PathNode): boolean {
  return node.parent !== undefined && node.steps.at(-1)?.kind === 'key'
}

function partOf(path: string, cty: ContentType, plaintext: Uint8Array): Part {
  const type = cty === 'text' ? {} : { cty }
  const content = Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.length)
  return isUtf8(content) && cty !== 'bytes'
    ? { path, ...type, text: content.toString('utf8') }
    : { path, ...type, base64: content.toString('base64url') }
}
