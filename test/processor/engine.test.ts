import { describe, expect, test } from 'vitest'
import { createEngine, type EngineConfig } from '../../processor/engine.ts'
import { codeOf } from './engine/fixtures.ts'

function codeFor(limits: object): string {
  return codeOf(() => createEngine({ rules: [], settings: { limits } as EngineConfig['settings'] & object }).close())
}

describe('limits of an engine', () => {
  test.each(['value', 'record', 'batch', 'depth', 'paths'])('%s is a whole number from 1 on', (name) => {
    for (const limit of [undefined, null, Number.NaN, Number.POSITIVE_INFINITY, '1MiB', 0, -1, 1.5]) {
      expect(codeFor({ [name]: limit })).toBe('FIELDSEAL_CONFIG_INVALID')
    }
    expect(codeFor({ [name]: 64 })).toBe('nothing was thrown')
  })

  test('a batch is no longer than places in it can be told', () => {
    expect(codeFor({ batch: 2 ** 31 - 1 })).toBe('nothing was thrown')
    expect(codeFor({ batch: 2 ** 31 })).toBe('FIELDSEAL_CONFIG_INVALID')
  })
})
