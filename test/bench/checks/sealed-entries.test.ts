import { describe, expect, test } from 'vitest'
import { checkSealedEntries } from '../../../bench/checks/sealed-entries.ts'
import { forwardEntries } from '../../../bench/workloads/forward-entries.ts'
import { WORKLOADS } from '../../../bench/workloads/index.ts'

const clean = forwardEntries(WORKLOADS.W2.batch(1, 0))
const planted = forwardEntries(WORKLOADS.W2.batch(1, 1))

describe('the check of entries of Fluent Forward', () => {
  test('has nothing to say of entries without matches that are as they were', async () => {
    expect(await checkSealedEntries(clean, clean.bytes, [])).toEqual([])
  })

  test('reports what is missing, what was changed and what is in the clear', async () => {
    const changed = Buffer.from(clean.bytes)
    changed[changed.indexOf('message') + 20]! ^= 1
    expect(await checkSealedEntries(clean, changed, [])).toEqual([
      'entries without matches were changed',
      'entry 0: more was changed than the planted value',
    ])
    expect(await checkSealedEntries(clean, Buffer.alloc(0), [])).toContain('0 entries came out of 512')
    const problems = await checkSealedEntries(planted, planted.bytes, [])
    expect(problems.filter((problem) => problem.endsWith('is in the clear'))).toHaveLength(planted.planted.length)
  })

  test('reports what does not open to what was planted', async () => {
    const openers = [{ name: 'nobody', open: () => 'something else', atMost: 2 }]
    const problems = await checkSealedEntries(planted, planted.bytes, openers)
    expect(problems.filter((problem) => problem.includes('nobody does not get the value back'))).toHaveLength(2)
  })
})
