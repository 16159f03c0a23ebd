import { expect, test } from 'vitest'
import { FieldsealError } from '../../../processor/errors.ts'
import { headerTemplate } from '../../../processor/jwe/envelope.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import { recipientFromJwk } from '../../../processor/jwe/recipients.ts'
import { Sealer, type SealerOptions } from '../../../processor/jwe/sealer.ts'

const header = headerTemplate({ cty: 'text', path: 'body' })
const recipient = (kid: string) => recipientFromJwk(generateKeyPair('X25519', kid).publicJwk)

function sealer(options: Partial<SealerOptions>): Sealer {
  return new Sealer({ strict: false, maxAgeMs: 60_000, maxWraps: 1000, maxValueBytes: 100, ...options })
}

function sealFor(tested: Sealer, recipients: readonly ReturnType<typeof recipient>[], count = 1): string {
  const to = tested.recipientSet(recipients)
  const request = { to, header, plaintext: Buffer.from('v'), serialization: 'general' as const }
  try {
    tested.seal(Array.from({ length: count }, () => request))
    return 'sealed'
  } catch (error) {
    return error instanceof FieldsealError ? error.code : 'another error'
  }
}

test('from the moment on that a key expires nothing is sealed for it, nor for fewer recipients than there should be', () => {
  let time = 1_000
  const tested = sealer({ primitives: { time: () => time } })
  const expiring = { ...recipient('a'), expires: 2_000 }
  const other = recipient('b')
  expect(sealFor(tested, [expiring, other])).toBe('sealed')
  time = 1_999
  expect(sealFor(tested, [expiring, other])).toBe('sealed')
  time = 2_000
  expect(sealFor(tested, [expiring, other])).toBe('FIELDSEAL_RECIPIENT_EXPIRED')
  expect(sealFor(tested, [expiring])).toBe('FIELDSEAL_RECIPIENT_EXPIRED')
  expect(sealFor(tested, [other])).toBe('sealed')
})

test('an observer is told of each call, of epochs that began in it, and of the wraps of those that ended', () => {
  const told: [string, number][] = []
  const observer = {
    sealed: (milliseconds: number) => told.push(['sealed', Math.sign(milliseconds)]),
    epochsBegun: (count: number) => told.push(['begun', count]),
    epochEnded: (wraps: number) => told.push(['ended', wraps]),
  }
  const tested = sealer({ observer, maxWraps: 40 })
  const to = [recipient('a')]
  expect(sealFor(tested, to, 3)).toBe('sealed')
  expect(told).toEqual([
    ['sealed', 1],
    ['begun', 1],
  ])
  told.length = 0
  // The first epoch ends with its fortieth value, the second one by itself.
  expect(sealFor(tested, to, 40)).toBe('sealed')
  expect(told).toEqual([
    ['ended', 40],
    ['sealed', 1],
    ['begun', 1],
  ])
  told.length = 0
  tested.close()
  expect(told).toEqual([['ended', expect.any(Number)]])
})

test('of strict sealing an observer is told once for each call, whatever the number of values', () => {
  const told: [string, number][] = []
  const observer = {
    sealed: () => told.push(['sealed', 0]),
    epochsBegun: (count: number) => told.push(['begun', count]),
    epochEnded: (wraps: number) => told.push(['ended', wraps]),
  }
  expect(sealFor(sealer({ observer, strict: true }), [recipient('a')], 5)).toBe('sealed')
  expect(told).toEqual([
    ['sealed', 0],
    ['begun', 5],
  ])
})
