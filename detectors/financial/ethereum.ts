import { hasEthereumCapitals } from '../checksum/keccak-addresses.ts'
import type { Detector } from '../detector.ts'
import { standalone } from '../standalone.ts'

const DIGITS = '[0-9A-Fa-f]{40}'

export const ethereumAddress: Detector = standalone({
  name: 'ethereum_address',
  title: 'Ethereum address',
  group: 'financial',
  activation: 'always',
  finds: 'Addresses of `0x` and 40 hexadecimal digits whose capitals are the checksum of EIP-55.',
  misses: 'Addresses in letters of one case (ethereum_address_plain), and names of the Ethereum Name Service.',
  shapes: [`0x${DIGITS}`],
  lowEntropy: false,
  examples: ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
  accepts: (printed) => isMixed(printed.slice(2)) && hasEthereumCapitals(printed.slice(2)),
  normalise: (match) => match.toLowerCase(),
})

export const ethereumAddressPlain: Detector = standalone({
  name: 'ethereum_address_plain',
  title: 'Ethereum address without checksum',
  group: 'financial',
  activation: 'gated',
  finds: 'Addresses of `0x` and 40 hexadecimal digits with letters of one case, near a word of that trade.',
  misses: 'Addresses without such a word or key: any hash of 20 bytes looks like one, and is found near such a word.',
  shapes: [`0[xX]${DIGITS}`],
  gate: {
    words: ['ethereum', 'eth address', 'eth wallet', 'wallet', 'wallet address', 'erc20', 'erc721', 'metamask', 'web3'],
  },
  lowEntropy: false,
  examples: ['wallet 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'],
  accepts: (printed) => !isMixed(printed.slice(2)),
  normalise: (match) => match.toLowerCase(),
})

function isMixed(digits: string): boolean {
  return /[a-f]/.test(digits) && /[A-F]/.test(digits)
}
