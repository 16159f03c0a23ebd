import type { Detector } from '../detector.ts'

const LABEL = '[0-9A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----'

const BEGIN = new RegExp(`-----BEGIN ${LABEL}`, 'y')

/** Line breaks as they are, as escapes, and as escapes of escapes. */
const LINE_BREAK = String.raw`(?:\s|\\+[rn])`

/** Headers before the body: RFC 1421 (`Proc-Type`, `DEK-Info`) and RFC 9580 (`Version`, `Comment`, ...). */
const HEADERS = new RegExp(
  String.raw`(?:${LINE_BREAK}*(?:(?:Proc-Type|DEK-Info): ?[0-9A-Za-z,-]*|(?:Version|Comment|Charset|Hash): ?[^\\\r\n]*))*`,
  'y',
)

const BODY_LINE = new RegExp(`${LINE_BREAK}*([0-9A-Za-z+/=]+)`, 'y')

/** A body shorter than this is an ellipsis or a placeholder. */
const BODY_CHARACTERS = 16

const BODY = new RegExp(`[0-9A-Za-z+/=]{${BODY_CHARACTERS}}`)

/** Lines of a body have 64 or 76 characters (70 in OpenSSH); only the last one is shorter than this. */
const FULL_LINE_CHARACTERS = 48

export const privateKey: Detector = {
  name: 'private_key',
  title: 'Private key',
  group: 'credential',
  activation: 'always',
  finds:
    'Private keys in text form: PKCS#1, PKCS#8, encrypted PKCS#8 and EC (RFC 7468, RFC 5915), OpenSSH, and OpenPGP blocks (RFC 9580), with line breaks as they are, as `\\n`, or on one line, from the first hyphen to the last. A block without an end counts up to the end of its body.',
  misses: 'Keys in binary form, as JWK, in PuTTY format, or as bare base64. Blocks whose body is a placeholder.',
  patterns: [`-----BEGIN ${LABEL}(?:-{0,4}[^-])*(?:-----END ${LABEL})?`],
  lowEntropy: false,
  examples: [
    String.raw`key: -----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIE1hZGUgdXAgZm9yIHRoZSBkb2NzLCBub3Qg\n-----END PRIVATE KEY-----`,
  ],
  confirm(text, { start, end }) {
    BEGIN.lastIndex = start
    if (!BEGIN.test(text)) return undefined
    const bodyStart = BEGIN.lastIndex
    if (text.endsWith('-----', end) && end > bodyStart) {
      return BODY.test(text.slice(bodyStart, end)) ? { start, end } : undefined
    }
    HEADERS.lastIndex = bodyStart
    HEADERS.test(text)
    const last = endOfBody(text, HEADERS.lastIndex)
    return last !== undefined && last <= end ? { start, end: last } : undefined
  },
  normalise: (match) => match.normalize('NFC'),
}

/** The end of the base64 that begins at `from`; undefined where there is too little of it. */
function endOfBody(text: string, from: number): number | undefined {
  let end = from
  let characters = 0
  BODY_LINE.lastIndex = from
  for (let line = BODY_LINE.exec(text); line !== null; line = BODY_LINE.exec(text)) {
    end = BODY_LINE.lastIndex
    characters += line[1]!.length
    // Words that follow a key are base64 too: after the last line nothing is taken.
    if (line[1]!.length < FULL_LINE_CHARACTERS) break
  }
  return characters >= BODY_CHARACTERS ? end : undefined
}
