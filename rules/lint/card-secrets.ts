import { keyWords } from '../../detectors/gate.ts'
import { detectorByName } from '../../detectors/index.ts'
import { gateTest, type KeyTest } from './key-test.ts'

/** Detectors of what PCI DSS calls sensitive authentication data: never stored after authorisation, not even encrypted. */
export const CARD_SECRET_DETECTORS = ['card_verification_code', 'pin', 'card_track'] as const

/** Names of fields that hold such data. */
export const CARD_SECRET_KEYS = [
  'cvv',
  'cvv2',
  'cvc',
  'cvc2',
  'cav2',
  'cid',
  'csc',
  'card_cvv',
  'card_cvc',
  'card_cid',
  'card_verification_code',
  'card_security_code',
  'pin',
  'card_pin',
  'pin_block',
  'pin_code',
  'track_data',
  'track1_data',
  'track2_data',
  'magstripe',
] as const

/** Names that mean something else as well: a customer's id, the pin of a circuit. */
const AMBIGUOUS = new Set(['cid', 'csc', 'pin'])

const OF_CARDS = /card|^cc$|pay|acc(?:oun)?t|\batm\b|debit|credit/

const TESTS: readonly KeyTest[] = CARD_SECRET_DETECTORS.flatMap((name) => {
  const detector = detectorByName(name)
  return detector === undefined ? [] : (gateTest(detector) ?? [])
})

const KEYS: ReadonlySet<string> = new Set(CARD_SECRET_KEYS.map(keyWords))

/** Whether a key names a card's verification code, a PIN or track data. */
export function isCardSecretKey(key: string): boolean {
  return TESTS.some((test) => test.matches(key)) || KEYS.has(keyWords(key))
}

/** As `isCardSecretKey`, for the last of several keys: under `device`, a `pin` is no PIN. */
export function isCardSecretPath(keys: readonly string[]): boolean {
  const last = keys.at(-1)
  if (last === undefined || !isCardSecretKey(last)) return false
  const above = keys.slice(0, -1)
  return !AMBIGUOUS.has(last) || above.length === 0 || above.some((key) => OF_CARDS.test(keyWords(key)))
}
