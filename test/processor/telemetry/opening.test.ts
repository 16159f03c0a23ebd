import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keysNewCommand } from '../../../processor/cli/keys-new.ts'
import { openCommand } from '../../../processor/cli/open.ts'
import { capturedIo } from '../cli/captured-io.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { openAs, seal, sealRecord } from '../engine/fixtures.ts'
import { installMeter, type Meter } from './meter.ts'

let meter: Meter
beforeEach(() => {
  meter = installMeter()
})
afterEach(() => meter.remove())

const RULES = [
  { id: 'one', key: '^one$', seal: { to: 'security' } },
  { id: 'two', key: '^two$', seal: { to: 'dpo' } },
]

function open(record: object) {
  return openAs(['security'], Buffer.from(JSON.stringify(record)))
}

test('values are counted as opened or left sealed, by format', async () => {
  openAs(['security'], seal(RULES, '{"one":"a","two":"b"}\n{"one":"c"}\n'))
  openAs(['security'], Buffer.from('nothing'), 'text')
  expect(await meter.counted('fieldseal.opening.values')).toEqual({
    'json-lines security-1 opened': 2,
    'json-lines sealed': 1,
    'text opened': 0,
    'text sealed': 0,
  })
})

test('refusals are counted by their reason', async () => {
  const { one } = sealRecord(RULES, { one: 'a' }) as { one: string }
  const header = JSON.parse(Buffer.from(JSON.parse(one).protected, 'base64url').toString())
  const protectedBy = (change: object) => Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url')
  const altered = (change: object) => JSON.stringify({ ...JSON.parse(one), ...change })
  const { unopened } = open({
    strangers: sealRecord(RULES, { two: 'b' }).two,
    tag: altered({ tag: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    future: altered({ protected: protectedBy({ v: 2 }) }),
    past: altered({ protected: protectedBy({ v: 0 }) }),
    junk: altered({ iv: 1 }),
    opens: one,
  })
  expect(unopened).toBe(5)
  expect(await meter.counted('fieldseal.opening.refusals')).toEqual({
    'json-lines no-key': 1,
    'json-lines security-1 authentication': 1,
    'json-lines policy': 2,
    'json-lines malformed': 1,
  })
})

test('a value that is tried in each of several passes is refused once', async () => {
  const inner = sealRecord(RULES, { one: 'a', two: 'b' })
  // What is sealed around a sealed value comes to light in a second pass, and is looked into in a third.
  const around = { id: 'around', path: 'attributes.around', seal: { to: 'security' } } as const
  const outer = sealRecord([around], { around: { in: inner.two }, two: inner.two })
  const { opened, unopened } = open(outer)
  expect([opened, unopened]).toEqual([1, 2])
  expect(await meter.counted('fieldseal.opening.values')).toEqual({
    'json-lines security-1 opened': 1,
    'json-lines sealed': 2,
  })
  expect(await meter.counted('fieldseal.opening.refusals')).toEqual({ 'json-lines no-key': 2 })
})

test('values that were altered count for the key at hand that they are for; how long it took is recorded', async () => {
  const { one } = sealRecord(RULES, { one: 'a' }) as { one: string }
  open({ tag: JSON.stringify({ ...JSON.parse(one), tag: 'AAAAAAAAAAAAAAAAAAAAAA' }) })
  expect(await meter.counted('fieldseal.opening.values')).toEqual({
    'json-lines opened': 0,
    'json-lines security-1 sealed': 1,
    'json-lines sealed': 0,
  })
  expect(await meter.counted('fieldseal.opening.duration')).toEqual({ 'json-lines': 1 })
})

test('a malformed batch leaves no refusals to the next', async () => {
  const sealed = seal(RULES, '{"two":"b"}\n')
  expect(() => openAs(['security'], Buffer.from('{'), 'otlp-json')).toThrow()
  openAs(['security'], sealed)
  expect(await meter.counted('fieldseal.opening.refusals')).toEqual({ 'json-lines no-key': 1 })
})

test('the command counts as the library does, with one opener for all batches', async () => {
  const folder = temporaryFolder({})
  await keysNewCommand.execute(['stranger', '--dir', folder], capturedIo())
  const lines = seal(RULES, '{"one":"a","two":"b"}\n'.repeat(2))
  const io = { ...capturedIo(), stdin: Readable.from([lines]) }
  expect(await openCommand.execute(['-k', join(folder, 'stranger.jwk')], io)).toBe(0)
  expect(await meter.counted('fieldseal.opening.values')).toEqual({ 'json-lines opened': 0, 'json-lines sealed': 4 })
  expect(await meter.counted('fieldseal.opening.refusals')).toEqual({ 'json-lines no-key': 4 })
})
