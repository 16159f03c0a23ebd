const DAYS: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether some year has such a day. */
export function isDayOfYear(month: number, day: number): boolean {
  return day >= 1 && day <= (DAYS[month - 1] ?? 0)
}

/**
 * Whether `240115-1030` may be a point in time, or `240115-0042` the number of an order: six digits that could be year,
 * month and day in either order, and four that could be hours and minutes, or count from one. Logs and file names are
 * full of those, and one in ten passes a check digit.
 *
 * @param six - digits.
 * @param four - digits.
 */
export function looksLikeTime(six: string, four: string): boolean {
  if (!/^(?:[01][0-9]|2[0-3])[0-5][0-9]$/.test(four) && !four.startsWith('0')) return false
  const [first, month, last] = [Number(six.slice(0, 2)), Number(six.slice(2, 4)), Number(six.slice(4))]
  return month >= 1 && month <= 12 && first >= 1 && first <= 31 && last >= 1 && last <= 31
}

/**
 * Whether six digits are a day of 2020 to 2039 as year, month and day in either order: what is dated, jobs, batches and
 * builds, is dated so, whatever number follows.
 */
export function isOfOurYears(six: string): boolean {
  const [first, month, last] = [Number(six.slice(0, 2)), Number(six.slice(2, 4)), Number(six.slice(4))]
  const isYear = (two: number) => two >= 20 && two <= 39
  return (isYear(first) && isDayOfYear(month, last)) || (isYear(last) && isDayOfYear(month, first))
}

/** Lower-case letters that hexadecimal text has too, and no others: hashes and identifiers look like this. */
export function looksHexadecimal(written: string): boolean {
  return /^[0-9a-f]+$/.test(written)
}
