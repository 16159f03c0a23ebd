import type { WalkLimits } from '../formats/batch.ts'
import type { Format } from '../formats/format.ts'
import { ObjectReader } from '../formats/object/reader.ts'
import type { Shape } from '../formats/object/shape.ts'
import { ObjectWriter } from '../formats/object/writer.ts'
import type { OpenedBatch } from './open-records.ts'
import { writeRecord } from './seal-objects.ts'

/** Opens a record that is a value in the program. Off the fast way: memory is taken for each. */
export function openRecord<Input, Output>(
  shape: Shape<Input, Output>,
  input: Input,
  limits: WalkLimits,
  open: (bytes: Buffer, format: Format) => OpenedBatch,
): Omit<OpenedBatch, 'bytes' | 'records'> & { readonly record: Output } {
  const writer = new ObjectWriter()
  const written = writeRecord(writer, limits, shape, input)
  const batch = writer.output.bytes.subarray(0, writer.output.at)
  const { bytes, opened, unopened, moved } = open(batch, shape.format)
  const record = bytes === batch ? written : shape.read(new ObjectReader(bytes, writer.symbols), written)
  return { record, opened, unopened, moved }
}
