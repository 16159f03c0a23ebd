import {
  type ConversionOptions,
  type ConvertedBatch,
  convertTo,
  LOSS_KINDS,
  LOSSES,
  type LossKind,
} from '../formats/conversion/index.ts'
import type { FormatName } from '../formats/index.ts'
import { DEFAULT_BODY_KEYS, type OutgoingBatch, type SinkContext, type SinkStatus } from './sink.ts'

/** Brings batches into the format that a sink sends, and says what could not be carried over: once of each kind. */
export class Conversions {
  readonly #context: SinkContext
  readonly #lost = new Map<LossKind, number>()

  constructor(context: SinkContext) {
    this.#context = context
  }

  /** @throws FieldsealError where the batch is malformed, or becomes too large. */
  to(target: FormatName, batch: OutgoingBatch, options: Omit<ConversionOptions, 'bodyKeys'> = {}): ConvertedBatch {
    const { bodyKeys = DEFAULT_BODY_KEYS } = this.#context
    const converted = convertTo(target, batch, { ...options, bodyKeys })
    for (const kind of LOSS_KINDS) {
      if (converted.lost[kind] > 0) this.#count(kind, converted.lost[kind])
    }
    return converted
  }

  #count(kind: LossKind, count: number): void {
    const before = this.#lost.get(kind) ?? 0
    this.#lost.set(kind, before + count)
    if (before > 0) return
    const { name, log } = this.#context
    log('conversion-loss', `sink ${name} sends another format, which does not hold all: ${LOSSES[kind]}`, {
      sink: name,
      kind,
    })
  }

  /** For the status of the sink: nothing where nothing was lost. */
  get status(): Pick<SinkStatus, 'lost'> {
    return this.#lost.size === 0 ? {} : { lost: Object.fromEntries(this.#lost) }
  }
}
