import { expect, test } from 'vitest'
import { parseOptions } from '../../bench/options.ts'

test('without options a run is full, and cells that no figure needs have fewer rounds', () => {
  expect(parseOptions([])).toEqual({ runs: 5, otherRuns: 2, seconds: 1.5, only: '', quick: false })
})

test('a quick run is one short round, unless --runs says otherwise', () => {
  expect(parseOptions(['--quick'])).toMatchObject({ runs: 1, otherRuns: 1, seconds: 0.3 })
  expect(parseOptions(['--quick', '--runs', '4', '--only', 'W2'])).toMatchObject({ runs: 4, otherRuns: 2, only: 'W2' })
})

test.each(['0', '-1', '1.5', 'many'])('--runs %s is refused', (runs) => {
  expect(() => parseOptions([`--runs=${runs}`])).toThrow(RangeError)
})
