import { isValidBIC } from 'ibantools'
import type { Detector } from '../detector.ts'
import { standalone } from '../standalone.ts'

export const bic: Detector = standalone({
  name: 'bic',
  title: 'Business identifier code (BIC, SWIFT code)',
  group: 'financial',
  activation: 'gated',
  finds:
    'Codes of banks in capitals, 8 or 11 characters with a country of ISO 3166-1 in the fifth and sixth place (ISO 9362), near a word that names them.',
  misses: 'Codes without such a word or key, in small letters, or with spaces. There is no check digit.',
  shapes: ['[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?'],
  gate: {
    words: ['bic', 'bic code', 'bic swift', 'swift bic', 'swift code', 'swift id', 'swift no', 'bank identifier code'],
    keys: ['(?:^| )swift$'],
  },
  lowEntropy: true,
  examples: ['BIC: DEUTDEFF500'],
  accepts: isValidBIC,
})
