import { expect, test } from 'vitest'
import { LOSS_KINDS, LOSSES } from '../../processor/formats/conversion/index.ts'
import { MEMBER } from '../../processor/formats/conversion/line-fields.ts'
import { convert } from '../processor/formats/conversion/fixtures.ts'
import { codeBlock, document, section } from './document.ts'

const PAGE = 'docs/formats.md'

test('the page lists every loss that is counted, and says of each what becomes of it', () => {
  const rows = Object.entries(LOSSES).map(([kind, what]) => `| \`${kind}\` | ${what} |`)
  expect(section(PAGE, 'losses').trim().split('\n').slice(2)).toEqual(rows)
})

test('every kind of loss is told of for the direction in which it occurs', () => {
  const [, ...rest] = document(PAGE).split('<!-- /losses -->')
  for (const kind of LOSS_KINDS) expect(rest.join(), kind).toContain(`\`${kind}\``)
})

test('the page has every member that is a field', () => {
  for (const name of Object.values(MEMBER)) expect(document(PAGE)).toContain(`\`${name}\``)
})

test('the line on the page becomes a record, and the record the line', () => {
  const line = JSON.stringify(JSON.parse(codeBlock(PAGE, 'line')))
  const otlp = convert('otlp-protobuf', 'json-lines', line)
  expect(convert('json-lines', 'otlp-protobuf', otlp.bytes).bytes.toString()).toBe(`${line}\n`)
})
