import { expect, test } from 'vitest'
import { type Scalar, whereHolds } from '../../rules/where.ts'

test.each<[readonly Scalar[], readonly Scalar[], boolean | undefined]>([
  [['auth'], ['auth'], true],
  [['auth', 'gateway'], ['gateway'], true],
  [['auth'], ['Auth'], false],
  [['auth'], ['other', 'auth'], true],
  [['auth'], ['other', 'more'], false],
  [['auth'], [], undefined],
  [['auth'], [5], undefined],
  [[5], ['5'], undefined],
  [[5], [5], true],
  [[true], [false], false],
  [[true], [1], undefined],
  // Of another type is not comparable, whatever stands beside it.
  [['auth'], [5, 'auth'], true],
  [['auth'], [5, 'other'], false],
  [[5, 'auth'], ['other'], false],
  [[5], [Number.NaN], false],
])('wanted %j, found %j: %s', (values, found, holds) => {
  expect(whereHolds({ field: 0, values }, found)).toBe(holds)
})
