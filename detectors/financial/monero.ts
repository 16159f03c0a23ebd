import { isMoneroAddress } from '../checksum/keccak-addresses.ts'
import type { Detector } from '../detector.ts'
import { standalone } from '../standalone.ts'

export const moneroAddress: Detector = standalone({
  name: 'monero_address',
  title: 'Monero address',
  group: 'financial',
  activation: 'always',
  finds:
    'Standard, sub- and integrated addresses of the main network, 95 or 106 characters of base 58, with the right checksum (Keccak-256, as Monero’s own source computes it).',
  misses: 'Addresses of test networks, and payment identifiers.',
  shapes: ['[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?:[1-9A-HJ-NP-Za-km-z]{11})?'],
  lowEntropy: false,
  examples: ['44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A'],
  accepts: isMoneroAddress,
  normalise: (match) => match,
})
