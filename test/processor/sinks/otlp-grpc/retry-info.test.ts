import fc from 'fast-check'
import { expect, test } from 'vitest'
import { retryDelay } from '../../../../processor/sinks/otlp-grpc/retry-info.ts'
import { root } from '../../sources/otlp-http/rpc-status.ts'

const PREFIX = 'type.googleapis.com/google.rpc.'

/** A google.rpc.Status as another library writes it. */
function status(...details: readonly (readonly [type: string, value: object])[]): Uint8Array {
  const encoded = details.map(([type, value]) => {
    const message = root.lookupType(type)
    return { type_url: PREFIX + type, value: message.encode(message.fromObject(value)).finish() }
  })
  const Status = root.lookupType('Status')
  return Status.encode(Status.fromObject({ code: 14, message: 'busy', details: encoded })).finish()
}

test('the delay is read as another library writes it, up to an hour', () => {
  const seconds = fc.integer({ min: 0, max: 10_000 })
  const nanos = fc.integer({ min: 0, max: 999_999_999 })
  fc.assert(
    fc.property(seconds, nanos, (s, n) => {
      const expected = Math.min(s * 1000 + Math.ceil(n / 1e6), 3_600_000)
      expect(retryDelay(status(['RetryInfo', { retry_delay: { seconds: s, nanos: n } }]))).toBe(expected)
    }),
  )
})

test('it is found among other details, and the first one counts', () => {
  const violation = { field_violations: [{ field: 'record 3', description: 'no' }] }
  const two = ['RetryInfo', { retry_delay: { seconds: 2 } }] as const
  expect(retryDelay(status(['BadRequest', violation], two))).toBe(2000)
  expect(retryDelay(status(two, ['RetryInfo', { retry_delay: { seconds: 9 } }]))).toBe(2000)
})

test('a RetryInfo without a delay, or with one that has passed, asks for none', () => {
  expect(retryDelay(status(['RetryInfo', {}]))).toBe(0)
  expect(retryDelay(status(['RetryInfo', { retry_delay: { seconds: -5, nanos: -1 } }]))).toBe(0)
})

test('a status without RetryInfo says nothing of it', () => {
  expect(retryDelay(new Uint8Array())).toBeUndefined()
  expect(retryDelay(status())).toBeUndefined()
  expect(retryDelay(status(['BadRequest', {}]))).toBeUndefined()
})

test('whatever the bytes, it is from 0 to an hour, or nothing', () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  const whole = status(['RetryInfo', { retry_delay: { seconds: 3, nanos: 5 } }])
  // Bytes that begin and go on as a status does go deeper than most.
  const damaged = fc
    .tuple(fc.nat(whole.length - 1), fc.nat(255))
    .map(([at, byte]) => Uint8Array.from(whole, (before, index) => (index === at ? byte : before)))
  const cut = fc.nat(whole.length).map((length) => whole.subarray(0, length))
  fc.assert(
    fc.property(fc.oneof(bytes, damaged, cut), (given) => {
      const delay = retryDelay(given) ?? 0
      expect(delay >= 0 && delay <= 3_600_000).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
