import { EDGE_BEFORE } from '../boundary.ts'
import { isBase58CheckAddress } from '../checksum/base58.ts'
import { isSegwitAddress } from '../checksum/bech32.ts'
import type { Detector } from '../detector.ts'
import { standalone } from '../standalone.ts'

/**
 * One of the first seventeen characters is no hexadecimal digit: so are those of all addresses but one in ten million,
 * and it keeps trace ids from waking the detector.
 */
const BASE58 = '[13][1-9A-Fa-f]{0,15}[GHJ-NP-Zg-km-z][1-9A-HJ-NP-Za-km-z]{9,33}'

const SEGWIT = '[02-9ac-hj-np-z]'

export const bitcoinAddress: Detector = standalone({
  name: 'bitcoin_address',
  title: 'Bitcoin address',
  group: 'financial',
  activation: 'always',
  finds:
    'Addresses of the main network: those that begin with 1 or 3 with the right checksum (Base58Check), and those that begin with bc1 with the right checksum, version and length (BIP 173, BIP 350). No letter, digit or underscore stands beside them, which keeps them out of hexadecimal identifiers.',
  misses:
    'Addresses of test networks, invoices of the Lightning network, and addresses with a character that was copied wrongly.',
  shapes: [`${BASE58}|bc1${SEGWIT}{11,87}|BC1${SEGWIT.toUpperCase()}{11,87}`],
  // It counts only from there on: counts of digits would be states of the shared automaton for every number in a log.
  wakes: [`${EDGE_BEFORE}(?:[13][1-9A-Fa-f]*[GHJ-NP-Zg-km-z][1-9A-HJ-NP-Za-km-z]{9}|(?:bc|BC)1[02-9A-Za-z]{11})`],
  lowEntropy: false,
  examples: ['to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  accepts: (printed) => (/^bc1/i.test(printed) ? isSegwitAddress(printed) : isBase58CheckAddress(printed)),
  normalise: (match) => (/^bc1/i.test(match) ? match.toLowerCase() : match),
})
