import { open } from '../../processor/index.ts'
import { holds } from './claims.ts'
import { PLANTED, READERS } from './planted.ts'
import { jsonLines } from './sample.ts'
import type { Screen } from './screen.ts'
import { SHOWN } from './seal-sample.ts'
import type { SetUp } from './set-up.ts'

/** Opens the sealed log with each key and shows who reads what. */
export function openForEach(sealed: Buffer, privateKeys: SetUp['privateKeys'], screen: Screen): void {
  screen.title('Who reads what')
  for (const reader of READERS) {
    const { bytes, opened } = open(sealed, 'json-lines', { keys: [privateKeys[reader]] })
    for (const { text, what, readers } of PLANTED) {
      const may = readers.includes(reader)
      holds(`${reader} ${may ? 'reads' : 'cannot read'} the ${what}`, bytes.includes(text) === may)
    }
    const expected = PLANTED.filter(({ readers }) => readers.includes(reader)).reduce((n, { times }) => n + times, 0)
    holds(`${reader} opens ${expected} values`, opened === expected)
    screen.line(row(reader, bytes, screen))
  }
  const { bytes, opened } = open(sealed, 'json-lines', { keys: [privateKeys.stranger] })
  holds('a stranger opens nothing', opened === 0 && bytes.equals(sealed))
  screen.line(row('a stranger', bytes, screen))
  checkSecurity(sealed, privateKeys)
  screen.line()
  screen.line('  Each reads what the rules say, and nothing else. With the key of "security" every record comes')
  screen.line('  back as it was, but for what was dropped, masked and hashed for good.')
}

function row(reader: string, bytes: Buffer, screen: Screen): string {
  const { msg } = JSON.parse(bytes.toString().split('\n')[SHOWN]!)
  return `  ${reader.padEnd(10)}  ${msg.replaceAll(/\[sealed:[^\]]*\]/g, (part: string) => screen.paint('dim', part))}`
}

function checkSecurity(sealed: Buffer, privateKeys: SetUp['privateKeys']): void {
  const { bytes, unopened } = open(sealed, 'json-lines', { keys: [privateKeys.security] })
  const lines = (text: Buffer) => text.toString().trim().split('\n')
  const comparable = (line: string) => {
    const record = JSON.parse(line.replace('203.0.113.7', '****'))
    delete record.cvv
    if (record.user !== undefined) delete record.user.login
    return JSON.stringify(record)
  }
  const before = lines(jsonLines()).map(comparable)
  const after = lines(bytes).map(comparable)
  holds('every record comes back for security', unopened === 0 && before.join('\n') === after.join('\n'))
}
