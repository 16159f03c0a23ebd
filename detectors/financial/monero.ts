import { EDGE_BEFORE } from '../boundary.ts'
import { isMoneroAddress } from '../checksum/keccak-addresses.ts'
import type { Detector } from '../detector.ts'
import { standalone } from '../standalone.ts'

const NOT_HEXADECIMAL = '[GHJ-NP-Zg-km-z]'

/**
 * One of the first sixty characters is no hexadecimal digit: all addresses are like that but one in 10^23, and it keeps
 * hashes from waking the detector.
 */
const BEGINNING = new RegExp(`^[48][0-9AB][1-9A-Fa-f]{0,60}${NOT_HEXADECIMAL}`)

export const moneroAddress: Detector = standalone({
  name: 'monero_address',
  title: 'Monero address',
  group: 'financial',
  activation: 'always',
  finds:
    'Standard, sub- and integrated addresses of the main network, 95 or 106 characters of base 58, with the right checksum (Keccak-256, as Monero’s own source computes it).',
  misses: 'Addresses of test networks, and payment identifiers.',
  shapes: ['[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?:[1-9A-HJ-NP-Za-km-z]{11})?'],
  wakes: [`${EDGE_BEFORE}[48][0-9AB][1-9A-Fa-f]*${NOT_HEXADECIMAL}[1-9A-HJ-NP-Za-km-z]{9}`],
  lowEntropy: false,
  examples: ['44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A'],
  accepts: (printed) => BEGINNING.test(printed) && isMoneroAddress(printed),
  normalise: (match) => match,
})
