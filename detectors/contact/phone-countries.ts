import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** Countries that write a zero in front of a national number. */
// biome-ignore format: a list of codes
const WITH_TRUNK_ZERO: readonly CountryCode[] = [
  'GB', 'DE', 'FR', 'AU', 'JP', 'NL', 'BE', 'CH', 'AT', 'SE', 'IE', 'IT', 'FI', 'NZ', 'ZA', 'KR', 'TR', 'IL',
  'IN', 'BR', 'CN', 'PH', 'TH', 'VN', 'MY', 'ID', 'TW', 'AR', 'NG', 'KE', 'EG', 'AE', 'SA', 'PK', 'UA', 'RO',
  'BG', 'HR', 'RS',
]

/** Countries whose numbers are written without a zero, or often so, where they have nine digits or more. */
// biome-ignore format: a list of codes
const WITHOUT_TRUNK_ZERO: readonly CountryCode[] = [
  'US', 'MX', 'ES', 'PT', 'PL', 'IN', 'BR', 'CN', 'TR', 'IT', 'CZ', 'GR', 'CO', 'CL', 'PE', 'RU', 'HU', 'IL',
]

/** Nine digits or more; a one in front is that of a mobile phone in China, or the long-distance prefix of North America. */
const PLAUSIBLE_START = /^(?:[2-9]\d{8,}|1[3-9]\d{9}|1[2-9]\d{2}[2-9]\d{6})$/

/** Countries whose numbers have eight digits: as a date has, so that only groups are taken for a number. */
const OF_EIGHT_DIGITS: readonly CountryCode[] = ['DK', 'NO', 'SG', 'HK', 'LU', 'CR', 'TN']

/** Shortest and longest international number that is written without its plus sign. */
const INTERNATIONAL_DIGITS = { least: 11, most: 15 }

/**
 * Whether some country, tried in turn, has numbers such as this one in its national form; or the digits are an
 * international number with `00`, or nothing, in the place of the plus sign.
 *
 * @param digits - ASCII digits only.
 * @param isGrouped - whether separators stood between them.
 */
export function isNationalNumber(digits: string, isGrouped: boolean): boolean {
  if (digits.startsWith('00')) return isValid(`+${digits.slice(2)}`)
  if (digits.startsWith('0')) return isValidIn(WITH_TRUNK_ZERO, digits)
  if (PLAUSIBLE_START.test(digits) && isValidIn(WITHOUT_TRUNK_ZERO, digits)) return true
  if (digits.length === 8) return isGrouped && isValidIn(OF_EIGHT_DIGITS, digits)
  if (isGrouped) return false
  return (
    digits.length >= INTERNATIONAL_DIGITS.least && digits.length <= INTERNATIONAL_DIGITS.most && isValid(`+${digits}`)
  )
}

function isValidIn(countries: readonly CountryCode[], digits: string): boolean {
  return countries.some((country) => isValid(digits, country))
}

function isValid(number: string, country?: CountryCode): boolean {
  return parsePhoneNumberFromString(number, country)?.isValid() ?? false
}
