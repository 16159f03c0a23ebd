/** One recipient's member of a General JSON JWE (RFC 7516 section 7.2.1), `encrypted_key` in base64url. */
export function recipientText(headerText: string, encryptedKey: string): string {
  return `${recipientPrefix(headerText)}${encryptedKey}"}`
}

/** What stands before the `encrypted_key`: constant for an epoch. */
export function recipientPrefix(headerText: string): string {
  return `{"header":${headerText},"encrypted_key":"`
}

/** General JSON serialization, `protected` first, without white space. All arguments but `recipients` are base64url. */
export function generalText(
  encodedProtected: string,
  recipients: string,
  iv: string,
  ciphertext: string,
  tag: string,
): string {
  return `{"protected":"${encodedProtected}","recipients":[${recipients}],"iv":"${iv}","ciphertext":"${ciphertext}","tag":"${tag}"}`
}

/** Compact serialization (RFC 7516 section 7.1). */
export function compactText(
  encodedProtected: string,
  encryptedKey: string,
  iv: string,
  ciphertext: string,
  tag: string,
): string {
  return `${encodedProtected}.${encryptedKey}.${iv}.${ciphertext}.${tag}`
}

/** The name by which a placeholder refers to a JWE: the first eight characters of its tag. */
export function sealedId(tag: string): string {
  return tag.slice(0, 8)
}
