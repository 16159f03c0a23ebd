import { afterEscape, MAYBE_ESCAPE } from '../boundary.ts'
import { entropy } from '../checksum/entropy.ts'
import type { Detector, Span } from '../detector.ts'
import { keyWords } from '../gate.ts'
import { beginsName, nameWakes } from './name-edge.ts'
import { followsOwnPrefix, isOwnOutput, isPartOfSealed } from './own-output.ts'
import { isMadeOfWords, isPlaceholder } from './placeholder.ts'

/** How far before a value its name may begin. */
const NAME_CHARACTERS = 96

/** Escapes and quotation marks around a value; texts inside texts have backslashes before them. */
const QUOTE = String.raw`\\*["'\x60]?`

/** What the name of a secret has in it. */
const KEY_WORD_LIST = [
  'passw(?:or)?d',
  'passphrase',
  'secret',
  'token',
  'credentials?',
  ...'api access auth secret private signing encryption master account subscription app webhook shared'
    .split(' ')
    .map((kind) => `${kind}[ _.-]?key`),
  'authorization',
]
const KEY_WORD = KEY_WORD_LIST.join('|')

/** The same of a field, as lower-case words. */
const KEY_WORDS =
  '(?:^| )(?:secret|token|credential|credentials|password|passwd|passphrase|authorization|api key|access key|auth key|secret key|private key|signing key|encryption key|master key|account key|subscription key|app key|shared key|webhook key|client secret|access token|auth token|refresh token|api token|api secret|app secret|bot token)(?: |$)'

const NAME_END = String.raw`[\w.-]*${QUOTE}\s{0,3}[:=]`
const SCHEME = 'bearer|token|apikey|key|ssws|splunk'

/** A name with a key word in it, an operator, and the scheme of an HTTP header, up to the value. */
const ASSIGNMENT = new RegExp(
  String.raw`([\w.-]*(?:${KEY_WORD})[\w.-]{0,24})${QUOTE}\s{0,3}(?:=>|:=|={1,2}|:)\s{0,3}${QUOTE}(?:(?:${SCHEME})\s{1,3})?$`,
  'i',
)

/** What is beside a secret and none: its digest, its number, its place, its age. The last word of a name says so. */
const BESIDE = new Set(
  `hash digest checksum sha sha1 sha256 sha512 md5 etag fingerprint thumbprint commit revision id ids type name url uri
  path file filename dir directory endpoint host issuer audience scope scopes algorithm alg version arn ref reference
  expiry expires expiration ttl age length len count size time timestamp date at prefix status state format field
  ts tsx js jsx mjs cjs json map py go java kt rb rs php cs cpp h md txt yml yaml toml lock html css png jpg svg so jar
  gz zip crt pem sh xml sql log`.split(/\s+/),
)

/** Tokens and keys that anybody may know. */
const KNOWN_TO_ALL =
  /\b(?:public|publishable|page|cursor|continuation|sync|resume|pagination|cancellation|trace|span)\b/

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

const CHARACTER = '[0-9A-Za-z_.~+/@!#$%^*-]'

const IS_CHARACTER = new RegExp(CHARACTER)

/** A candidate that was cut short is a part of something that has been refused as a whole. */
const CONTINUES = new RegExp(`${CHARACTER}|=`)

/** Bits per character. Of 16 characters, hexadecimal digits have at most 4. */
const LEAST_ENTROPY = 3.5
const LEAST_HEXADECIMAL_ENTROPY = 3

export const genericSecret: Detector = {
  name: 'generic_secret',
  title: 'Secret by its name',
  group: 'credential',
  activation: 'always',
  finds:
    'Values of 12 characters or more that are assigned to a name with a key word in it (`api_key=`, `"secret": "`, `x-auth-token: `): not of letters alone, no UUID, no path, not made of words, and with an entropy of at least 3.5 bits per character (3 for hexadecimal digits). The match is the value without its quotation marks.',
  misses:
    'Secrets shorter than 12 characters, those made of words or of letters alone, and those with spaces, quotation marks, commas or colons in them. Names in the middle of a word (`unsecret=`). Random values that are no secrets are found where their name says that they are. In texts, names of digests, ids, files and pages of results are left alone.',
  patterns: [
    String.raw`(?i:${KEY_WORD})${NAME_END}[=>]?\s{0,3}${QUOTE}(?:(?i:${SCHEME})\s{1,3})?${CHARACTER}{12,}={0,2}`,
  ],
  wakes: nameWakes(KEY_WORD_LIST, NAME_END),
  lowEntropy: false,
  examples: ['api_key = "q7Rk2-Xw9bT4vLz8"', 'X-Auth-Token: 5up3rMadeUp7TokenZ'],
  confirm(text, candidate) {
    if (CONTINUES.test(text[candidate.end] ?? '') || !beginsName(text, candidate.start)) return undefined
    const value = valueAtEnd(text, candidate)
    return isAssigned(text, value) ? secretIn(text, value) : undefined
  },
  normalise: (match) => match,
}

