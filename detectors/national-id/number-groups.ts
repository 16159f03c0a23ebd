import type { Span } from '../detector.ts'

/** A number of two digits or more, or a group of a hex dump or its offset, and one separator behind it. */
const NUMBER_BEFORE = /(?:[0-9]{2}|(?:^|[^0-9A-Za-z])[0-9A-Fa-f]{4}|[0-9a-f]{7}:|[0-9a-f]{7}: )[ -]$/
const NUMBER_AFTER = /^[ -](?:[0-9]{2}|[0-9A-Fa-f]{4}(?:[^0-9A-Za-z]|$))/

/**
 * Whether groups between full stops could be bytes, as those of addresses and their ranges (`10.128.115.233-6`) are: none
 * above 255, and none with a leading zero.
 */
export function looksLikeAddress(written: string): boolean {
  const groups = written.replace(/-.*$/, '').split('.')
  return groups.length >= 3 && groups.every((group) => /^(?:0|[1-9][0-9]*)$/.test(group) && Number(group) <= 255)
}

/** Whether numbers stand beside a number that is itself in groups: it is a part of a table, a dump, or a longer number. */
export function standsInRow(text: string, { start, end }: Span): boolean {
  return NUMBER_BEFORE.test(text.slice(Math.max(0, start - 10), start)) || NUMBER_AFTER.test(text.slice(end, end + 6))
}
