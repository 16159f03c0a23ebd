import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FormatName } from '../../../processor/formats/index.ts'
import type { OutgoingBatch, Sink, SinkContext } from '../../../processor/sinks/sink.ts'
import type { LogEvent, LogFields } from '../../../processor/telemetry/log.ts'

/** A backend for one test, and a way to make sinks that send to it. */
export interface SinkDriver {
  /** A sink that has not been started. */
  create(context: SinkContext, options?: { readonly required?: boolean }): Sink
  /** What the backend has got, one element for each batch, in any order. OTLP JSON comes back byte for byte. */
  received(): Promise<readonly Buffer[]>
  /** From now on the backend takes nothing. */
  refuse(): Promise<void> | void
  /** From now on it takes everything again. */
  recover(): Promise<void> | void
  /** Text that the backend itself says while it refuses: an error message, a header. Empty where it cannot speak. */
  readonly says: string
  close(): Promise<void>
}

/** A line that was logged, as one text. */
export interface LogLine {
  readonly event: LogEvent
  readonly message: string
  readonly fields: LogFields
}

/** A context that keeps what is logged. */
export function sinkContext(name = 'backend'): SinkContext & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  return { name, lines, log: (event, message, fields = {}) => lines.push({ event, message, fields }) }
}

/** A batch of OTLP JSON with one record, whose body is `text`. */
export function jsonBatch(text: string, signal: AbortSignal = new AbortController().signal): OutgoingBatch {
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: text } }] }] }] }
  return outgoing(Buffer.from(JSON.stringify(request)), 'otlp-json', signal)
}

export function outgoing(
  bytes: Buffer,
  format: FormatName,
  signal: AbortSignal = new AbortController().signal,
): OutgoingBatch {
  return { bytes, format, records: 1, signal }
}

/** What every sink keeps to. A sink's own test calls this, and adds what is special to it. */
export function testSink(kind: string, open: () => Promise<SinkDriver>): void {
  describe(`${kind}, as every sink`, () => {
    let driver: SinkDriver
    let sink: Sink
    let context: ReturnType<typeof sinkContext>

    beforeEach(async () => {
      driver = await open()
      context = sinkContext()
      sink = driver.create(context)
    })

    afterEach(async () => {
      await sink.close()
      await driver.close()
    })

    test('has the name that it was given, and is healthy before anything was sent', () => {
      expect(sink.name).toBe('backend')
      expect(sink.required).toBe(true)
      expect(sink.status()).toEqual({ healthy: true, sending: 0 })
      expect(driver.create(sinkContext('other'), { required: false })).toMatchObject({ name: 'other', required: false })
    })

    test('closes without having been started', async () => {
      await expect(sink.close()).resolves.toBeUndefined()
    })

    test('has delivered what it accepts, byte for byte', async () => {
      await sink.start()
      const batch = jsonBatch('grüße 😀')
      expect(await sink.send(batch)).toEqual({ outcome: 'accepted', rejected: 0 })
      expect(texts(await driver.received())).toEqual([batch.bytes.toString()])
    })

    test('delivers each of many batches at the same time once, whatever their size', async () => {
      await sink.start()
      const batches = Array.from({ length: 100 }, (_, index) => jsonBatch(`${index}:${'x'.repeat(index * 997)}`))
      const settlements = await Promise.all(batches.map((batch) => sink.send(batch)))
      expect(settlements.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(batches.length)
      const sent = batches.map(({ bytes }) => bytes.toString())
      expect(texts(await driver.received()).sort()).toEqual(sent.sort())
    })

    test('says how many batches are under way, and that none is once they are settled', async () => {
      await sink.start()
      const sends = ['a', 'b', 'c'].map((text) => sink.send(jsonBatch(text)))
      expect(sink.status().sending).toBe(3)
      await Promise.all(sends)
      expect(sink.status().sending).toBe(0)
    })

    test('leaves the bytes as they are', async () => {
      await sink.start()
      const batch = jsonBatch('unchanged')
      const before = Buffer.from(batch.bytes)
      await sink.send(batch)
      await driver.refuse()
      await sink.send(batch)
      expect(batch.bytes.equals(before)).toBe(true)
    })

    test('does not accept what the backend refuses, and resolves all the same', async () => {
      await sink.start()
      await driver.refuse()
      const settlement = await sink.send(jsonBatch('refused'))
      expect(settlement).toMatchObject({ outcome: 'refused', error: { name: 'FieldsealError' } })
      expect(sink.status()).toMatchObject({ healthy: false, sending: 0 })
      expect(sink.status().lastError).toMatch(/^FIELDSEAL_/)
    })

    test('logs an outage once, and its end', async () => {
      await sink.start()
      await driver.refuse()
      for (const text of ['a', 'b', 'c']) await sink.send(jsonBatch(text))
      expect(context.lines.map(({ event }) => event)).toEqual(['sink-failed'])
      await driver.recover()
      for (const text of ['d', 'e']) expect(await sink.send(jsonBatch(text))).toMatchObject({ outcome: 'accepted' })
      expect(context.lines.map(({ event }) => event)).toEqual(['sink-failed', 'sink-recovered'])
      expect(sink.status()).toMatchObject({ healthy: true, sending: 0 })
    })

    test('delivers after an outage, and what it had refused only if it is sent again', async () => {
      await sink.start()
      await driver.refuse()
      await sink.send(jsonBatch('first'))
      await driver.recover()
      const second = jsonBatch('second')
      expect(await sink.send(second)).toMatchObject({ outcome: 'accepted' })
      expect(texts(await driver.received())).toEqual([second.bytes.toString()])
    })

    test('names itself in an error, and repeats nothing of the batch or the backend', async () => {
      await sink.start()
      await driver.refuse()
      const settlement = await sink.send(jsonBatch('canary-7f3a'))
      if (settlement.outcome !== 'refused') throw new Error('it was accepted')
      const { message, code, hint, stack, cause } = settlement.error
      expect(message).toContain('backend')
      const shown = JSON.stringify([message, code, hint, stack, cause, context.lines, sink.status()])
      expect(shown).not.toContain('canary')
      if (driver.says !== '') expect(shown).not.toContain(driver.says)
      for (const { fields } of context.lines) expect(fields.code).toBe(code)
    })

    test('sends nothing for which nobody waits', async () => {
      await sink.start()
      expect(await sink.send(jsonBatch('abandoned', AbortSignal.abort()))).toMatchObject({ outcome: 'refused' })
      expect(await driver.received()).toEqual([])
    })

    test('finishes what is under way when it is closed', async () => {
      await sink.start()
      const batches = Array.from({ length: 40 }, (_, index) => jsonBatch(`closing ${index}`))
      const sends = batches.map((batch) => sink.send(batch))
      await sink.close()
      expect(sink.status().sending).toBe(0)
      for (const settlement of await Promise.all(sends)) expect(settlement).toMatchObject({ outcome: 'accepted' })
      expect(texts(await driver.received()).sort()).toEqual(batches.map(({ bytes }) => bytes.toString()).sort())
    })

    test('refuses what comes after it was closed', async () => {
      await sink.start()
      await sink.close()
      expect(await sink.send(jsonBatch('late'))).toMatchObject({ outcome: 'refused' })
      expect(await driver.received()).toEqual([])
    })

    test('can be closed twice', async () => {
      await sink.start()
      await sink.close()
      await expect(sink.close()).resolves.toBeUndefined()
    })
  })
}

function texts(batches: readonly Buffer[]): string[] {
  return batches.map((bytes) => bytes.toString())
}
