/** Milliseconds; what a backend asks for beyond it is not passed on. */
const MOST_MS = 3_600_000

const SECONDS = /^\d{1,20}$/
/** The three forms of an HTTP-date (RFC 9110 section 5.6.7), as far as `Date.parse` does not look itself. */
const WITH_ZONE = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/**
 * The value of `Retry-After` in milliseconds from `now`, at most an hour: seconds or an HTTP-date (RFC 9110 section
 * 10.2.3). A time that has passed is 0; what is neither is undefined, as if the header were not there.
 *
 * @param now - milliseconds since 1970
 */
export function parseRetryAfter(value: string, now: number): number | undefined {
  if (SECONDS.test(value)) return Math.min(Number(value) * 1000, MOST_MS)
  const time = parseHttpDate(value)
  return Number.isNaN(time) ? undefined : Math.min(Math.max(0, time - now), MOST_MS)
}

function parseHttpDate(value: string): number {
  if (WITH_ZONE.test(value)) return Date.parse(value)
  // The form of C's asctime names no zone: it is UTC, and Node would take it to be local.
  return ASCTIME.test(value) ? Date.parse(`${value} GMT`) : Number.NaN
}
