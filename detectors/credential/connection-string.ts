import type { Detector } from '../detector.ts'
import { isOwnOutput } from './own-output.ts'
import { isMask } from './placeholder.ts'

const FIRST =
  'server|data source|datasource|host|hostname|addr|address|network address|endpoint|user id|userid|uid|username|user|database|initial catalog|provider|driver|dsn'

const PASSWORD = '(?:password|pwd)[ ]?=[ ]?'

const VALUE = /(?:^|;\s{0,3})(?:password|pwd)[ ]?=[ ]?('[^']+'|"[^"]+"|[^;"' \t\r\n\f]+)$/i

const CONTINUES = /[^;"' \t\r\n\f]/

export const connectionString: Detector = {
  name: 'connection_string',
  title: 'Password of a connection string',
  group: 'credential',
  activation: 'always',
  finds:
    'Passwords in connection strings of ADO.NET, ODBC and OLE DB: `Server=…;User Id=…;Password=…;`, letters alone included. The match is the password. Those of the form `scheme://user:password@host` are found by `url_credentials`.',
  misses: 'Connection strings whose password comes first, and passwords with semicolons or spaces in them.',
  patterns: [
    String.raw`(?i:\b(?:${FIRST})[ ]?=[^;=\r\n]{1,200};(?:[^;=\r\n]{1,60}=[^;\r\n]{0,200};)*\s{0,3}${PASSWORD}(?:'[^'\r\n]+'|"[^"\r\n]+"|[^;"' \t\r\n\f]+))`,
  ],
  wakes: [String.raw`(?i:;\s{0,3}(?:password|pwd)[ ]?=)`],
  lowEntropy: false,
  examples: ['Server=db.example;Database=docs;User Id=sa;Password=made-up;Encrypt=true'],
  confirm(text, { start, end }) {
    const value = VALUE.exec(text.slice(start, end))?.[1]
    if (value === undefined) return undefined
    const quote = /^["']/.test(value) ? 1 : 0
    // A candidate that was cut short is a part of something that has been refused as a whole.
    if (quote === 0 && CONTINUES.test(text[end] ?? ';')) return undefined
    const password = value.slice(quote, value.length - quote)
    if (isMask(password) || isOwnOutput(password)) return undefined
    return { start: end - value.length + quote, end: end - quote }
  },
  normalise: (match) => match.normalize('NFC'),
}
