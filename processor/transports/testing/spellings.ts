/** By name, a text as it may be written. */
export type Spellings = readonly (readonly [encoding: string, text: string])[]

export interface AllSpellings {
  /** To be found whatever the case of its letters is. */
  readonly inAnyCase: Spellings
  /** In the alphabet of base64; that for URLs is to be turned into it. */
  readonly base64: Spellings
  /** Numbers of bytes, without spaces. */
  readonly lists: Spellings
}

/** Every way in which a text may have got out; each has a character for a byte. */
export function spellingsOf(text: string): AllSpellings {
  const bytes = Buffer.from(text)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'))
  const utf16 = Buffer.from(text, 'utf16le')
  const once = escaped(text)
  return {
    inAnyCase: [
      ['as it is', bytes.toString('latin1')],
      ['as it is', Buffer.from(once).toString('latin1')],
      ['escaped', Buffer.from(escaped(once)).toString('latin1')],
      ['escaped', [...once].map(ascii).join('')],
      ['escaped', [...text].map((character) => units(character)).join('')],
      ['URI-encoded', encodeURIComponent(text.toWellFormed())],
      ['percent-encoded', hex.map((byte) => `%${byte}`).join('')],
      ['hexadecimal', hex.join('')],
      // As `inspect` shows a Buffer, and as dumps show bytes.
      ['hexadecimal', hex.join(' ')],
      ['hexadecimal', hex.join(':')],
      ['UTF-16, little endian', utf16.toString('latin1')],
      ['UTF-16, big endian', Buffer.from(utf16).swap16().toString('latin1')],
    ],
    base64: [
      ...[0, 1, 2].map((before) => [`base64, alignment ${before}`, base64Part(bytes, before)] as const),
      ...[0, 1, 2].map((before) => ['base64 of UTF-16', base64Part(utf16, before)] as const),
    ],
    lists: [['a list of bytes', [...bytes].join(',')]],
  }
}

/** As JSON has it between the quotes. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** Non-ASCII characters as Python and others have them in JSON. */
function ascii(character: string): string {
  return character.codePointAt(0)! < 0x80 ? character : units(character)
}

function units(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('')
}

/** The characters that bytes have in base64 whatever stands before and after them. */
function base64Part(bytes: Buffer, before: number): string {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  return encoded.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6))
}
