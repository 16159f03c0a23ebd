/** A text that stands nowhere else, so that whoever finds it has found a leak. */
export interface Canary {
  /** Where it was put, for the message of a failure. */
  readonly place: string
  readonly text: string
}

export interface Leak {
  readonly place: string
  /** How it was written. */
  readonly encoding: string
}

/**
 * Every way in which a canary may have got out: as it is, in any case, as hexadecimal digits, as base64 in each of its
 * three alignments (and in the alphabet for URLs), and as UTF-16 of either byte order.
 */
export function leaksIn(bytes: Uint8Array, canaries: readonly Canary[]): Leak[] {
  const haystack = Buffer.from(bytes).toString('latin1')
  const folded = haystack.toLowerCase()
  const plainAlphabet = haystack.replaceAll('-', '+').replaceAll('_', '/')
  return canaries.flatMap(({ place, text }) => {
    const needle = Buffer.from(text)
    const found: string[] = []
    if (folded.includes(needle.toString('latin1').toLowerCase())) found.push('as it is')
    if (folded.includes(needle.toString('hex'))) found.push('hexadecimal')
    if (folded.includes(percentEncoded(text).toLowerCase())) found.push('percent-encoded')
    for (const [alignment, part] of base64Parts(needle).entries()) {
      if (plainAlphabet.includes(part)) found.push(`base64, alignment ${alignment}`)
    }
    for (const [name, wide] of Object.entries(utf16(text))) if (haystack.includes(wide)) found.push(name)
    return found.map((encoding) => ({ place, encoding }))
  })
}

/** The characters that the text has in base64 whatever stands before and after it, for each alignment. */
function base64Parts(text: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), text])
      .toString('base64')
      .replace(/=+$/, '')
    const first = before === 0 ? 0 : before + 1
    const whole = Math.floor(((before + text.length) * 8) / 6)
    return encoded.slice(first, whole)
  })
}

function utf16(text: string): Record<string, string> {
  const little = Buffer.from(text, 'utf16le')
  return {
    'UTF-16, little endian': little.toString('latin1'),
    'UTF-16, big endian': Buffer.from(little).swap16().toString('latin1'),
  }
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}
