/**
 * Shannon's entropy of a text's own characters, in bits per character: 0 for `aaaa`, 4 where 16 characters stand equally
 * often. A text of n characters has at most log2(n).
 */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
