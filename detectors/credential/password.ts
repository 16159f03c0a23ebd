import type { Detector } from '../detector.ts'
import { beginsName, nameWakes } from './name-edge.ts'
import { followsOwnPrefix, isOwnOutput } from './own-output.ts'
import { isPlaceholder } from './placeholder.ts'

/** In the languages of most logs. */
const NAME_LIST = [
  'pass(?:word|wd|phrase|code|wort)',
  'pwd',
  'kennwort',
  'contrase(?:n|\u00f1)a',
  'mot[ _-]?de[ _-]?passe',
  'senha',
  'wachtwoord',
  'has(?:l|\u0142)o',
  'salasana',
  'l(?:o|\u00f6)senord',
]
const NAMES = NAME_LIST.join('|')

/** The same, one character per byte. */
const NAMES_LATIN1 = Buffer.from(NAMES).toString('latin1')

const OPERATOR = String.raw`\\*["'\x60]?\s{0,3}(?:=>|:=|=|:)\s{0,3}\\*`
/** Between quotation marks of one kind, which may have backslashes before them. */
const QUOTED = ['"', "'", '\\x60'].map((mark) => String.raw`${mark}([^${mark}\\\r\n]{4,128})\\*${mark}`).join('|')
const BARE_CHARACTER = String.raw`[^ \t\r\n\f"'\x60,;&<>\\]`

const VALUE = `${QUOTED}|(${BARE_CHARACTER}{4,128})`

const ASSIGNMENT = new RegExp(`^(?:${NAMES_LATIN1})${OPERATOR}(?:${VALUE})`, 'i')

const CONTINUES = new RegExp(BARE_CHARACTER)

/** Brackets and stops that end what is around a value: `(using password: YES)`. */
const TAIL = /[.:)\]}]+$/

export const passwordAssignment: Detector = {
  name: 'password_assignment',
  title: 'Password in a text',
  group: 'credential',
  activation: 'always',
  finds:
    'Values of 4 to 128 characters that a text assigns to a password (`password=`, `"passwd": "`, `Passwort: `, and the word in six more languages), where they are not of letters and underscores alone. The match is the value without its quotation marks.',
  misses:
    'Passwords of letters and underscores alone (`password: incorrect` is in every log), shorter than four characters, or with spaces outside of quotation marks; names that go on (`password2=`) or begin in the middle of a word (`bypassword=`). Placeholders, masks, paths and calls of functions are no passwords.',
  patterns: [`(?i:${NAMES})${OPERATOR}(?:${VALUE})`],
  wakes: nameWakes(NAME_LIST, String.raw`\\*["'\x60]?\s{0,3}[:=]`),
  lowEntropy: false,
  examples: ['login failed: user=jane password=Made-up-1'],
  confirm(text, { start, end }) {
    const match = ASSIGNMENT.exec(text.slice(start, end))
    if (match === null || !beginsName(text, start) || followsOwnPrefix(text, start)) return undefined
    const [whole, double, single, back, bare] = match
    const printed = double ?? single ?? back ?? bare!
    const isCut = bare !== undefined && bare.length < 128 && CONTINUES.test(text[end] ?? '\n')
    const value = bare === undefined ? printed : printed.replace(TAIL, '')
    if (isCut || value.length < 4 || !isPassword(value)) return undefined
    const from = start + whole.lastIndexOf(printed)
    return { start: from, end: from + value.length }
  },
  normalise: (match) => match.normalize('NFC'),
}

/** Words and names alone: what a message says of a password, and names of variables. */
const WORDS = /^[A-Za-z_$ ]*$/

/** Paths (`PWD=/root` in the log of sudo), calls, members and items in printed code, types, and numbers of constants. */
const CODE = /^(?:~?\/|\.{1,2}\/|[A-Za-z]:\\|[(:]|[\w$.]+[([]|0x[0-9A-Fa-f]+$|[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$)/

function isPassword(value: string): boolean {
  return !WORDS.test(value) && !CODE.test(value) && !isPlaceholder(value) && !isOwnOutput(value)
}
