/** How a text may have got out: each way in which it is written, by name. */
export function encodingsOf(text: string): readonly (readonly [name: string, isIn: (hay: Haystack) => boolean])[] {
  const bytes = Buffer.from(text)
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const parts = [0, 1, 2].map((before) => base64Part(bytes, before))
  const folded = text.toLowerCase()
  const escaped = JSON.stringify(text).slice(1, -1).toLowerCase()
  return [
    ['as it is', (hay) => hay.folded.includes(folded) || hay.folded.includes(escaped)],
    ['URI-encoded', (hay) => hay.folded.includes(encodeURIComponent(text).toLowerCase())],
    ['percent-encoded', (hay) => hay.folded.includes(percent)],
    ['hexadecimal', (hay) => hay.folded.includes(bytes.toString('hex'))],
    ['base64', (hay) => parts.some((part) => hay.alphabet.includes(part))],
  ]
}

export interface Haystack {
  readonly folded: string
  /** With the alphabet of base64 in the place of that for URLs. */
  readonly alphabet: string
}

export function haystackOf(text: string): Haystack {
  return { folded: text.toLowerCase(), alphabet: text.replaceAll('-', '+').replaceAll('_', '/') }
}

/** The characters that bytes have in base64 whatever stands before and after them. */
function base64Part(bytes: Buffer, before: number): string {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  return encoded.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6))
}
