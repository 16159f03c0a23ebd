import { metrics } from '@opentelemetry/api'
import type { Histogram } from '@opentelemetry/sdk-metrics'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../processor/errors.ts'
import { FORMAT_NAMES, type FormatName } from '../../../processor/formats/index.ts'
import { measureSealing } from '../../../processor/telemetry/sealing.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { codeOf, engineFor } from '../engine/fixtures.ts'
import { installMeter, type Meter } from './meter.ts'

const RULES: readonly RuleInput[] = [
  { id: 'addresses', detect: 'email', seal: { to: 'all' } },
  { id: 'logins', key: '^login$', hash: { key: 'k' } },
  { id: 'tokens', key: '^token$', mask: {} },
  { id: 'codes', key: '^cvv$', drop: {} },
]
const BATCH = { format: 'text', bytes: 7, actions: new Map<string, string>() }

let meter: Meter
beforeEach(() => {
  meter = installMeter()
})
afterEach(() => meter.remove())

describe('a batch that is processed', () => {
  test('is counted by its format, with its records and its bytes as they came in', async () => {
    const engine = engineFor(RULES)
    engine.seal(Buffer.from('{"msg":"jane@example.com"}\n{"msg":"ü"}\n'), 'json-lines')
    engine.seal(Buffer.from('{"msg":"nothing"}'), 'json-lines')
    engine.seal(Buffer.from('one\ntwo\nthree'), 'text')
    engine.seal(Buffer.alloc(0), 'otlp-protobuf')
    engine.seal(
      Buffer.from('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{"body":{"stringValue":"a"}}]}]}]}'),
      'otlp-json',
    )
    expect(await meter.counted('fieldseal.sealing.batches')).toEqual({
      'json-lines processed': 2,
      'text processed': 1,
      'otlp-protobuf processed': 1,
      'otlp-json processed': 1,
    })
    expect(await meter.counted('fieldseal.sealing.records')).toEqual({
      'json-lines': 3,
      text: 3,
      'otlp-protobuf': 0,
      'otlp-json': 2,
    })
    expect(await meter.counted('fieldseal.sealing.input.size')).toEqual({
      'json-lines processed': 27 + 13 + 17,
      'text processed': 13,
      'otlp-protobuf processed': 0,
      'otlp-json processed': 83,
    })
  })

  test('counts values by rule and action, over all formats, as the engine reports them', async () => {
    const engine = engineFor(RULES)
    const line = '{"msg":"jane@example.com and joe@example.com","login":"jane","token":"t","cvv":123}\n'
    const { values } = engine.seal(Buffer.from(line), 'json-lines')
    engine.seal(Buffer.from('to jane@example.com'), 'text')
    expect(Object.fromEntries(values)).toEqual({ addresses: 2, logins: 1, tokens: 1, codes: 1 })
    // Attributes in the order of their names: the action, then the id.
    expect(await meter.counted('fieldseal.sealing.values')).toEqual({
      'seal addresses': 3,
      'hash logins': 1,
      'mask tokens': 1,
      'drop codes': 1,
    })
  })

  test('is counted by a provider that was set after the engine was made', async () => {
    meter.remove()
    const engine = engineFor(RULES)
    engine.seal(Buffer.from('before'), 'text')
    meter = installMeter()
    engine.seal(Buffer.from('after'), 'text')
    expect(await meter.counted('fieldseal.sealing.records')).toEqual({ text: 1 })
  })

  test('takes seconds', async () => {
    const start = performance.now()
    measureSealing(BATCH, () => {
      while (performance.now() - start < 20);
      return { records: 0, values: new Map(), audited: new Map() }
    })
    const most = (performance.now() - start) / 1000
    const all = (await meter.collect()).scopeMetrics[0]!.metrics
    const duration = all.find(({ descriptor }) => descriptor.name === 'fieldseal.sealing.duration')
    const { count, sum } = duration!.dataPoints[0]!.value as Histogram
    expect(count).toBe(1)
    expect(sum).toBeGreaterThan(0.019)
    expect(sum).toBeLessThanOrEqual(most)
  })
})

