import { compactDate, compactTime, epoch, iso, moment } from './clock.ts'
import type { Kind } from './line.ts'
import { withLuhnDigit } from './luhn-by-chance.ts'
import { service } from './names.ts'

export const epochTimes: Kind = (random) => {
  const milliseconds = String(moment(random).getTime())
  const luhn = withLuhnDigit(milliseconds.slice(0, 12))
  const micro = withLuhnDigit(milliseconds + random.digits(2))
  const nano = withLuhnDigit(milliseconds + random.digits(5))
  return random.pick([
    () => `{"time":${luhn},"level":30,"msg":"tick"}`,
    () => `ts=${milliseconds.slice(0, 10)}.${random.digits(6)} caller=main.go:${random.integer(1, 900)} msg=done`,
    () => `start=${nano} end=${nano.slice(0, 9)}${random.digits(10)} took=${random.digits(9)}ns`,
    () => `${micro} ${service(random)} heartbeat`,
    () =>
      `exp ${milliseconds.slice(0, 10)} iat ${milliseconds.slice(0, 10)} nbf ${milliseconds.slice(0, 10)} clock skew +${random.integer(1, 900)}ms`,
    () =>
      `scheduled ${compactDate(random)}-${compactTime(random)} (${compactDate(random)} ${compactTime(random)}) for ${iso(random)}`,
    () => `expires in ${random.digits(9)} s at ${luhn} (+${random.integer(1, 99)} days, ${random.digits(9)} ticks)`,
    () => `lease ${epoch(random)} renewed by ${service(random)}; previous ${epoch(random)}`,
    () =>
      `window [${luhn}, ${withLuhnDigit(milliseconds.slice(0, 11) + random.digits(1))}) watermark=${epoch(random)} lag=${random.integer(0, 9000)}`,
    () =>
      `boot time ${iso(random)} birth: ${iso(random)} change: ${iso(random)} access: 2026-08-17 12:44:05.${random.digits(9)} +0200`,
    () =>
      `.NET ticks 638${random.digits(15)} filetime 1336${random.digits(14)} julian 2461${random.digits(3)}.${random.digits(5)}`,
    () =>
      `snowflake 1${random.digits(18)} ulid 01J${random.text('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)} ksuid ${random.text('0123456789ABCDEFGHIJabcdefghij', 27)}`,
    () =>
      `date ${random.integer(1, 28)}.${random.integer(1, 12)}.2026 ${random.integer(1, 12)}/${random.integer(1, 28)}/2026 ${random.integer(1, 28)}-Aug-2026`,
  ])()
}
