import { expect, test } from 'vitest'
import { isWide } from '../../detectors/wide-pattern.ts'

test.each([
  ['.{0,100}x', true],
  ['[a-z ]{1,64}@', true],
  ['(?:[0-9]{3}-){60}', true],
  ['\\w{50,}', true],
  ['ab.{0,100}', true],
  ['dop_v1_[0-9a-f]{64}', false],
  ['\\b[rs]k_live_[0-9A-Za-z]{24,99}', false],
  ['[0-9]{49}', false],
  ['[{50}]x', false],
  ['\\{50}', false],
  ['x+', false],
])('%j repeats many copies with nothing fixed before them: %s', (source, wide) => {
  expect(isWide(source)).toBe(wide)
})