describe('a batch that fails', () => {
  test.each([
    ['FIELDSEAL_INPUT_MALFORMED', 'otlp-json', '{"resourceLogs":[', {}],
    ['FIELDSEAL_INPUT_MALFORMED', 'otlp-protobuf', '\x0a\x7f', {}],
    ['FIELDSEAL_INPUT_TOO_DEEP', 'json-lines', '{"a":{"b":{"c":{"d":"e"}}}}', { depth: 2 }],
    ['FIELDSEAL_INPUT_TOO_LARGE', 'text', 'four', { batch: 3 }],
    ['FIELDSEAL_VALUE_TOO_LARGE', 'json-lines', '{"msg":"jane.doe@example.com"}', { value: 10 }],
  ] as const)('is counted with the code %s (%s), and its records are not', async (code, format, text, limits) => {
    const engine = engineFor(RULES, { limits })
    const bytes = Buffer.from(text)
    expect(codeOf(() => engine.seal(bytes, format))).toBe(code)
    expect(await meter.counted('fieldseal.sealing.batches')).toEqual({ [`${code} ${format} failed`]: 1 })
    expect(await meter.counted('fieldseal.sealing.input.size')).toEqual({ [`${code} ${format} failed`]: bytes.length })
    expect(await meter.counted('fieldseal.sealing.duration')).toEqual({ [`${code} ${format} failed`]: 1 })
    expect(await meter.counted('fieldseal.sealing.records')).toEqual({})
    expect(await meter.counted('fieldseal.sealing.values')).toEqual({})
  })

  test('throws the very error that was thrown', () => {
    const error = new FieldsealError('FIELDSEAL_SEAL_FAILED', 'failed')
    let thrown: unknown
    try {
      measureSealing(BATCH, () => {
        throw error
      })
    } catch (caught) {
      thrown = caught
    }
    expect(thrown).toBe(error)
  })

  test('for a fault of ours is counted without a word of the error', async () => {
    class CanaryError extends Error {
      readonly code = 'canary'
      override readonly name = 'canary'
    }
    expect(() =>
      measureSealing(BATCH, () => {
        throw new CanaryError('canary')
      }),
    ).toThrow(CanaryError)
    expect(await meter.counted('fieldseal.sealing.batches')).toEqual({ 'FIELDSEAL_INTERNAL text failed': 1 })
    expect(JSON.stringify(await meter.collect())).not.toContain('canary')
  })
})

describe('a provider that fails', () => {
  const broken = () => {
    throw new Error('the exporter is broken')
  }
  const instrument = { add: broken, record: broken, addCallback: () => {} }
  const observable = { createObservableGauge: () => instrument, createObservableCounter: () => instrument }
  test.each([
    ['on a measurement', { createCounter: () => instrument, createHistogram: () => instrument, ...observable }],
    ['on making an instrument', { createCounter: broken, createHistogram: broken }],
  ])('%s decides neither whether a batch passes nor why it fails', (_, brokenMeter) => {
    meter.remove()
    metrics.setGlobalMeterProvider({ getMeter: () => brokenMeter as never })
    const engine = engineFor(RULES)
    const bytes = Buffer.from('nothing')
    expect(engine.seal(bytes, 'text').bytes).toBe(bytes)
    expect(codeOf(() => engine.seal(Buffer.from('{'), 'otlp-json'))).toBe('FIELDSEAL_INPUT_MALFORMED')
  })
})

/** Batches in which there is nothing; of other formats `{}`. */
const SMALLEST: Partial<Record<FormatName, Uint8Array>> = {
  'otlp-protobuf': Buffer.alloc(0),
  forward: Buffer.from([0x92, 0xa1, 0x74, 0x90]),
}

test('without a provider engines work as with one', () => {
  meter.remove()
  const engine = engineFor(RULES)
  for (const format of FORMAT_NAMES) {
    const bytes = Buffer.from(SMALLEST[format] ?? '{}')
    expect(engine.seal(bytes, format).bytes).toBe(bytes)
  }
})
