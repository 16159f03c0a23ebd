import type { Format } from '../format.ts'
import type { ObjectReader } from './reader.ts'
import type { ObjectWriter } from './writer.ts'

/** A kind of record that a program has: how it is written, walked and read. */
export interface Shape<Input, Output> {
  readonly format: Format
  /** @returns what was read of it, and is given back where no rule applies. */
  write(writer: ObjectWriter, input: Input): Output
  /** @param written - what `write` returned. */
  read(reader: ObjectReader, written: Output): Output
}
