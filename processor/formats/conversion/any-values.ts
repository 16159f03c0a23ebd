import { TAG } from '../otlp-schema.ts'
import type { ProtobufWriter } from './protobuf-writer.ts'

/** Writes values of another format as AnyValues of OTLP. */
export abstract class AnyValues {
  protected readonly writer: ProtobufWriter

  constructor(writer: ProtobufWriter) {
    this.writer = writer
  }

  /** Writes a KeyValue as a field of this tag. @returns where the value ends. */
  entry(tag: number, key: Uint8Array, value: number, depth: number): number {
    const entry = this.writer.open(tag)
    if (key.length > 0) this.writer.text(TAG.KEY, key)
    const end = this.field(TAG.VALUE, value, depth)
    this.writer.close(entry)
    return end
  }

  /** Writes the value at `at` as an AnyValue that is a field of this tag. @returns where it ends. */
  field(tag: number, at: number, depth: number): number {
    const open = this.writer.open(tag)
    const end = this.value(at, depth)
    this.writer.close(open)
    return end
  }

  /** Writes the value at `at` as the content of an AnyValue. @returns where it ends. */
  protected abstract value(at: number, depth: number): number
}
