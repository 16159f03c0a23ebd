/**
 * What stands in place of a secret in templates, manuals and texts that have been cleaned. Only capitals after a dollar
 * sign make a variable: `$ecret` is a password.
 */
const MASK =
  /^(?:[*.•·_-]+|[Xx]{3,}|(?:%2[Aa])+|\$\{.*|\$\(.*|\$[A-Z_][0-9A-Z_]*|#\{.*|@\{.*|\{.*|\[.*|<.*|%[A-Z_][0-9A-Z_]*%|%\(?[a-z_]*\)?[sdvq]|&[a-z]+;.*)$/

/** In any case. */
const WORDS =
  /^(?:redacted|masked|hidden|filtered|removed|omitted|protected|encrypted|sealed|null|nil|none|undefined|true|false|empty|unset|missing|required|optional|invalid|incorrect|expired|changed|string|secret|password|token|yes|no|n\/a)$/i

/** Anywhere: what manuals write. */
const MANUAL =
  /x{6}|\*{3}|\.{3}|<[a-z_ -]+>|(?:your|my|some|insert|enter|replace|paste|change)[_-]?(?:own|the|me|new|this|api|access|auth|secret|token|key|password)|change[_-]?me|place[_-]?holder|redacted|\[filtered\]|(?:vault|arn|ssm|secretref|secretsmanager|op|keyvault|file|env)[:#]/i

/** Whether a value is one of the signs that stand for a secret: stars, a variable, brackets. */
export function isMask(value: string): boolean {
  return MASK.test(value)
}

/** Whether a value is a placeholder and no secret. */
export function isPlaceholder(value: string): boolean {
  return MASK.test(value) || WORDS.test(value) || MANUAL.test(value) || isOneCharacter(value)
}

function isOneCharacter(value: string): boolean {
  return value.length > 2 && value === value[0]!.repeat(value.length)
}

/** Three letters or more of one case, or with a capital in front, and a number behind: `OAuth2`, `db01`. */
const WORD = /^(?:[A-Z]?[a-z]{2,}|[a-z]{3,}|[A-Z]{3,})[0-9]{0,2}$/

/** A word can be spoken. */
const UNSPEAKABLE = /^[^aeiouy]*$|[^aeiouy0-9]{5}/i

/** More than this part of a name's letters and digits stands in words. */
const MOST_IN_WORDS = 0.6

/**
 * Whether a value is made of words, as names of classes, hosts, files and functions are: `user-token-store`,
 * `getUserByToken2`, `prod.db.example`. What is drawn at random is not, but for one in a hundred.
 */
export function isMadeOfWords(value: string): boolean {
  const pieces = value.split(/[^0-9A-Za-z]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
  let all = 0
  let inWords = 0
  for (const piece of pieces) {
    all += piece.length
    if (WORD.test(piece) && !UNSPEAKABLE.test(piece)) inWords += piece.length
  }
  return all > 0 && inWords / all > MOST_IN_WORDS
}
