/**
 * What a conversion cannot carry over as it was, each with what becomes of it. Nothing that is not listed here is lost:
 * `docs/formats.md` has the same list, and a test holds them together.
 */
export const LOSSES = {
  number_as_text:
    'A number that the other format has no type for becomes a text of its digits: an integer beyond 64 bits with a sign, a decimal that a double cannot hold, and in JSON NaN and the infinities.',
  bytes_as_text: 'Bytes become a text, their base64.',
  extension_as_bytes: 'A MessagePack extension becomes bytes: its type is lost.',
  text_replaced:
    'What is not UTF-8 in a text, and half of a surrogate pair, becomes U+FFFD. Counted once for each such text.',
  key_as_text: 'A key of a MessagePack map that is no text becomes one.',
  time_left_out: 'A time that is none, or that the other format cannot hold, is left out.',
  id_left_out: 'A trace or span id that is none is left out.',
  entity_references_left_out: 'The entity references of a resource, which are in development, are left out.',
  unknown_fields_left_out: 'A field that OTLP does not know is left out.',
  forward_fields_left_out:
    'An option of a Forward message, a field of a group or of the metadata of OTLP that is not known, or is of another type, is left out.',
  other_signals_left_out: 'An event of Fluent Forward that is no log is left out.',
} as const satisfies Record<string, string>

export type LossKind = keyof typeof LOSSES

export const LOSS_KINDS = Object.keys(LOSSES) as readonly LossKind[]

export type Losses = Readonly<Record<LossKind, number>>

/** Counts what one conversion loses. */
export class LossCount {
  readonly #counts = Object.fromEntries(LOSS_KINDS.map((kind) => [kind, 0])) as Record<LossKind, number>

  add(kind: LossKind, count = 1): void {
    this.#counts[kind] += count
  }

  get counts(): Losses {
    return { ...this.#counts }
  }
}

/** For a look at what is read once more afterwards, and counted then. */
export const UNCOUNTED: LossCount = new LossCount()
