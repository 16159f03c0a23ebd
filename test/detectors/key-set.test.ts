import { expect, test } from 'vitest'
import { DEFAULT_DETECTORS } from '../../detectors/index.ts'
import { KeySet } from '../../detectors/key-set.ts'

const MEMORY_BYTES = 32 * 1024 * 1024

test('a key opens the same whatever keys came before, be they more or longer than are remembered', () => {
  const set = new KeySet(DEFAULT_DETECTORS, MEMORY_BYTES)
  const alone = (key: string) => [...new KeySet(DEFAULT_DETECTORS, MEMORY_BYTES).openedBy(key)]
  const long = `${'a-'.repeat(100)}passport_number`
  const opening = ['passport_number', 'user.password', long, 'x']
  const expected = opening.map(alone)
  expect(expected.map((open) => open.length > 0)).toEqual([true, true, true, false])
  const asked = () => opening.map((key) => [...set.openedBy(key)])
  expect(asked()).toEqual(expected)
  for (let i = 0; i < 3000; i += 1) expect(set.openedBy(`key ${i}`).size).toBe(0)
  expect(asked()).toEqual(expected)
  expect(asked()).toEqual(expected)
})
