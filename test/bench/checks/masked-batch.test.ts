import { expect, test } from 'vitest'
import { prepareMasking } from '../../../bench/cells/masking.ts'
import { checkMaskedBatch } from '../../../bench/checks/masked-batch.ts'
import { WORKLOADS } from '../../../bench/workloads/index.ts'

test.each([1, 20, 100] as const)(
  'the masking baseline masks what is planted and nothing else, with %i rules',
  async (rules) => {
    const subject = prepareMasking({ kind: 'masking', workload: 'W2', rules, percent: 5, testsFirst: false })
    expect(await subject.check()).toEqual([])
  },
)

test('the check reports each planted value that is not masked', () => {
  const batch = WORKLOADS.W2.batch(1, 1)
  const problems = checkMaskedBatch(batch, batch.bytes)
  expect(problems).toHaveLength(batch.planted.length + 1)
  expect(problems.at(-1)).toBe('0 records are masked instead of 5')
})
