import type { Detector } from '../detector.ts'
import { keysEndingWith, namedValue } from '../named-value.ts'

export const cardVerificationCode: Detector = namedValue({
  name: 'card_verification_code',
  title: 'Card verification code',
  group: 'financial',
  finds: 'The whole value under keys that name the code printed on a card (CVV, CVC, CAV2, security code).',
  misses: 'Codes in texts: three digits look like any other number. Keys that only speak of the check (`cvv_result`).',
  keys: [
    keysEndingWith(
      '(?:cvv|cvc|cav|icvv|dcvv)2?(?: ?(?:code|number|value|no|num))?',
      '(?:card|cc) ?csc',
      'card ?verification(?: ?(?:code|value|number|data))?',
      '(?:card )?security ?code',
      'card ?(?:check|identification) ?(?:code|number|value)',
      'prüfziffer karte|kartenprüfnummer|kartenpruefnummer',
      'cryptogramme(?: visuel)?',
    ),
  ],
  lowEntropy: true,
  examples: ['123', '1234'],
})

export const cardExpiry: Detector = namedValue({
  name: 'card_expiry',
  title: 'Card expiry date',
  group: 'financial',
  finds: 'The whole value under keys that name the expiry of a card, or its month or year.',
  misses:
    'Dates in texts, and keys that name an expiry but not that of a card: tokens, certificates and caches expire too.',
  keys: [
    keysEndingWith(
      '(?:card|cc|credit ?card|debit ?card|pan) ?(?:exp|expiry|expires|expiration|valid ?(?:thru|until|to))(?: ?(?:date|month|year|mm|yy|yyyy|mmyy|yymm|mm ?yy))?',
      '(?:exp|expiry|expiration) ?(?:month|year|mm|yy|yyyy|mmyy|yymm)',
      'valid ?thru',
    ),
  ],
  lowEntropy: true,
  examples: ['12/30', '2030-12'],
})

export const pin: Detector = namedValue({
  name: 'pin',
  title: 'Personal identification number',
  group: 'financial',
  finds: 'The whole value under keys that name the PIN of a card or an account, or its encrypted block.',
  misses: 'PINs in texts. Keys such as `gpio_pin` are left alone; a key that is `pin` alone is not.',
  keys: [
    '^pin$',
    keysEndingWith('(?:card|atm|account|user|customer|debit|login|security|current|old|new|confirm) ?pin'),
    keysEndingWith('(?:card )?pin ?(?:code|block)', 'encrypted pin(?: block)?', 'geheimzahl'),
    '^pin ?number$',
  ],
  lowEntropy: true,
  examples: ['0000'],
})
