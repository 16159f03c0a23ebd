import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { context, ROOT_CONTEXT, SeverityNumber, TraceFlags, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FieldsealError, openLogRecord } from '../../../../processor/index.ts'
import { SealingLogRecordExporter } from '../../../../processor/transports/otel/index.ts'
import { PLACEHOLDER } from '../../engine/fixtures.ts'
import { CANARY, canaryEngine, configFolder, everythingIn, leaks, OPENING } from '../canaries.ts'
import { Backend, deep, LINES, OTLP, Probe, type Record } from './sdk.ts'

const engine = canaryEngine()
const backend = new Backend()
beforeAll(() => backend.start())
afterAll(async () => {
  engine.close()
  await backend.stop()
})

type Result = { code: number; error?: Error }

function exported(exporter: SealingLogRecordExporter, records: Record[]): Result[] {
  const results: Result[] = []
  exporter.export(records, (result) => results.push(result))
  return results
}

describe.each(LINES)('sdk-logs $line', ({ sdk }) => {
  /** What the SDK hands to exporters. */
  function recordsOf(...emitted: object[]): Record[] {
    const plain = new Probe()
    const provider = new sdk.LoggerProvider({ processors: [new sdk.SimpleLogRecordProcessor({ exporter: plain })] })
    for (const one of emitted) provider.getLogger('app', '1').emit(one)
    return plain.records
  }

  test('hands on sealed copies; the records of the SDK stay as they are for whoever else has them', async () => {
    const [sibling, inner] = [new Probe(), new Probe()]
    const exporter = new SealingLogRecordExporter(inner, { engine })
    const provider = new sdk.LoggerProvider({
      processors: [sibling, exporter].map((one) => new sdk.BatchLogRecordProcessor({ exporter: one })),
    })
    const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED }
    provider.getLogger('app', '1.2.3', { schemaUrl: 'https://example.com/1' }).emit({
      body: `login of ${CANARY.mail}`,
      attributes: { to: CANARY.token, n: 1.5 },
      severityNumber: SeverityNumber.WARN,
      severityText: 'warn',
      eventName: 'login',
      timestamp: [1_700_000_000, 5],
      context: trace.setSpanContext(ROOT_CONTEXT, span),
    })
    await provider.forceFlush()
    expect(sibling.records[0]).toMatchObject({ body: `login of ${CANARY.mail}`, attributes: { to: CANARY.token } })
    expect(inner.records).toHaveLength(1)
    expect(inner.records[0]).toMatchObject({
      body: expect.stringMatching(PLACEHOLDER),
      attributes: { to: expect.stringMatching(/^\{"protected"/), n: 1.5 },
      severityNumber: SeverityNumber.WARN,
      severityText: 'warn',
      eventName: 'login',
      hrTime: [1_700_000_000, 5],
      hrTimeObserved: sibling.records[0]!.hrTimeObserved,
      spanContext: span,
      droppedAttributesCount: 0,
      instrumentationScope: { name: 'app', version: '1.2.3', schemaUrl: 'https://example.com/1' },
    })
    expect(inner.records[0]!.resource.attributes).toEqual(sibling.records[0]!.resource.attributes)
    expect(leaks(everythingIn(inner.records))).toEqual([])
    expect(openLogRecord(inner.records[0]!, OPENING).record).toMatchObject({
      body: `login of ${CANARY.mail}`,
      attributes: { to: CANARY.token },
    })
    expect(exporter.stats()).toEqual({ sealed: 1, passed: 0, dropped: 0, failed: {} })
    await provider.shutdown()
  })

  test('a record in which nothing is found goes out as a copy as well', () => {
    const inner = new Probe()
    const exporter = new SealingLogRecordExporter(inner, { engine })
    const body = { ok: true }
    const [record] = recordsOf({ body })
    expect(exported(exporter, [record!])).toEqual([{ code: 0 }])
    expect(inner.records[0]).not.toBe(record)
    body.ok = CANARY.mail as never
    expect(inner.records[0]!.body).toEqual({ ok: true })
    expect(exporter.stats()).toMatchObject({ sealed: 0, passed: 1 })
  })

  test('records of one resource and scope stay together', async () => {
    const inner = new Probe()
    const exporter = new SealingLogRecordExporter(inner, { engine })
    exported(exporter, recordsOf({ body: CANARY.mail }, { body: 'x' }))
    exported(exporter, recordsOf({ body: 'y' }))
    const [first, second, other] = inner.records
    expect(second!.resource).toBe(first!.resource)
    expect(second!.instrumentationScope).toBe(first!.instrumentationScope)
    expect(other!.instrumentationScope).not.toBe(first!.instrumentationScope)
  })

  test.each(OTLP)('as $format they are one group', async ({ exporter, read }) => {
    const sealing = new SealingLogRecordExporter(exporter(backend.url), { engine })
    const provider = new sdk.LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': 'resource-once' }),
      processors: [new sdk.BatchLogRecordProcessor({ exporter: sealing })],
    })
    for (const body of [CANARY.mail, 'x', CANARY.token]) provider.getLogger('app').emit({ body })
    await provider.shutdown()
    const [bytes] = backend.take()
    expect(bytes!.toString('latin1').match(/resource-once/g)).toHaveLength(1)
    expect(read(bytes!)).toHaveLength(3)
  })

  test('the resource is one of the SDK for whoever merges it or reads it raw', () => {
    const inner = new Probe()
    exported(new SealingLogRecordExporter(inner, { engine }), recordsOf({ body: 'x' }))
    const { resource } = inner.records[0]!
    const merged = resource.merge(resourceFromAttributes({ 'service.name': 'other' }, { schemaUrl: 'https://a' }))
    expect(merged.attributes).toEqual({ ...resource.attributes, 'service.name': 'other' })
    expect(merged.schemaUrl).toBe('https://a')
    expect(merged.merge(resourceFromAttributes({}, { schemaUrl: 'https://b' })).schemaUrl).toBeUndefined()
    expect(resource.merge(null)).toBe(resource)
    expect(resourceFromAttributes({ own: 1 }).merge(resource).attributes).toEqual({ own: 1, ...resource.attributes })
  })

  test('a resource that is not yet known is waited for, and sealed', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const resource = resourceFromAttributes({ owner: promise, host: 'h' })
    const records = recordsOf({ body: 'x' }).map((record) => Object.create(record, { resource: { value: resource } }))
    const inner = new Probe()
    const exporter = new SealingLogRecordExporter(inner, { engine })
    const results = exported(exporter, records)
    const flushed = exporter.forceFlush()
    expect(inner.exported).toEqual([])
    resolve(CANARY.owner)
    await flushed
    expect(results).toEqual([{ code: 0 }])
    expect(inner.calls).toEqual(['forceFlush'])
    expect(Object.keys(inner.records[0]!.resource.attributes)).toEqual(['owner', 'host'])
    expect(leaks(everythingIn(inner.records))).toEqual([])
    expect(openLogRecord(inner.records[0]!, OPENING).record.resource.attributes).toMatchObject({ owner: CANARY.owner })
  })

  test('a record that cannot be sealed is left out, counted and reported; the others are exported', () => {
    const inner = new Probe()
    const errors: FieldsealError[] = []
    const exporter = new SealingLogRecordExporter(inner, { engine, onError: (error) => errors.push(error) })
    const results = exported(exporter, recordsOf({ body: 'a' }, { body: deep(CANARY.mail) }, { body: CANARY.token }))
    expect(results).toEqual([{ code: 0 }])
    expect(inner.records).toHaveLength(2)
    expect(exporter.stats()).toEqual({ sealed: 1, passed: 1, dropped: 1, failed: { FIELDSEAL_INPUT_TOO_DEEP: 1 } })
    expect(errors.map(({ code }) => code)).toEqual(['FIELDSEAL_INPUT_TOO_DEEP'])
    expect(leaks(everythingIn([inner.records, errors]))).toEqual([])
  })

  test('where none can be sealed, nothing is exported, and the result says so only where that was asked for', () => {
    const inner = new Probe()
    const records = recordsOf({ body: deep(CANARY.mail) })
    const options = { engine, onError: () => {} }
    expect(exported(new SealingLogRecordExporter(inner, options), records)).toEqual([{ code: 0 }])
    const throwing = new SealingLogRecordExporter(inner, { ...options, onFailure: 'throw' })
    expect(exported(throwing, records)).toEqual([{ code: 1, error: expect.any(FieldsealError) }])
    expect(inner.exported).toEqual([])
  })

  test('with `throw` the result is a failure though the others were exported, and the inner one goes first', () => {
    const inner = new Probe()
    const exporter = new SealingLogRecordExporter(inner, { engine, onFailure: 'throw', onError: () => {} })
    const records = recordsOf({ body: 'a' }, { body: deep('b') })
    expect(exported(exporter, records)).toEqual([
      { code: 1, error: expect.objectContaining({ code: 'FIELDSEAL_INPUT_TOO_DEEP' }) },
    ])
    expect(inner.records).toHaveLength(1)
    inner.answer = { code: 1, error: new Error('backend away') }
    expect(exported(exporter, records)).toEqual([inner.answer])
  })

  test('attributes that the SDK has cut short are refused: no detector would find what is left', async () => {
    const limits = { attributeValueLengthLimit: 8 }
    const inner = new Probe()
    expect(() => new SealingLogRecordExporter(inner, { engine, logRecordLimits: limits })).toThrow(
      /attributeValueLengthLimit .*cuts values/,
    )
    const errors: FieldsealError[] = []
    const exporter = new SealingLogRecordExporter(inner, { engine, onError: (error) => errors.push(error) })
    const provider = new sdk.LoggerProvider({
      logRecordLimits: limits,
      processors: [new sdk.BatchLogRecordProcessor({ exporter })],
    })
    provider.getLogger('app').emit({ body: 'x', attributes: { pan: CANARY.card } })
    await provider.shutdown()
    expect(inner.exported).toEqual([])
    expect(errors).toEqual([expect.objectContaining({ code: 'FIELDSEAL_CONFIG_INVALID' })])
  })

  test('limits that cut nothing are none', () => {
    for (const attributeValueLengthLimit of [0, -1, Number.POSITIVE_INFINITY]) {
      const logRecordLimits = { attributeValueLengthLimit, attributeCountLimit: 1 }
      expect(() => new SealingLogRecordExporter(new Probe(), { engine, logRecordLimits })).not.toThrow()
    }
  })
})

