import { isAlphanumeric } from '../boundary.ts'
import type { Detector } from '../detector.ts'
import { lettersAndDigits, standalone } from '../standalone.ts'

const BYTE = '[0-9A-Fa-f]{2}'

const detector = standalone({
  name: 'mac_address',
  title: 'MAC address',
  group: 'network',
  activation: 'off',
  finds:
    'Addresses of 48 bits (EUI-48, IEEE 802) as six pairs with colons or hyphens, or as three groups of four with dots; neither all zeros nor the broadcast address.',
  misses: 'Addresses in one run, and EUI-64 identifiers. Six bytes of a dump with colons look the same.',
  shapes: [
    `${BYTE}(?::${BYTE}){5}`,
    `${BYTE}(?:-${BYTE}){5}`,
    String.raw`[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}`,
  ],
  lowEntropy: false,
  examples: ['mac 00:1A:2B:3C:4D:5E', 'aabb.ccdd.eeff'],
  accepts: (printed) => !/^(?:0{12}|f{12})$/i.test(lettersAndDigits(printed)),
})

export const macAddress: Detector = {
  ...detector,
  confirm(text, candidate) {
    const span = detector.confirm(text, candidate)
    if (span === undefined) return undefined
    const { start, end } = span
    // More pairs than six are something else.
    const isLonger =
      (text[end] === ':' && isPair(text, end + 1)) || (text[start - 1] === ':' && isPair(text, start - 3))
    return isLonger ? undefined : span
  },
}

function isPair(text: string, at: number): boolean {
  return isAlphanumeric(text, at) && isAlphanumeric(text, at + 1) && !isAlphanumeric(text, at + 2)
}
