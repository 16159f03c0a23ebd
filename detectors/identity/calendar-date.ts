const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const MONTH_NAMES =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|sept?|[a-z]{3})$/

const FIRST_YEAR = 1880
const LAST_YEAR = 2049

/** Two digits of a year are those of the hundred years up to this one. */
const LAST_SHORT_YEAR = 29

/**
 * The day that a date names, as `1980-02-29`.
 *
 * Where day and month could be either, the day comes first: `03/04/1980` is the third of April, wherever it was written.
 *
 * @param printed - a date without a time, in one of the forms that are in use.
 * @returns undefined where there is no such day, or it is before 1880 or after 2049.
 */
export function calendarDate(printed: string): string | undefined {
  const parts =
    printed
      .toLowerCase()
      .match(/\d+|[a-z]+/g)
      ?.filter((part) => !/^(?:st|nd|rd|th|of)$/.test(part)) ?? []
  if (parts.length === 1 && /^\d{8}$/.test(parts[0]!))
    return day(parts[0]!.slice(0, 4), parts[0]!.slice(4, 6), parts[0]!.slice(6))
  if (parts.length !== 3) return undefined
  const [first, second, third] = parts as [string, string, string]
  if (first.length === 4) return day(first, second, third)
  if (/^[a-z]/.test(first)) return day(third, monthNumber(first), second)
  if (/^[a-z]/.test(second)) return day(third, monthNumber(second), first)
  return day(third, second, first) ?? day(third, first, second)
}

function monthNumber(name: string): string {
  return MONTH_NAMES.test(name) ? String(MONTHS.indexOf(name.slice(0, 3)) + 1) : '0'
}

function day(yearText: string, monthText: string, dayText: string): string | undefined {
  if (![yearText, monthText, dayText].every((part) => /^\d{1,4}$/.test(part))) return undefined
  if (yearText.length !== 4 && yearText.length !== 2) return undefined
  const year = yearText.length === 4 ? Number(yearText) : fullYear(Number(yearText))
  if (year < FIRST_YEAR || year > LAST_YEAR) return undefined
  const date = new Date(Date.UTC(year, Number(monthText) - 1, Number(dayText)))
  const isReal = date.getUTCMonth() === Number(monthText) - 1 && date.getUTCDate() === Number(dayText)
  return isReal ? date.toISOString().slice(0, 10) : undefined
}

function fullYear(short: number): number {
  return short <= LAST_SHORT_YEAR ? 2000 + short : 1900 + short
}
