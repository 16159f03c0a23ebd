import type { FormatName } from '../index.ts'
import { otlpProtobufToJson } from '../otlp-protobuf-to-json.ts'
import { forwardToOtlp } from './forward-to-otlp.ts'
import { mostBytes } from './limits.ts'
import { linesToOtlp } from './lines-to-otlp.ts'
import { LossCount, type Losses } from './losses.ts'
import { otlpJsonToProtobuf } from './otlp-json-to-protobuf.ts'
import { countRecords } from './otlp-reader.ts'
import { otlpToForward } from './otlp-to-forward.ts'
import { otlpToLines } from './otlp-to-lines.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

export { LOSS_KINDS, LOSSES, type Losses, type LossKind } from './losses.ts'

/** A sealed batch in one format. */
export interface FormattedBatch {
  readonly bytes: Buffer
  readonly format: FormatName
  /** Where it is known. A batch that has the wanted format already is then not even looked at. */
  readonly records?: number
}

export interface ConversionOptions {
  /** Names of the members that may be the body of a line or event: the first of them that is there is it. */
  readonly bodyKeys: readonly string[]
  /** To Forward: the tag of records that have none in their attribute `fluent.tag`. */
  readonly tag?: string
  /** To Forward: whether all of OTLP is kept, in groups and metadata as fluent-bit has them. By default it is flattened. */
  readonly otlpMetadata?: boolean
  /** Nanoseconds since 1970: the observed time of records that have none. By default the time of the call. */
  readonly now?: bigint
  /** Most bytes that the converted batch may have; by default 64 MiB, and 16 times what came in where that is more. */
  readonly mostBytes?: number
}

/** One batch of a format on its own: what a source of the format takes as one. */
export interface ConvertedMessage {
  readonly bytes: Buffer
  readonly records: number
  /** Of a Forward message. */
  readonly tag?: string
}

export interface ConvertedBatch {
  /** All messages, one behind the other. */
  readonly bytes: Buffer
  readonly records: number
  /**
   * Parts of `bytes`. For every format but `forward` there is one, which is all of it; a Forward message has one tag,
   * so that there is one message for each tag, in the order in which they first occur, and none where there are no
   * records.
   */
  readonly messages: readonly ConvertedMessage[]
  readonly lost: Losses
}

/**
 * A batch in another format. Every conversion goes by way of OTLP, so that there is one mapping for each format and not
 * one for each pair; `docs/formats.md` has all of them. Sealed values stay what they are, and open in the new format.
 *
 * A batch that has the format already comes back as it is.
 *
 * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED`, `FIELDSEAL_INPUT_TOO_DEEP` beyond 200 levels of maps and arrays, or
 *   `FIELDSEAL_INPUT_TOO_LARGE` beyond `mostBytes`, with the number of the record where there is one.
 */
export function convertTo(target: FormatName, batch: FormattedBatch, options: ConversionOptions): ConvertedBatch {
  const losses = new LossCount()
  if (target === batch.format && batch.records !== undefined) return whole(batch.bytes, batch.records, losses)
  const context: Context = {
    bodyKeys: options.bodyKeys,
    now: options.now ?? BigInt(Date.now()) * 1_000_000n,
    limit: options.mostBytes ?? mostBytes(batch.bytes.length),
    losses,
  }
  const { bytes, records } = toOtlp(batch, context)
  // A text may be anything on one line, an object too.
  const isKept = target === batch.format || (target === 'text' && batch.format === 'json-lines')
  if (isKept) return whole(batch.bytes, records, new LossCount())
  switch (target) {
    case 'otlp-protobuf':
      return whole(bytes, records, losses)
    case 'otlp-json':
      return whole(otlpProtobufToJson(bytes, losses), records, losses)
    case 'json-lines':
    case 'text':
      return whole(otlpToLines(bytes, context.bodyKeys, context.limit, losses), records, losses)
    case 'forward': {
      const { tag = 'fieldseal', otlpMetadata = false } = options
      const forward = otlpToForward(bytes, { ...context, tag, otlpMetadata }, context.limit, losses)
      return { ...forward, records, lost: losses.counts }
    }
  }
}

interface Context {
  readonly bodyKeys: readonly string[]
  readonly now: bigint
  readonly limit: number
  readonly losses: LossCount
}

function whole(bytes: Buffer, records: number, losses: LossCount): ConvertedBatch {
  return { bytes, records, messages: [{ bytes, records }], lost: losses.counts }
}

interface OtlpBatch {
  readonly bytes: Buffer
  readonly records: number
}

/** A batch as OTLP in protobuf. */
function toOtlp({ bytes, format }: FormattedBatch, context: Context): OtlpBatch {
  if (format === 'otlp-protobuf') return { bytes, records: countRecords(bytes) }
  const writer = new ProtobufWriter(bytes.length + 64, context.limit, context.losses)
  const records = write(bytes, format, context, writer)
  return { bytes: writer.finish(), records }
}

function write(
  bytes: Buffer,
  format: Exclude<FormatName, 'otlp-protobuf'>,
  context: Context,
  writer: ProtobufWriter,
): number {
  switch (format) {
    case 'otlp-json':
      return otlpJsonToProtobuf(bytes, writer, context.losses)
    case 'json-lines':
    case 'text':
      return linesToOtlp(bytes, format, context, writer, context.losses)
    case 'forward':
      return forwardToOtlp(bytes, context, writer, context.losses)
  }
}
