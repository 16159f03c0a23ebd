import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../processor/errors.ts'
import { endOnFaults } from '../../../processor/service/faults.ts'

function setUp() {
  const emitter = new EventEmitter()
  const seen: unknown[] = []
  endOnFaults(
    emitter,
    (...line) => seen.push(line),
    (code) => seen.push(code),
  )
  return { emitter, seen }
}

/** What quotes a record in every way that there is. */
class Quoting extends Error {
  override name = 'jane@example.com'
  override message = 'cannot read jane@example.com'
  code = 'jane@example.com'
}

describe('a fault that reaches nobody', () => {
  test.each([
    ['uncaughtException', 'exception'],
    ['unhandledRejection', 'rejection'],
  ])('ends the process with a code and nothing of what was thrown (%s)', (event, kind) => {
    const { emitter, seen } = setUp()
    emitter.emit(event, new Quoting())
    expect(seen).toEqual([
      ['crashed', `an unexpected ${kind}`, expect.objectContaining({ code: 'FIELDSEAL_INTERNAL' })],
      70,
    ])
    expect(JSON.stringify(seen)).not.toContain('jane')
  })

  test('that is ours says which', () => {
    const { emitter, seen } = setUp()
    emitter.emit('unhandledRejection', new FieldsealError('FIELDSEAL_SEAL_FAILED', 'the cipher failed'))
    expect(seen).toEqual([
      ['crashed', 'the cipher failed', expect.objectContaining({ code: 'FIELDSEAL_SEAL_FAILED' })],
      70,
    ])
  })

  test('may be anything that can be thrown', () => {
    const { emitter, seen } = setUp()
    emitter.emit('uncaughtException', undefined)
    expect(seen.at(-1)).toBe(70)
  })

  test('ends the process once, even where the log fails', () => {
    const emitter = new EventEmitter()
    const codes: number[] = []
    const log = () => {
      emitter.emit('uncaughtException', new Error('again'))
      throw new Error('no log')
    }
    endOnFaults(emitter, log, (code) => codes.push(code))
    expect(() => emitter.emit('uncaughtException', new Error('first'))).toThrow('no log')
    expect(codes).toEqual([70])
  })
})