describe('the inner exporter', () => {
  const [record] = [{ body: 'x', attributes: {} } as unknown as Record]

  test('that throws has failed to export', () => {
    const inner = new Probe()
    inner.export = () => {
      throw new TypeError('of the inner one')
    }
    expect(exported(new SealingLogRecordExporter(inner, { engine }), [record!])).toEqual([
      { code: 1, error: new TypeError('of the inner one') },
    ])
  })

  test('answers once, whatever the callback does', () => {
    let answers = 0
    const exporter = new SealingLogRecordExporter(new Probe(), { engine })
    const callback = (): void => {
      answers += 1
      throw new Error('of the callback')
    }
    expect(() => exporter.export([record!], callback)).toThrow('of the callback')
    expect(answers).toBe(1)
  })

  test('is flushed and shut down', async () => {
    const inner = new Probe()
    const exporter = new SealingLogRecordExporter(inner, { engine })
    await exporter.forceFlush()
    await exporter.shutdown()
    expect(inner.calls).toEqual(['forceFlush', 'shutdown'])
  })
})

test('a callback that throws at an export that has waited harms nobody', async () => {
  const unhandled: unknown[] = []
  const listen = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', listen)
  const inner = new Probe()
  const exporter = new SealingLogRecordExporter(inner, { engine })
  const resource = resourceFromAttributes({ owner: Promise.resolve('x') })
  exporter.export([{ body: 'x', resource } as unknown as Record], () => {
    throw new Error('of the callback')
  })
  await exporter.forceFlush()
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', listen)
  expect(inner.records).toHaveLength(1)
  expect(unhandled).toEqual([])
})

