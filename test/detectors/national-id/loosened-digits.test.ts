import { expect, test } from 'vitest'
import { loosenedDigits } from '../../../detectors/national-id/loosened-digits.ts'

test.each([
  ['[0-3][0-9][01][0-9]{3}-[0-9]{4}', '[0-9][0-9][0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9]'],
  ['(?:0[1-9]|1[0-2])[A-Z]', '[0-9][0-9][A-Z]'],
  ['(?:18|19|20)?[0-9]{2}', '(?:18|19|20)?[0-9][0-9]'],
  ['(?:19[0-9]{2}|200[0-9])', '[0-9][0-9][0-9][0-9]'],
  ['(?:0[1-9]|2[ABab])', '(?:0[0-9]|2[ABab])'],
  ['(?:1|22)', '(?:1|22)'],
  ['[STFG][0-9]{7}[A-Z]', '[STFG][0-9][0-9][0-9][0-9][0-9][0-9][0-9][A-Z]'],
])('%s becomes %s', (shape, loosened) => {
  expect(loosenedDigits(shape)).toBe(loosened)
})