/** The same by the name of the field: the value is the secret. */
export const secretField: Detector = {
  name: 'secret_field',
  title: 'Secret in a field so named',
  group: 'credential',
  activation: 'gated',
  finds:
    'Values of 12 characters or more that are all that a field holds whose name has a key word in it (`token`, `api_key`, `clientSecret`), with the structure that `generic_secret` asks for.',
  misses:
    'Short values, those of words or of letters alone; `password` takes fields of passwords whatever they hold. Random values that are no secrets, where their name has a key word in it (`token_id`).',
  patterns: [`${CHARACTER}{12,}={0,2}`],
  gate: { words: [], keys: [KEY_WORDS] },
  lowEntropy: false,
  examples: ['q7Rk2-Xw9bT4vLz8'],
  confirm(text, candidate) {
    return isWholeValue(text, candidate) ? secretIn(text, candidate) : undefined
  },
  normalise: (match) => match,
}

/** The candidate without the name and the operator before its value. */
function valueAtEnd(text: string, { start, end }: Span): Span {
  let from = end
  while (from > start && end - from < 2 && text[from - 1] === '=') from -= 1
  while (from > start && IS_CHARACTER.test(text[from - 1]!)) from -= 1
  return { start: from, end }
}

function secretIn(text: string, candidate: Span): Span | undefined {
  const span = withoutTail(text, candidate)
  return isSecret(text.slice(span.start, span.end)) ? span : undefined
}

function isAssigned(text: string, { start }: Span): boolean {
  if (followsOwnPrefix(text, start)) return false
  const name = ASSIGNMENT.exec(text.slice(Math.max(0, start - NAME_CHARACTERS), start))?.[1]
  if (name === undefined) return false
  const words = keyWords(name)
  return !BESIDE.has(words.slice(words.lastIndexOf(' ') + 1)) && !KNOWN_TO_ALL.test(words)
}

/** Nothing stands beside it: only its key can have opened the gate. */
function isWholeValue(text: string, { start, end }: Span): boolean {
  return text.slice(0, start).trim() === '' && text.slice(end).trim() === ''
}

/** A full stop or an exclamation mark behind the value ends the sentence. */
function withoutTail(text: string, { start, end }: Span): Span {
  let last = end
  while (last > start && /[.!?]/.test(text[last - 1]!)) last -= 1
  return { start, end: last }
}

function isSecret(value: string): boolean {
  if (value.length < 12 || /^[A-Za-z]+$/.test(value) || UUID.test(value) || isOwnOutput(value)) return false
  if (/^(?:\.{0,2}|~)\/(?:[\w.-]+\/)*[\w.-]+$/.test(value) || isPlaceholder(value) || isMadeOfWords(value)) return false
  return entropy(value) >= (/^[0-9a-f]+$/i.test(value) ? LEAST_HEXADECIMAL_ENTROPY : LEAST_ENTROPY)
}

/** What is random enough to be a secret, wherever it stands. */
export const highEntropyString: Detector = {
  name: 'high_entropy_string',
  title: 'Random text',
  group: 'credential',
  activation: 'off',
  finds:
    'Runs of 20 to 512 characters of base64 or base64url with small letters, capitals and digits, with an entropy of at least 4.3 bits per character, and not made of words.',
  misses:
    'Hexadecimal digits: they are digests and ids far more often. Much that it finds is no secret (ids, content hashes, compressed data), which is why it is in no rule unless it is named there.',
  patterns: [`${MAYBE_ESCAPE}[0-9A-Za-z+/_-]{20,}={0,2}`],
  lowEntropy: false,
  examples: ['sent q7Rk2Xw9bT4vLz8Yc3Nf6Hd1Jm5Gs0Pa'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    const { end } = candidate
    if (/[0-9A-Za-z+/_-]/.test(text[end] ?? '')) return undefined
    const value = text.slice(start, end)
    if (value.length > 512 || !/[0-9]/.test(value) || !/[a-z]/.test(value) || !/[A-Z]/.test(value)) return undefined
    // The run may have begun before the candidate: of a pseudonym, a hyphen is a part.
    let first = start
    while (/[0-9A-Za-z+/_-]/.test(text[first - 1] ?? '')) first -= 1
    if (entropy(value) < 4.3 || isMadeOfWords(value) || followsOwnPrefix(text, first)) return undefined
    return isPartOfSealed(text, start) ? undefined : { start, end }
  },
  normalise: (match) => match,
}
