import { describe, expect, test } from 'vitest'
import { maskAction } from '../../../rules/actions/mask.ts'

const mask = (keepLast: number, text: string) =>
  maskAction(keepLast).replace({ kind: 'x', text, normalise: (same) => same })

describe('a mask', () => {
  test.each([
    [0, 'secret', '****'],
    [0, '', '****'],
    [4, '4111111111111111', '****1111'],
    [4, '12345678', '****5678'],
    // Of a short text the last characters are nearly all of it.
    [4, '1234567', '****'],
    [4, '1234', '****'],
    [1, 'ab', '****b'],
    [1, 'a', '****'],
    // Characters, not code units or bytes.
    [2, 'ab😀é', '****😀é'],
    [8, 'x'.repeat(16), `****${'x'.repeat(8)}`],
  ])('that keeps %i of %j is %j', (keepLast, text, masked) => {
    expect(mask(keepLast, text)).toBe(masked)
  })

  test.each([0, 1, 4, 8])('that keeps %i is known again', (keepLast) => {
    const action = maskAction(keepLast)
    expect(action.isResult(mask(keepLast, '4111 1111 1111 1111'))).toBe(true)
    expect(action.isResult(mask(keepLast, 'x'))).toBe(true)
    expect(action.isResult('4111 1111 1111 1111')).toBe(false)
    expect(action.isResult('')).toBe(false)
    expect(action.isResult('***')).toBe(false)
    expect(action.isResult(`****${'x'.repeat(keepLast + 1)}`)).toBe(false)
  })

  test('says how much it leaves', () => {
    expect(maskAction(4)).toMatchObject({ name: 'mask', rank: 3, deferred: false, removes: false, leaves: 4 })
  })
})
