/** How far back the beginning of a placeholder or pseudonym is looked for: kinds and key names have 64 characters. */
const BACK = 80

/** A placeholder or pseudonym up to its last part: `[sealed:password:`, `hmac-sha256:token-key:`. */
const BEFORE = /(?:\[(?:sealed|dropped|masked):[\w.-]*:?|hmac-sha256:[\w.-]*:?)$/

/** `typ` of the compact values that Fieldseal itself writes. */
const SEALED_TYPE = 'fieldseal+jwe'

/**
 * Whether a stage before this one wrote what begins at `start`: the tail of a placeholder or of a pseudonym, whose
 * middle part may well be called `password`.
 */
export function followsOwnPrefix(text: string, start: number): boolean {
  return BEFORE.test(text.slice(Math.max(0, start - BACK), start))
}

/** Whether a value is a placeholder, a pseudonym, or a sealed value in compact or JSON form, or the head of one. */
export function isOwnOutput(value: string): boolean {
  if (
    /^(?:\[(?:sealed|dropped|masked):|hmac-sha256:|\{"?(?:protected|unprotected|recipients|ciphertext)\b)/.test(value)
  )
    return true
  if (!value.startsWith('eyJ')) return false
  const header = Buffer.from(value.split('.', 1)[0]!, 'base64url').toString('latin1')
  return header.includes(`"typ":"${SEALED_TYPE}"`)
}

/** Whether a part of a sealed value stands at `start`, compact or JSON. They look random: they are. */
export function isPartOfSealed(text: string, start: number): boolean {
  if (text.includes('"ciphertext"') && text.includes('"recipients"')) return true
  let first = start
  while (/[0-9A-Za-z_.-]/.test(text[first - 1] ?? '')) first -= 1
  return isOwnOutput(text.slice(first))
}
