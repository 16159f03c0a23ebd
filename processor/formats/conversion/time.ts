const SECOND = 1_000_000_000n
const MOST = 2n ** 64n - 1n

/** RFC 3339, and what ISO 8601 allows beside it: a comma, a zone without a colon, no zone (UTC), no seconds. */
const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,20}))?)? ?(?:[Zz]|([+-])(\d\d):?(\d\d))?$/
const EPOCH = /^(\d{1,20})(?:\.(\d{1,20}))?$/

/**
 * Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their magnitude: below 10^11 they are
 * seconds (until the year 5138), below 10^14 milliseconds, below 10^17 microseconds (both since 1973).
 *
 * @returns nanoseconds; undefined for what is no such number, or is beyond 64 bits.
 */
export function epochNanoseconds(text: string): bigint | undefined {
  const [, whole, fraction = ''] = EPOCH.exec(text) ?? []
  if (whole === undefined) return undefined
  const value = BigInt(whole)
  const digits = value < 10n ** 11n ? 9 : value < 10n ** 14n ? 6 : value < 10n ** 17n ? 3 : 0
  const time = value * 10n ** BigInt(digits) + BigInt(fraction.slice(0, digits).padEnd(digits, '0') || '0')
  return time <= MOST ? time : undefined
}

/** A date with a time, to the nanosecond; undefined for what is none, or is before 1970. */
export function isoNanoseconds(text: string): bigint | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second = '0', fraction = '', sign, zoneHour = '0', zoneMinute = '0'] = match
  const isDate = Number(day) >= 1 && Number(day) <= daysOf(Number(year), Number(month))
  // A minute may have a 61st second (RFC 3339 section 5.7), which falls together with the next minute's first.
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60
  if (!isDate || !isTime || Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -60_000 : 60_000)
  const time = BigInt(local - offset) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
  return time >= 0n && time <= MOST ? time : undefined
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0)
}

let lastSecond = -1n
let lastText = ''

/** RFC 3339 in UTC with nine digits: `2026-11-07T12:00:00.123456789Z`. */
export function isoText(time: bigint): string {
  const second = time / SECOND
  if (second !== lastSecond) {
    // Records that come together are of the same second, most often.
    lastText = new Date(Number(second) * 1000).toISOString().slice(0, 19)
    lastSecond = second
  }
  return `${lastText}.${String(time % SECOND).padStart(9, '0')}Z`
}
