import { type Context, ROOT_CONTEXT } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { afterAll, describe, expect, test } from 'vitest'
import { FieldsealError, openLogRecord } from '../../../../processor/index.ts'
import { SealingLogRecordProcessor, type SealingOptions } from '../../../../processor/transports/otel/index.ts'
import { PLACEHOLDER } from '../../engine/fixtures.ts'
import { CANARY, canaryEngine, everythingIn, leaks, OPENING } from '../canaries.ts'
import { deep, LINES, Probe, type Sdk } from './sdk.ts'

const engine = canaryEngine()
afterAll(() => engine.close())

type Emitted = Parameters<LogRecordProcessor['onEmit']>[0]

/** A processor that keeps the very records that it gets, as batches do. */
class Keeping implements LogRecordProcessor {
  readonly records: Emitted[] = []
  readonly contexts: (Context | undefined)[] = []
  readonly calls: unknown[] = []
  isEnabled = true

  onEmit(record: Emitted, context?: Context): void {
    this.records.push(record)
    this.contexts.push(context)
  }

  enabled(): boolean {
    return this.isEnabled
  }

  async forceFlush(options?: object): Promise<void> {
    this.calls.push(['forceFlush', options])
  }

  async shutdown(): Promise<void> {
    this.calls.push('shutdown')
  }
}

