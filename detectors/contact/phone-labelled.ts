import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Span } from '../detector.ts'

/** A label that only a phone number follows: `Phone: `, `"fax":"`, `mobile=`, and the same on a line of its own. */
const LABEL_BEFORE =
  /(?:^|[^0-9A-Za-z])(?:tele)?(?:phone|fax|tel|mobile|cell|telefon|telefono|telefone)(?:[ _]?(?:no|nr|number))?\.?["'\\]{0,2}\s?[:=]\s{0,3}["'\\(]{0,2}$/i

const WINDOW_BYTES = 40

/** Seven digits or more in groups of two to five, the first one perhaps alone or in brackets. */
const LOCAL = /^(?:\(?\d{1,5}\)?)(?:[ -]\d{2,5}){1,5}$/

const LEAST_DIGITS = 7

/**
 * Whether digits in groups stand right behind a label. Then they are a phone number whatever the country: local ones have
 * no area code, and no rule that could be looked up.
 */
export function isLabelledNumber(text: string, { start, end }: Span): boolean {
  const printed = text.slice(start, end)
  if (!LOCAL.test(printed) || printed.replace(/\D/g, '').length < LEAST_DIGITS) return false
  return LABEL_BEFORE.test(text.slice(Math.max(0, start - WINDOW_BYTES), start))
}

/**
 * Whether a number with a plus sign has a length that its country has, though no number there begins like it: those of
 * films, and those that were newly given out. In one run, or with a valid number in front, it is none of these.
 *
 * @param printed - begins with the plus sign.
 */
export function isOnlyPossible(printed: string): boolean {
  if (!/[ ()./-]/.test(printed)) return false
  const groups = printed.split(/(?<=\d)(?=\D)/)
  const beginnings = groups.map((_, index) => groups.slice(0, index + 1).join(''))
  return !beginnings.some((beginning) => parse(beginning)?.isValid()) && parse(printed)?.isPossible() === true
}

function parse(printed: string) {
  return parsePhoneNumberFromString(`+${printed.replace(/\D/g, '')}`)
}
