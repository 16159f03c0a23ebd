import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { sealCommand } from '../../../processor/cli/seal.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'

const ADDRESS = 'jane.doe@example.org'
const CARD = '4111 1111 1111 1111'
const INPUT = [`{"msg":"${CARD}"}`, `{"to":"${ADDRESS}"}`, '{"msg":"x"}', ''].join('\n')

async function sealed(inline: string, ...argv: string[]) {
  const folder = temporaryFolder({
    'rules.yaml': 'rules: [{id: cards, detect: [payment_card], mask: {}}]',
    'config.yaml': `rules: [rules.yaml]\nleak_scan: {inline: ${inline}}\n`,
  })
  const io = { ...capturedIo(), stdin: Readable.from([Buffer.from(INPUT)]) }
  const exit = await sealCommand.execute(['-c', join(folder, 'config.yaml'), ...argv], io)
  return { exit, lines: io.written().split('\n').filter(Boolean), said: io.complained() }
}

test('the report says what rules have done, and what is still in the clear: where, and never what', async () => {
  const { exit, lines, said } = await sealed('report', '--report')
  expect(exit).toBe(0)
  expect(lines).toEqual(['{"msg":"****"}', `{"to":"${ADDRESS}"}`, '{"msg":"x"}'])
  expect(said).toBe('       3  records\n       1  cards\n       1  leak scan: email at attributes.to\n')
})

test('a scan that refuses leaves records out, and says how many', async () => {
  const { lines, said } = await sealed('refuse')
  expect(lines).toEqual(['{"msg":"****"}', '{"msg":"x"}'])
  expect(said).toBe('warning: the leak scan has refused 1 record\n')
})
