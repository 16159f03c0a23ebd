/** What is written in one word with the name of a secret: `authtoken`, `userpassword`. */
const PREFIXES =
  'access|account|admin|api|app|auth|bearer|bot|client|csrf|db|id|jwt|login|my|new|oauth|old|private|refresh|reset|root|secret|service|session|shared|smtp|ssh|user|webhook|xsrf'

const PREFIX_BEFORE = new RegExp(`(?:^|[^A-Za-z])(?:${PREFIXES})$`, 'i')

const LONGEST_PREFIX = 16

/**
 * Whether a name of a secret may begin at `start`: at the beginning of a word, behind one of the prefixes, or as a capital
 * in `camelCase`. Names in the middle of other words are none, and to look for them everywhere would cost much.
 */
export function beginsName(text: string, start: number): boolean {
  const before = text[start - 1] ?? ' '
  if (!/[A-Za-z]/.test(before)) return true
  if (/[a-z]/.test(before) && /[A-Z]/.test(text[start] ?? '')) return true
  return PREFIX_BEFORE.test(text.slice(Math.max(0, start - LONGEST_PREFIX), start))
}

/**
 * For the first look at many values: a pattern that matches wherever one of the names may begin, up to what `then` matches.
 *
 * @param names - sources, in lower case, each beginning with a letter.
 */
export function nameWakes(names: readonly string[], then: string): readonly string[] {
  const capital = names.map((name) => `${name[0]!.toUpperCase()}(?i:${name.slice(1)})`)
  return [`(?:^|[^A-Za-z])(?i:(?:${PREFIXES})?(?:${names.join('|')}))${then}`, `[a-z](?:${capital.join('|')})${then}`]
}
