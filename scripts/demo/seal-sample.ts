import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../../processor/index.ts'
import { holds } from './claims.ts'
import { PLANTED } from './planted.ts'
import { jsonLines, otlpJson, otlpProtobuf, protobufAsJson } from './sample.ts'
import { prettyRecord, type Screen } from './screen.ts'

/** The record that is shown, by its place in the sample. */
export const SHOWN = 1
const UNTOUCHED = [0, 9]
const RULES = ['cards', 'e-mail', 'the-rest', 'logins', 'client-addresses', 'card-codes']

type Counts = ReadonlyMap<string, number>

/** Seals the sample in three formats and shows one record before and after. @returns the sealed JSON lines. */
export function sealSample(engine: Engine, folder: string, screen: Screen): Buffer {
  const lines = jsonLines()
  const sealed = engine.seal(lines, 'json-lines')
  const json = otlpJson().map((request) => engine.seal(request, 'otlp-json'))
  const protobuf = otlpProtobuf().map((request) => engine.seal(request, 'otlp-protobuf'))
  writeFileSync(join(folder, 'sealed.jsonl'), sealed.bytes, { mode: 0o600 })

  showRecord(lines, sealed.bytes, screen)
  showCounts(sealed.records, sealed.values, [json, protobuf].map(sum), screen)
  checkPlanted(
    [lines, ...otlpJson(), ...otlpProtobuf().map(protobufAsJson)],
    [sealed, ...json].map(({ bytes }) => bytes).concat(protobuf.map(({ bytes }) => protobufAsJson(bytes))),
  )
  const before = lines.toString().split('\n')
  const after = sealed.bytes.toString().split('\n')
  holds(
    'records that no rule touches stay as they were',
    UNTOUCHED.every((at) => before[at] === after[at]),
  )
  screen.line()
  screen.line(`  None of the ${PLANTED.length} planted values is left in the clear. The records that hold none of them`)
  screen.line('  left byte for byte as they came.')
  return sealed.bytes
}

/** Everything is in what came in, in all formats, and nothing in what leaves. */
function checkPlanted(before: readonly Buffer[], after: readonly Buffer[]): void {
  for (const { text, what } of PLANTED) {
    holds(`the ${what} is in the sample`, before.filter((bytes) => bytes.includes(text)).length === 3)
    holds(`the ${what} is not left in the clear`, !after.some((bytes) => bytes.includes(text)))
  }
}

function showRecord(before: Buffer, after: Buffer, screen: Screen): void {
  const record = (bytes: Buffer) => JSON.parse(bytes.toString().split('\n')[SHOWN]!)
  const remark = (jwe: string): string => {
    const kids = JSON.parse(jwe).recipients.map(({ header }: { header: { kid: string } }) => header.kid)
    return screen.paint('dim', `for ${kids.join(' and ')}, ${jwe.length} bytes`)
  }
  screen.title('A log record')
  screen.line(prettyRecord(record(before), remark))
  screen.title('The same record, sealed')
  screen.line(prettyRecord(record(after), remark))
}

function sum(batches: readonly { readonly values: Counts }[]): Counts {
  const total = new Map<string, number>()
  for (const { values } of batches) for (const [rule, count] of values) total.set(rule, (total.get(rule) ?? 0) + count)
  return total
}

function showCounts(records: number, counts: Counts, others: readonly Counts[], screen: Screen): void {
  screen.title(`What was found in ${records} records`)
  for (const rule of RULES) {
    const planted = PLANTED.filter((entry) => entry.rule === rule)
    const expected = planted.reduce((count, { times }) => count + times, 0)
    const count = counts.get(rule)
    holds(`the rule ${rule} acts on ${expected} values`, count === expected)
    holds(
      `the rule ${rule} finds as much in OTLP`,
      others.every((other) => other.get(rule) === expected),
    )
    const kinds = [...new Set(planted.map(({ what }) => what))].join(', ')
    screen.line(`  ${String(count).padStart(3)}  ${rule.padEnd(18)} ${screen.paint('dim', kinds)}`)
  }
  screen.line()
  screen.line('  The same records as OTLP requests, in JSON and in protobuf, gave the same counts.')
}
