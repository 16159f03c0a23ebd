import { holds } from './claims.ts'
import { type PlainRecord, plainRecords } from './otlp-records.ts'
import { PLANTED } from './planted.ts'
import { logRecords, SHOWN, UNTOUCHED } from './sample.ts'
import { prettyRecord, type Screen } from './screen.ts'

/** Shows a record as the program logged it and as it left the service, and checks all of them. */
export function showRecord(sealed: Buffer, screen: Screen): void {
  const before = logRecords().map(({ severityText, body, attributes }) => ({ severityText, body, attributes }))
  const after = plainRecords(sealed)
  checkPlanted(Buffer.from(JSON.stringify(before)), sealed)
  holds(
    'records that no rule touches stay as they were',
    UNTOUCHED.every((at) => JSON.stringify(before[at]) === JSON.stringify(after[at])),
  )
  const remark = (jwe: string): string => {
    const kids = JSON.parse(jwe).recipients.map(({ header }: { header: { kid: string } }) => header.kid)
    return screen.paint('dim', `for ${kids.join(' and ')}, ${jwe.length} bytes`)
  }
  const shown = (record: object | undefined) => prettyRecord(record as PlainRecord, remark)
  screen.title('A record as a program logged it, with the SDK of OpenTelemetry')
  screen.line(shown(before[SHOWN]))
  screen.title('As it left the service, over OTLP and into a file')
  screen.line(shown(after[SHOWN]))
  screen.line()
  screen.line(`  Of ${PLANTED.length} values planted in ${before.length} records none is left in the clear.`)
}

/** Everything is in what was logged, and nothing in what left. */
function checkPlanted(before: Buffer, after: Buffer): void {
  for (const { text, what } of PLANTED) {
    holds(`the ${what} is in the sample`, before.includes(text))
    holds(`the ${what} is not left in the clear`, !after.includes(text))
  }
}
