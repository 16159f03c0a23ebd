import { FieldsealError } from '../../errors.ts'
import { binaryHeader } from '../../formats/message-pack/write.ts'
import type { ConnectionBudget } from '../../pipeline/byte-budget.ts'
import { describeDamage, Inflation, type InflationProblem } from '../inflation/inflation.ts'
import type { Message } from './message.ts'
import { withoutCompressed } from './options.ts'
import { noRoom, type Prepared } from './unit.ts'

/** The same message without compression: PackedForward, its entries as bin. Several gzip members are one stream. */
export async function inflate(
  { bytes, content, optionStart, second }: Message,
  compression: 'gzip' | 'zstd',
  limit: number,
  budget: ConnectionBudget,
): Promise<Prepared | FieldsealError> {
  const reservation = budget.reservation()
  let fits = true
  const grow = (more: number): boolean => {
    const granted = reservation.grow(more) === undefined
    // The message as it came is there, too.
    if (!granted) fits = reservation.fits(bytes.length + reservation.bytes + more)
    return granted
  }
  const inflation = new Inflation(compression, limit, grow)
  const failed = (problem: InflationProblem): FieldsealError => {
    reservation.release()
    if (problem === 'no room') return noRoom(fits)
    return problem === 'too large'
      ? new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', `the message is over max_inflated (${limit} bytes)`)
      : new FieldsealError('FIELDSEAL_INPUT_MALFORMED', describeDamage(problem, compression))
  }
  try {
    const problem = (await inflation.write(bytes.subarray(content, optionStart))) ?? (await inflation.finish())
    if (problem !== undefined) return failed(problem)
    const option = withoutCompressed(bytes, optionStart)
    const tag = bytes.subarray(bytes[0] === 0xdc ? 3 : bytes[0] === 0xdd ? 5 : 1, second)
    const head = Buffer.concat([Buffer.from([0x93]), tag, binaryHeader(inflation.length)])
    if (!grow(head.length + option.length)) return failed('no room')
    const inflated = inflation.join(head, option)
    reservation.shrink(reservation.bytes - inflated.length)
    return { bytes: inflated, reservation }
  } finally {
    inflation.close()
  }
}
