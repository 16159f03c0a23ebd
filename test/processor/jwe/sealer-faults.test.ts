import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { NODE_PRIMITIVES, type Primitives } from '../../../processor/jwe/primitives.ts'
import { errorOf, KEY_PAIRS, openerFor, PLAINTEXT, request, sealer, setOf } from './fixtures.ts'

const PAIRS = [KEY_PAIRS['P-256'], KEY_PAIRS.RSA]

function fail(): never {
  throw new Error(`error:0A000086: ${PLAINTEXT}`)
}

/** Calls the real primitive but for the calls from `first` on. */
function breaking<K extends 'random' | 'agree' | 'encrypt'>(name: K, first: number, broken: Primitives[K]) {
  const state = { calls: 0, healed: false }
  const real = NODE_PRIMITIVES[name] as (...inputs: unknown[]) => unknown
  const primitive = (...inputs: unknown[]) => {
    const isBroken = ++state.calls >= first && !state.healed
    return (isBroken ? (broken as typeof real) : real)(...inputs)
  }
  return { state, primitives: { [name]: primitive } as Partial<Primitives> }
}

function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  if (changed.length > 0) changed[0]! ^= 1
  return changed
}

const FAULTS: [string, ReturnType<typeof breaking>][] = [
  ['the random generator throws at once', breaking('random', 1, fail)],
  ['the random generator throws at the second draw', breaking('random', 2, fail)],
  ['the random generator throws for the keys of the epoch', breaking('random', 5, fail)],
  ['the random generator is stuck', breaking('random', 1, (bytes) => bytes.fill(0))],
  ['the random generator repeats a block', breaking('random', 1, (bytes) => bytes.fill('0123456789abcdef'))],
  ['the agreement throws', breaking('agree', 1, fail)],
  ['the agreement of the epoch throws', breaking('agree', 2, fail)],
  ['the agreement gives a wrong secret', breaking('agree', 1, () => Buffer.alloc(32, 1))],
  ['the cipher throws in the probe', breaking('encrypt', 1, fail)],
  ['the cipher throws at the second value', breaking('encrypt', 3, fail)],
  [
    'the cipher gives the plaintext',
    breaking('encrypt', 1, (_k, _i, _a, plaintext) => ({ ciphertext: Buffer.from(plaintext), tag: Buffer.alloc(16) })),
  ],
  [
    'the cipher gives a wrong tag',
    breaking('encrypt', 1, (...inputs) => {
      const { ciphertext, tag } = NODE_PRIMITIVES.encrypt(...inputs)
      return { ciphertext, tag: flipped(tag) }
    }),
  ],
  [
    'the cipher gives a wrong ciphertext',
    breaking('encrypt', 1, (...inputs) => {
      const { ciphertext, tag } = NODE_PRIMITIVES.encrypt(...inputs)
      return { ciphertext: flipped(ciphertext), tag }
    }),
  ],
  [
    'the cipher leaves the header out',
    breaking('encrypt', 1, (key, iv, _aad, plaintext) => NODE_PRIMITIVES.encrypt(key, iv, Buffer.alloc(0), plaintext)),
  ],
]

describe.each(FAULTS)('where %s', (_, { state, primitives }) => {
  test('sealing throws one error that says nothing, and goes on once it is healed', () => {
    const tested = sealer({ primitives })
    const to = setOf(tested, PAIRS)
    const requests = Array.from({ length: 3 }, () => request(to))
    const error = errorOf(() => tested.seal(requests))
    expect([error.code, error.message, error.retryable]).toEqual([
      'FIELDSEAL_SEAL_FAILED',
      'Sealing failed; no value of the call was sealed.',
      true,
    ])
    expect(inspect(error)).not.toContain(PLAINTEXT)
    expect(inspect(error)).not.toContain('0A000086')

    state.healed = true
    const opener = openerFor(PAIRS[0]!)
    expect(tested.seal(requests).map(({ jwe }) => opener.open(jwe).plaintext.toString())).toEqual(
      Array(3).fill(PLAINTEXT),
    )
  })
})

test('a fault in the middle of an epoch ends it: no key of it is used again', () => {
  const { state, primitives } = breaking('encrypt', 4, fail)
  const tested = sealer({ primitives })
  const to = setOf(tested, [PAIRS[0]!])
  const epk = (jwe: string) => JSON.parse(jwe).recipients[0].header.epk.x
  const [before] = tested.seal([request(to)])
  errorOf(() => tested.seal([request(to), request(to), request(to)]))
  state.healed = true
  const [after] = tested.seal([request(to)])
  expect(epk(after!.jwe)).not.toBe(epk(before!.jwe))
})

test('the probe comes with every epoch, not with the first alone', () => {
  let isBroken = false
  const tested = sealer({
    maxWraps: 1,
    primitives: {
      encrypt(...inputs) {
        const sealed = NODE_PRIMITIVES.encrypt(...inputs)
        return isBroken ? { ...sealed, tag: flipped(sealed.tag) } : sealed
      },
    },
  })
  const to = setOf(tested, PAIRS)
  expect(tested.seal([request(to)])).toHaveLength(1)
  isBroken = true
  expect(errorOf(() => tested.seal([request(to)])).code).toBe('FIELDSEAL_SEAL_FAILED')
})
