import type { Detector } from '../detector.ts'
import { standalone } from '../standalone.ts'

/** Outward and inward code: which letters may stand where (Royal Mail, "Programmers’ guide to PAF"; BS 7666). */
const UK_POSTCODE =
  /^(?:GIR0AA|[A-PR-UWYZ](?:\d[ABCDEFGHJKPSTUW]?|\d\d|[A-HK-Y]\d[ABEHMNPRVWXY]?|[A-HK-Y]\d\d)\d[ABD-HJLNP-UW-Z]{2})$/

export const ukPostcode: Detector = standalone({
  name: 'uk_postcode',
  title: 'UK postcode',
  group: 'contact',
  activation: 'gated',
  finds:
    'Outward and inward code with the letters that their places allow (BS 7666), near a word that names a postcode.',
  misses: 'Postcodes without such a word or key, and outward codes alone. Whether the postcode exists is not known.',
  shapes: ['[A-Za-z]{1,3}[0-9]?[0-9A-Za-z]?[ +]?[0-9][A-Za-z]{2}'],
  gate: { words: ['postcode', 'post code', 'postal code', 'zip code'], keys: ['(?:^| )zip$'] },
  lowEntropy: true,
  examples: ['postcode SW1A 1AA'],
  accepts: (printed) => UK_POSTCODE.test(printed.replace(/[ +]/, '').toUpperCase()),
})

export const dePostalCode: Detector = standalone({
  name: 'de_postal_code',
  title: 'German postal code',
  group: 'contact',
  activation: 'gated',
  finds: 'Five digits from 01001 to 99998 right beside a word that names a postal code.',
  misses:
    'Codes without such a word or key. Any such number beside the word is found: codes of other countries as well.',
  shapes: ['[0-9]{5}'],
  gate: { words: ['plz', 'postleitzahl', 'postal code', 'postcode', 'post code'], keys: ['(?:^| )zip$'], within: 10 },
  lowEntropy: true,
  examples: ['PLZ 10115'],
  accepts: (printed) => printed > '01000' && printed < '99999',
})

export const usZipCode: Detector = standalone({
  name: 'us_zip_code',
  title: 'US ZIP code',
  group: 'contact',
  activation: 'gated',
  finds: 'Five digits from 00501 on, or nine as 5-4 (ZIP+4), right beside the words ZIP code or postal code.',
  misses: 'Codes without such a word or key. Any such number beside the word is found.',
  shapes: ['[0-9]{5}(?:-[0-9]{4})?'],
  gate: { words: ['zip code', 'zip4', 'postal code', 'zip plus four'], keys: ['(?:^| )zip$'], within: 10 },
  lowEntropy: true,
  examples: ['ZIP code 20500', 'zip_code=20500-0003'],
  accepts: (printed) => printed > '00500',
})
