import { describe, expect, test } from 'vitest'
import { FORMAT_NAMES } from '../../../../processor/index.ts'
import { mutateBytes } from '../../../fuzz/byte-mutations.ts'
import { makeInput } from '../../../fuzz/inputs.ts'
import { Random } from '../../../fuzz/random.ts'
import { scanFor } from './scans.ts'

const scan = scanFor()

test.each(FORMAT_NAMES)('bytes that are meant to be %s, whatever they are, give a report', (format) => {
  const random = new Random(20261130)
  let unreadable = 0
  for (let i = 0; i < 150; i += 1) {
    let bytes = makeInput(random, format)
    for (let times = random.below(4); times > 0; times -= 1) bytes = mutateBytes(random, bytes)
    if (scan.scan(bytes, format).unreadable) unreadable += 1
  }
  if (format === 'text') expect(unreadable).toBe(0)
  else expect(unreadable).toBeGreaterThan(5)
})

test.each(FORMAT_NAMES)('%s that is cut off at any byte gives a report', (format) => {
  const bytes = makeInput(new Random(3), format)
  for (let length = 0; length < Math.min(bytes.length, 600); length += 1) scan.scan(bytes.subarray(0, length), format)
})

describe('what would take much', () => {
  const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels)

  test('nesting is followed to a depth, and no further', () => {
    for (const levels of [199, 100_000]) {
      const isUnreadable = levels > 200
      const line = `{"a":${deep('[', ']', levels)}}`
      expect(scan.scan(Buffer.from(line), 'json-lines').unreadable).toBe(isUnreadable)
      const arrays = Buffer.concat([Buffer.alloc(levels, 0x91), Buffer.from([0xc0])])
      const pack = Buffer.concat([Buffer.from('93a1610181a161', 'hex'), arrays])
      expect(scan.scan(pack, 'forward').unreadable).toBe(isUnreadable)
    }
    let message = Buffer.from([0x0a, 1, 0x78])
    for (let level = 0; level < 3000; level += 1)
      message = Buffer.concat([Buffer.from([0x2a]), length(message), message])
    expect(scan.scan(message, 'otlp-protobuf').unreadable).toBe(false)
    const item = (inner: Buffer) => Buffer.concat([Buffer.from([0x0a]), length(inner), inner])
    let value = Buffer.from([0x0a, 1, 0x78])
    for (let level = 0; level < 300; level += 1) {
      const list = item(value)
      value = Buffer.concat([Buffer.from([0x2a]), length(list), list])
    }
    const field = (tag: number, inner: Buffer) => Buffer.concat([Buffer.from([tag]), length(inner), inner])
    const request = field(0x0a, field(0x12, field(0x12, field(0x2a, value))))
    expect(scan.scan(request, 'otlp-protobuf').unreadable).toBe(true)
  })

  test('counts that cannot be true cost nothing', () => {
    expect(scan.scan(Buffer.from('93a16101dfffffffff', 'hex'), 'forward').unreadable).toBe(true)
    expect(scan.scan(Buffer.from('92a161ddffffffff', 'hex'), 'forward').unreadable).toBe(true)
    expect(scan.scan(Buffer.from('0affffffffffffffffff01', 'hex'), 'otlp-protobuf').unreadable).toBe(true)
  })

  test('a record with very many values is one that nobody understands', () => {
    const line = Buffer.from(`{"a":[${'0,'.repeat(1 << 20)}0]}`)
    expect(scan.scan(line, 'json-lines')).toMatchObject({ records: 1, unreadable: true })
  })

  test('very long keys and very many paths are counted as others', () => {
    // One that has shown no path yet.
    const own = scanFor()
    const lines = Array.from({ length: 1200 }, (_, i) => `{"k${i}":"a@example.org"}`).join('\n')
    const { leaks, leakingRecords } = own.scan(
      Buffer.from(`${lines}\n{"${'x'.repeat(5000)}":"a@example.org"}`),
      'json-lines',
    )
    expect(leaks.size).toBe(1001)
    expect([...leaks.values()].at(-1)).toEqual({
      leak: { detector: 'email', path: 'other', service: 'other' },
      count: 201,
    })
    expect([...leakingRecords]).toEqual([['unknown', 1201]])
  })

  test('time grows with the bytes: a text full of what looks written, strings full of escapes, fields in fields', () => {
    const once = (text: string, times: number) => Buffer.from(JSON.stringify({ msg: text.repeat(times) }))
    for (const text of [`hmac-sha256:k:${'a'.repeat(22)} a@b.example `, '\\"', '[dropped:x]****']) {
      expect(ratio((times) => scan.scan(once(text, times), 'json-lines'), 500)).toBeLessThan(4)
    }
    const nested = new Map([1000, 8000].map((times) => [times, fieldsInFields(times)]))
    expect(ratio((times) => scan.scan(nested.get(times)!, 'otlp-protobuf'), 1000)).toBeLessThan(4)
  })
})

function fieldsInFields(levels: number): Buffer {
  let bytes: Buffer = Buffer.from('text of a field')
  for (let i = 0; i < levels; i += 1) bytes = Buffer.concat([Buffer.from([0x7a]), length(bytes), bytes])
  return bytes
}

/** A length of protobuf. */
function length({ length: size }: Buffer): Buffer {
  const bytes: number[] = []
  for (let rest = size; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest])
    bytes.push((rest & 0x7f) | 0x80)
  }
}

/** How much longer eight times as much takes, over eight: the least of some. */
function ratio(run: (times: number) => void, times: number): number {
  const cost = (count: number) => {
    const each = [1, 2, 3].map(() => {
      const before = process.cpuUsage()
      run(count)
      const { user, system } = process.cpuUsage(before)
      return user + system
    })
    return Math.max(Math.min(...each), 200)
  }
  run(times)
  return cost(8 * times) / cost(times) / 8
}
