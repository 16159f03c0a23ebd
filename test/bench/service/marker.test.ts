import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { ruleSet } from '../../../bench/cells/rule-sets.ts'
import { decodeRequest } from '../../../bench/checks/otlp-messages.ts'
import { MARKER_BYTES, marker, sequenceOf, withoutMarker } from '../../../bench/service/marker.ts'
import { WORKLOADS } from '../../../bench/workloads/index.ts'
import { createEngine } from '../../../processor/index.ts'

test.each([0, 1, 2 ** 31, 2 ** 40])('the number %d is read from the end of a request', (sequence) => {
  const { bytes } = WORKLOADS.W0.batch(1, 0)
  const request = Buffer.concat([bytes, marker(sequence)])
  expect(request.length - bytes.length).toBe(MARKER_BYTES)
  expect(sequenceOf(request)).toBe(sequence)
  expect(withoutMarker(request).equals(bytes)).toBe(true)
})

test('a request without a marker has no number', () => {
  expect(sequenceOf(WORKLOADS.W0.batch(1, 0).bytes)).toBeUndefined()
  expect(sequenceOf(Buffer.alloc(3))).toBeUndefined()
})

test('a reader of the protocol skips the marker', () => {
  const { bytes } = WORKLOADS.W0.batch(1, 0)
  expect(decodeRequest(Buffer.concat([bytes, marker(7)]))).toEqual(decodeRequest(bytes))
})

test('the engine leaves the marker at the end, whether it seals something or not', () => {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const engine = createEngine({ recipients: { a: { ...jwk } }, groups: { default: ['a'] }, rules: ruleSet(20) })
  for (const percent of [0, 5] as const) {
    const { bytes } = WORKLOADS.W2.batch(1, percent)
    const sealed = engine.seal(Buffer.concat([bytes, marker(4711)]), 'otlp-protobuf')
    expect(sequenceOf(sealed.bytes)).toBe(4711)
    expect(withoutMarker(sealed.bytes).equals(bytes)).toBe(percent === 0)
  }
})