test('an export that has waited runs in the context of its caller, in which tracing is off', async () => {
  let active = ROOT_CONTEXT
  const isSet = context.setGlobalContextManager({
    active: () => active,
    with: (_, run, __, ...given) => run(...given),
    bind: (bound, target) =>
      (() => {
        active = bound
        return (target as () => unknown)()
      }) as typeof target,
    enable: () => context as never,
    disable: () => context as never,
  })
  expect(isSet).toBe(true)
  const callers = ROOT_CONTEXT.setValue(Symbol('test'), 1)
  active = callers
  const resource = resourceFromAttributes({ owner: Promise.resolve('x') })
  const exporter = new SealingLogRecordExporter(new Probe(), { engine })
  exporter.export([{ body: 'x', resource } as unknown as Record], () => expect(active).toBe(callers))
  active = ROOT_CONTEXT
  await exporter.forceFlush()
  expect(active).toBe(callers)
  context.disable()
})

describe('an engine that fails', () => {
  const broken = Object.assign(canaryEngine(), {
    sealLogRecord: () => {
      throw new RangeError(`in the middle of ${CANARY.mail}`)
    },
  })

  test('lets nothing out, and what it says is said to nobody', () => {
    const inner = new Probe()
    const errors: FieldsealError[] = []
    const exporter = new SealingLogRecordExporter(inner, {
      engine: broken,
      onFailure: 'throw',
      onError: (error) => errors.push(error),
    })
    const results = exported(exporter, [{ body: CANARY.mail } as unknown as Record])
    expect(inner.exported).toEqual([])
    expect(results[0]!.error).toMatchObject({ code: 'FIELDSEAL_INTERNAL' })
    expect(leaks(everythingIn([results, errors, exporter.stats()]))).toEqual([])
  })

  test('is warned of by Node where nobody listens, once for each code', async () => {
    const warnings: Error[] = []
    const listen = (warning: Error): void => void (warning.name === 'FieldsealWarning' && warnings.push(warning))
    process.on('warning', listen)
    const exporter = new SealingLogRecordExporter(new Probe(), { engine: broken })
    for (let times = 0; times < 3; times += 1) exported(exporter, [{} as Record])
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', listen)
    expect(warnings.map((one) => (one as Error & { code: string }).code)).toEqual(['FIELDSEAL_INTERNAL'])
    expect(exporter.stats()).toEqual({ sealed: 0, passed: 0, dropped: 3, failed: { FIELDSEAL_INTERNAL: 3 } })
  })
})

describe('options', () => {
  test.each([
    [{}, /either `config`, a file, or `engine`/],
    [{ engine, config: 'x' }, /either `config`, a file, or `engine`/],
    [{ engine, onFailure: 'plaintext' }, /`onFailure` is `drop` or `throw`/],
    [{ config: '/nowhere/missing.yaml' }, /missing\.yaml/],
  ])('%# that are wrong are refused at once', (options, message) => {
    expect(() => new SealingLogRecordExporter(new Probe(), options as never)).toThrow(message)
    expect(() => new SealingLogRecordExporter(new Probe(), options as never)).toThrow(FieldsealError)
  })

  test('a configuration file is all that it takes', async () => {
    const folder = configFolder()
    const inner = new Probe()
    const exporter = new SealingLogRecordExporter(inner, { config: join(folder, 'fieldseal.yaml') })
    exported(exporter, [{ body: CANARY.mail } as unknown as Record])
    await exporter.shutdown()
    rmSync(folder, { recursive: true })
    expect(inner.records).toHaveLength(1)
    expect(leaks(everythingIn(inner.records))).toEqual([])
  })
})
