import { open } from '../../processor/index.ts'
import { holds } from './claims.ts'
import { type PlainRecord, plainRecords } from './otlp-records.ts'
import { PLANTED, READERS } from './planted.ts'
import { logRecords, SHOWN } from './sample.ts'
import type { Screen } from './screen.ts'
import type { SetUp } from './set-up.ts'

type PrivateKey = SetUp['privateKeys']['stranger']

/** Opens what left the service with each key and shows who reads what. */
export function openForEach(sealed: Buffer, privateKeys: SetUp['privateKeys'], screen: Screen): void {
  screen.title('Who reads what')
  for (const reader of READERS) {
    const { bytes, opened } = openLines(sealed, privateKeys[reader])
    for (const { text, what, readers } of PLANTED) {
      const may = readers.includes(reader)
      holds(`${reader} ${may ? 'reads' : 'cannot read'} the ${what}`, bytes.includes(text) === may)
    }
    const expected = PLANTED.filter(({ readers }) => readers.includes(reader)).reduce((n, { times }) => n + times, 0)
    holds(`${reader} opens ${expected} values`, opened === expected)
    screen.line(row(reader, opened, bytes, screen))
  }
  const { bytes, opened } = openLines(sealed, privateKeys.stranger)
  holds('a stranger opens nothing', opened === 0 && bytes.equals(sealed))
  screen.line(row('a stranger', opened, bytes, screen))
  checkSecurity(sealed, privateKeys.security)
  screen.line()
  screen.line('  Each reads what the rules say, and nothing else. With the key of "security" every record comes')
  screen.line('  back as it was, but for what was dropped, masked and hashed for good.')
}

/** Opens OTLP requests, one a line. */
function openLines(sealed: Buffer, key: PrivateKey): { bytes: Buffer; opened: number; unopened: number } {
  const lines = sealed.toString().split('\n').slice(0, -1)
  const results = lines.map((line) => open(Buffer.from(line), 'otlp-json', { keys: [key] }))
  return {
    bytes: Buffer.concat(results.flatMap(({ bytes }) => [bytes, Buffer.from('\n')])),
    opened: results.reduce((sum, { opened }) => sum + opened, 0),
    unopened: results.reduce((sum, { unopened }) => sum + unopened, 0),
  }
}

function row(reader: string, opened: number, bytes: Buffer, screen: Screen): string {
  const { body } = plainRecords(bytes)[SHOWN]!
  const text = body.replaceAll(/\[sealed:[^\]]*\]/g, (part) => screen.paint('dim', part))
  return `  ${reader.padEnd(10)}  ${String(opened).padStart(2)} values  ${text}`
}

function checkSecurity(sealed: Buffer, key: PrivateKey): void {
  const { bytes, unopened } = openLines(sealed, key)
  const comparable = ({ severityText, body, attributes }: PlainRecord) => {
    const { cvv: _, user, ...rest } = attributes as { cvv?: string; user?: { login: string } }
    const { login: __, ...known } = user ?? {}
    return JSON.stringify([severityText, body.replace('203.0.113.7', '****'), rest, known])
  }
  const before = (logRecords() as unknown as PlainRecord[]).map(comparable)
  const after = plainRecords(bytes).map(comparable)
  holds('every record comes back for security', unopened === 0 && before.join('\n') === after.join('\n'))
}
