import { inspect } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { NODE_PRIMITIVES, type Primitives } from '../../../processor/jwe/primitives.ts'
import type { Sealer, SealerOptions } from '../../../processor/jwe/sealer.ts'
import { KEY_PAIRS, openerFor, PLAINTEXT, request, sealer, setOf } from './fixtures.ts'

const PAIRS = [KEY_PAIRS['P-256'], KEY_PAIRS.X25519]

/** The epk of each recipient of each of `count` values, sealed in one call. */
function epks(of: Sealer, count: number, strict?: boolean): string[][] {
  const to = setOf(of, PAIRS, strict)
  return of
    .seal(Array.from({ length: count }, () => request(to)))
    .map(({ jwe }) => JSON.parse(jwe).recipients.map(({ header }: { header: { epk: { x: string } } }) => header.epk.x))
}

function withClock(options: Partial<SealerOptions> = {}) {
  const clock = { now: 0 }
  const primitives: Partial<Primitives> = { now: () => clock.now }
  return { clock, tested: sealer({ ...options, primitives }) }
}

function distinct(values: string[][]): number {
  return new Set(values.flat()).size
}

afterEach(() => {
  vi.useRealTimers()
})

test('within an epoch each recipient has one ephemeral key of its own', () => {
  const { tested } = withClock()
  const first = epks(tested, 300)
  expect(distinct(first)).toBe(2)
  expect(epks(tested, 1)[0]).toEqual(first[0])
})

test('an epoch ends by age, whether or not keys wait in its pool', () => {
  const { tested, clock } = withClock({ maxAgeMs: 5000 })
  const first = epks(tested, 1)
  clock.now = 4999
  expect(epks(tested, 1)).toEqual(first)
  clock.now = 5000
  const second = epks(tested, 1)
  expect(distinct([...first, ...second])).toBe(4)
})

test.each([1, 2, 7, 16, 300])('an epoch ends after %i wraps, also in the middle of a call', (maxWraps) => {
  const { tested } = withClock({ maxWraps })
  const values = epks(tested, 2 * maxWraps + 1)
  const counts = new Map<string, number>()
  for (const value of values) for (const x of value) counts.set(x, (counts.get(x) ?? 0) + 1)
  expect([...counts.values()]).toEqual([maxWraps, maxWraps, maxWraps, maxWraps, 1, 1])
})

test('keys that were drawn and grew old count as wraps', () => {
  const { tested, clock } = withClock({ maxWraps: 20 })
  const first = epks(tested, 1)
  // 16 were drawn, 15 of them in vain; 4 are left.
  clock.now = 1000
  const later = epks(tested, 5)
  expect(later.slice(0, 4).every((value) => value.join() === first[0]!.join())).toBe(true)
  expect(later[4]).not.toEqual(first[0])
})

test('where the last keys of an epoch grew old the next value begins a new one', () => {
  const { tested, clock } = withClock({ maxWraps: 20 })
  const first = epks(tested, 1)
  epks(tested, 16)
  // 16 were drawn first, then 4: all 20 wraps are spent, and 3 keys wait.
  clock.now = 1000
  const later = epks(tested, 1)
  expect(distinct([...first, ...later])).toBe(4)
})

test('in strict each value has a fresh ephemeral key for each recipient', () => {
  const { tested } = withClock()
  expect(distinct(epks(tested, 20, true))).toBe(40)
  const strict = sealer({ strict: true })
  expect(distinct(epks(strict, 20))).toBe(40)
  expect(distinct(epks(strict, 20, false))).toBe(2)
})

test('sets and sealers share no epoch', () => {
  const [one, other] = [sealer(), sealer()]
  const alone = setOf(one, [PAIRS[0]!])
  const { epk } = JSON.parse(one.seal([request(alone)])[0]!.jwe).recipients[0].header
  expect(new Set([epk.x, epks(one, 1)[0]![0], epks(other, 1)[0]![0]]).size).toBe(3)
})

test('closing a sealer ends its epochs, and it can go on', () => {
  const tested = sealer()
  const first = epks(tested, 1)
  tested.close()
  const second = epks(tested, 1)
  expect(distinct([...first, ...second])).toBe(4)
})

test('an idle sealer lets its epoch end in time', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { tested, clock } = withClock({ maxAgeMs: 3000 })
  epks(tested, 1)
  expect(vi.getTimerCount()).toBe(1)
  for (let second = 1; second <= 3; second++) {
    clock.now = second * 1000
    vi.advanceTimersByTime(1000)
  }
  expect(vi.getTimerCount()).toBe(0)
})

test('the timer of an epoch keeps no process alive', () => {
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
  const before = timers()
  epks(sealer(), 1)
  expect(timers()).toBe(before)
})

test('Z, the key-wrapping keys and the content keys are overwritten once they are used', () => {
  const secrets: Uint8Array[] = []
  const tested = sealer({
    maxWraps: 5,
    primitives: {
      agree: (privateKey, publicKey) => {
        const secret = NODE_PRIMITIVES.agree(privateKey, publicKey)
        secrets.push(secret)
        return secret
      },
      random: (bytes) => {
        if (bytes.length % 32 === 0) secrets.push(bytes)
        return NODE_PRIMITIVES.random(bytes)
      },
    },
  })
  epks(tested, 10)
  const left = secrets.filter((secret) => secret.some((byte) => byte !== 0))
  // Two epochs: in each two recipients and two throw-away ones, the keys of both, and the plaintext of the probe, which
  // is no secret.
  expect(secrets).toHaveLength(2 * (4 + 2 + 1))
  expect(left.map(({ length }) => length)).toEqual([32, 32])
})

test('neither a sealer nor its sets show a key or a value', () => {
  const tested = sealer()
  const to = setOf(tested, PAIRS)
  const sealed = tested.seal([request(to)])
  const shown = inspect([tested, to, sealed], { depth: 20, showHidden: true })
  expect(shown).not.toContain(PLAINTEXT)
  expect(shown).not.toContain('Epoch')
  expect(openerFor(PAIRS[0]!).open(sealed[0]!.jwe).plaintext.toString()).toBe(PLAINTEXT)
})
