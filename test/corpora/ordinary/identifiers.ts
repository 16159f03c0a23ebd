import { compactDate } from './clock.ts'
import type { Kind } from './line.ts'
import { bigNumber, cardDigits } from './luhn-by-chance.ts'
import { service } from './names.ts'
import type { Random } from './random.ts'

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** All of it digits: about one UUID in eighty million, and still one in every large system. */
function digitsOnlyUuid(random: Random): string {
  const card = cardDigits(random)
  return `${card.slice(0, 8)}-${card.slice(8, 12)}-4${random.digits(3)}-8${random.digits(3)}-${card.slice(4)}`
}

/** UUIDs, trace ids, object ids. */
export const identifiers: Kind = (random) =>
  random.pick([
    () => `traceparent: 00-${random.hex(32)}-${random.hex(16)}-0${random.integer(0, 1)}`,
    () => `trace_id=${random.hex(32)} span_id=${random.hex(16)} trace_flags=01 request ${random.uuid()} served`,
    () => `trace_id=${random.text('0123456789', 32)} span_id=${cardDigits(random).padEnd(18, '1')}a request served`,
    () => `dd.trace_id=${bigNumber(random)} dd.span_id=${bigNumber(random)} dd.service=${service(random)}`,
    () => `x-request-id ${digitsOnlyUuid(random)} accepted`,
    () => `X-Amzn-Trace-Id: Root=1-${random.hex(8)}-${random.hex(24)};Parent=${random.hex(16)};Sampled=1`,
    () => `b3: ${random.hex(32)}-${random.hex(16)}-1-${random.hex(16)}`,
    () => `uber-trace-id: ${random.hex(16)}:${random.hex(16)}:0:1`,
    () => `object ${random.pick(['1', '3'])}${random.text(BASE58, random.integer(25, 33))} stored`,
    () => `object ${random.pick(['1', '3'])}${random.hex(31)} and 0x${random.hex(40)} stored`,
    () =>
      `peer 12D3KooW${random.text(BASE58, 44)} cid Qm${random.text(BASE58, 44)} bafybei${random.text('abcdefghijklmnopqrstuvwxyz234567', 52)}`,
    () =>
      `order ${service(random)}-${cardDigits(random)} v${cardDigits(random)} ref_${cardDigits(random)} ${cardDigits(random)}.log`,
    () =>
      `job ${compactDate(random)}-${random.digits(random.integer(3, 5))} batch ${random.digits(6)}-${random.digits(3)} node 12-${random.digits(3)}-${random.digits(2)}-${random.digits(4)}-7`,
    () =>
      `id ${random.digits(random.integer(9, 12))} parent ${random.digits(random.integer(9, 12))} shard ${random.integer(0, 255)} seq ${random.digits(9)}`,
    () =>
      `device ${random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 2)}${random.digits(7)} serial ${random.text('ABCDEFGHJKLMNPRSTUVWXYZ', 3)}${random.digits(9)} part ${random.digits(3)}-${random.digits(5)}-${random.digits(3)}`,
    () =>
      `nanoid ${random.text(`${BASE58}_-`, 21)} cuid c${random.text('abcdefghijklmnopqrstuvwxyz0123456789', 24)} xid ${random.text('0123456789abcdefghijklmnopqrstuv', 20)}`,
    () => `session ${random.hex(32)} resumed, etag W/"${random.hex(8)}-${random.base64(20).slice(0, 27)}"`,
  ])()