describe.each(LINES)('sdk-logs $line', ({ sdk }) => {
  function sealingLogger(
    options: Partial<SealingOptions> = {},
    more: ConstructorParameters<Sdk['LoggerProvider']>[0] = {},
  ) {
    const inner = new Keeping()
    const errors: FieldsealError[] = []
    const processor = new SealingLogRecordProcessor(inner, {
      engine,
      onError: (error) => errors.push(error),
      ...options,
    } as SealingOptions)
    const provider = new sdk.LoggerProvider({ processors: [processor], ...more })
    return { inner, errors, processor, provider, logger: provider.getLogger('app') }
  }

  test('the inner processor has a sealed copy before the call of the logger returns', () => {
    const { inner, processor, logger } = sealingLogger()
    logger.emit({ body: `of ${CANARY.mail}`, attributes: { to: CANARY.token }, context: ROOT_CONTEXT })
    expect(inner.records).toHaveLength(1)
    expect(inner.records[0]!.body).toMatch(PLACEHOLDER)
    expect(inner.contexts).toEqual([ROOT_CONTEXT])
    expect(leaks(everythingIn(inner.records))).toEqual([])
    expect(openLogRecord(inner.records[0]!, OPENING).record).toMatchObject({
      body: `of ${CANARY.mail}`,
      attributes: { to: CANARY.token },
    })
    expect(processor.stats()).toEqual({ sealed: 1, passed: 0, dropped: 0, failed: {} })
  })

  test('siblings see the record in the clear, before it and behind: each has to be wrapped', async () => {
    const [before, behind, inner] = [new Probe(), new Keeping(), new Probe()]
    const provider = new sdk.LoggerProvider({
      processors: [
        new sdk.SimpleLogRecordProcessor({ exporter: before }),
        new SealingLogRecordProcessor(new sdk.BatchLogRecordProcessor({ exporter: inner }), { engine }),
        behind,
      ],
    })
    provider.getLogger('app').emit({ body: CANARY.mail, attributes: { to: CANARY.token } })
    await provider.forceFlush()
    for (const [record] of [before.records, behind.records])
      expect(record).toMatchObject({ body: CANARY.mail, attributes: { to: CANARY.token } })
    expect(inner.records).toHaveLength(1)
    expect(leaks(everythingIn(inner.records))).toEqual([])
    await provider.shutdown()
  })

  test('what siblings behind it or the application change afterwards does not get in', async () => {
    const inner = new Probe()
    const body = { ok: 'x' }
    const provider = new sdk.LoggerProvider({
      processors: [
        new SealingLogRecordProcessor(new sdk.BatchLogRecordProcessor({ exporter: inner }), { engine }),
        Object.assign(new Keeping(), { onEmit: (record: Emitted) => void record.setAttribute('late', CANARY.mail) }),
      ],
    })
    provider.getLogger('app').emit({ body })
    body.ok = CANARY.token
    await provider.shutdown()
    expect(inner.records.map((record) => [record.body, record.attributes])).toEqual([[{ ok: 'x' }, {}]])
  })

  test('the copy can be written to as the one of the SDK, and `undefined` takes a value away', () => {
    const { inner, logger } = sealingLogger()
    logger.emit({ body: 'x', attributes: { a: CANARY.mail, b: 1 } })
    const [record] = inner.records
    record!
      .setAttribute('a', undefined)
      .setAttributes({ c: 2, b: 3 })
      .setBody('y')
      .setEventName('e')
      .setSeverityNumber(9)
      .setSeverityText('info')
    expect({ ...record }).toMatchObject({ body: 'y', eventName: 'e', severityNumber: 9, severityText: 'info' })
    expect(record!.attributes).toEqual({ b: 3, c: 2 })
  })

  test('a record that cannot be sealed is dropped, counted and reported, and the application does not notice', () => {
    const { inner, errors, processor, logger } = sealingLogger()
    logger.emit({ body: deep(CANARY.mail) as never })
    logger.emit({ body: CANARY.token })
    expect(inner.records).toHaveLength(1)
    expect(errors).toEqual([expect.objectContaining({ code: 'FIELDSEAL_INPUT_TOO_DEEP' })])
    expect(processor.stats()).toEqual({ sealed: 1, passed: 0, dropped: 1, failed: { FIELDSEAL_INPUT_TOO_DEEP: 1 } })
    expect(leaks(everythingIn([inner.records, errors]))).toEqual([])
  })

  test('the application notices where that was asked for', () => {
    const { inner, logger } = sealingLogger({ onFailure: 'throw' })
    expect(() => logger.emit({ body: deep(CANARY.mail) as never })).toThrow(FieldsealError)
    expect(inner.records).toEqual([])
  })

  test('an inner processor that throws is not heard of by the application', () => {
    const { inner, errors, processor, logger } = sealingLogger()
    inner.onEmit = () => {
      throw new Error('of the inner one')
    }
    logger.emit({ body: 'x' })
    expect(errors).toEqual([expect.objectContaining({ code: 'FIELDSEAL_OUTPUT_FAILED' })])
    expect(processor.stats()).toMatchObject({ passed: 0, dropped: 1 })
  })

  test('whoever logs that a record failed, by the same logger, does not do so for ever', () => {
    let times = 0
    const { processor, logger } = sealingLogger({
      onError: () => {
        times += 1
        logger.emit({ body: deep('again') as never })
        throw new Error('and throws')
      },
    })
    logger.emit({ body: deep('x') as never })
    expect(times).toBe(1)
    expect(processor.stats()).toMatchObject({ dropped: 2 })
  })

  test('loggers are enabled where the inner processor is', () => {
    const { inner, logger } = sealingLogger()
    const isEnabled = (): boolean => (logger as { enabled?(options?: object): boolean }).enabled!({})
    expect(isEnabled()).toBe(true)
    inner.isEnabled = false
    expect(isEnabled()).toBe(false)
    inner.enabled = undefined as never
    expect(isEnabled()).toBe(true)
    inner.enabled = () => {
      throw new Error('of the inner one')
    }
    expect(isEnabled()).toBe(true)
  })

  test('records whose resource is not yet known wait for it, in their order', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const { inner, provider, logger } = sealingLogger({}, { resource: resourceFromAttributes({ owner: promise }) })
    logger.emit({ body: 'first' })
    logger.emit({ body: deep('left out') as never })
    logger.emit({ body: `of ${CANARY.mail}` })
    expect(inner.records).toEqual([])
    resolve(CANARY.owner)
    await provider.forceFlush()
    logger.emit({ body: 'third' })
    expect(inner.records.map(({ body }) => body)).toEqual(['first', expect.stringMatching(PLACEHOLDER), 'third'])
    expect(leaks(everythingIn(inner.records))).toEqual([])
    await provider.forceFlush()
    for (const record of inner.records)
      expect(openLogRecord(record, OPENING).record.resource.attributes).toMatchObject({ owner: CANARY.owner })
  })

  test('a record that comes once the resource is known does not overtake those that wait', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const resource = resourceFromAttributes({ owner: promise })
    const { inner, provider, logger } = sealingLogger({}, { resource })
    const atOnce = resource.waitForAsyncAttributes!().then(() => {
      expect(inner.records).toEqual([])
      logger.emit({ body: 'second' })
    })
    logger.emit({ body: 'first' })
    resolve('x')
    await atOnce
    await provider.forceFlush()
    expect(inner.records.map(({ body }) => body)).toEqual(['first', 'second'])
  })

  test('no more wait than batches of the SDK keep', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const resource = resourceFromAttributes({ host: promise })
    const { inner, processor, provider, logger } = sealingLogger({}, { resource })
    for (let count = 0; count < 2050; count += 1) logger.emit({ body: count })
    expect(processor.stats()).toMatchObject({ dropped: 2, failed: { FIELDSEAL_BUSY: 2 } })
    resolve('h')
    await provider.forceFlush()
    expect(inner.records).toHaveLength(2048)
  })

  test('the limit on the number of attributes does not keep what opens them out', () => {
    const { inner, logger } = sealingLogger({}, { logRecordLimits: { attributeCountLimit: 1 } })
    logger.emit({ body: `of ${CANARY.mail}`, attributes: { a: 1, b: CANARY.token } })
    expect(Object.keys(inner.records[0]!.attributes)).toEqual(['a', 'fieldseal.sealed'])
    expect(inner.records[0]!.droppedAttributesCount).toBe(1)
    expect(openLogRecord(inner.records[0]!, OPENING).record.body).toBe(`of ${CANARY.mail}`)
  })

  test('a limit on the length of values is refused with the first record, and nothing gets out', () => {
    const { inner, errors, logger } = sealingLogger({}, { logRecordLimits: { attributeValueLengthLimit: 10 } })
    logger.emit({ body: 'x', attributes: { pan: CANARY.card } })
    expect(inner.records).toEqual([])
    expect(errors).toEqual([
      expect.objectContaining({ code: 'FIELDSEAL_CONFIG_INVALID', message: expect.stringContaining('leave it out') }),
    ])
    expect(() => sealingLogger({ logRecordLimits: { attributeValueLengthLimit: 10 } })).toThrow(FieldsealError)
  })

  test('flushing and shutting down reach the inner processor', async () => {
    const { inner, processor } = sealingLogger()
    await processor.forceFlush({ timeoutMillis: 5 })
    await processor.shutdown()
    expect(inner.calls).toEqual([['forceFlush', { timeoutMillis: 5 }], 'shutdown'])
  })
})
