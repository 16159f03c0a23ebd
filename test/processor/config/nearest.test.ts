import { expect, test } from 'vitest'
import { nearest } from '../../../processor/config/nearest.ts'

const KNOWN = ['recipients', 'groups', 'rules', 'limits', 'email', 'iban']

test.each([
  ['recipents', 'recipients'],
  ['Recipients', 'recipients'],
  ['emial', 'email'],
  ['ruels', 'rules'],
  ['limit', 'limits'],
  ['ibna', 'iban'],
  ['x', undefined],
  ['sources', undefined],
  ['', undefined],
  ['recipients'.repeat(10_000), undefined],
])('%j was probably meant to be %j', (word, expected) => {
  expect(nearest(word, KNOWN)).toBe(expected)
})
