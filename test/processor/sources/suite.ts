import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../processor/errors.ts'
import { ByteBudget } from '../../../processor/pipeline/byte-budget.ts'
import { accepted, refused, type Settlement } from '../../../processor/pipeline/settlement.ts'
import type { Deliver, IncomingBatch, Source, SourceContext } from '../../../processor/sources/source.ts'
import type { LogEvent } from '../../../processor/telemetry/log.ts'

/** What a client was told of its batch; `nothing` where the connection ended without an answer. */
export interface Told {
  readonly outcome: 'accepted' | 'refused' | 'nothing'
  /** Whether the client may send the batch again. */
  readonly retryable: boolean
  /** All that was sent to the client, as text; of a protocol that has no words for it, what was logged, too. */
  readonly text: string
}

/** A batch that a client is sending. */
export interface Sending {
  readonly told: Promise<Told>
  /** Ends the connection as a client does that has crashed. */
  cut(): void
}

/** How the suite makes sources of one kind, and is their client. */
export interface SourceDriver {
  /** A source that has not been started, on a port that the system chooses, or on this one. */
  create(context: SourceContext, port?: number): Source
  /** A batch of the source's first format, with one record that holds this text. */
  batch(text: string): Buffer
  /** Sends a batch on a connection of its own. */
  send(address: string, batch: Buffer): Sending
  /** Sends all but the end of a batch, and leaves the connection open. Resolves once it is sent. */
  sendPart(address: string, batch: Buffer): Promise<Sending>
  /** Sends something with this text in it that is none of the source's protocol. */
  sendGarbage(address: string, text: string): Sending
  /** Bytes that a request takes beside those of its batch. */
  readonly overhead: number
}

const BUSY = new FieldsealError('FIELDSEAL_BUSY', 'no room')
const TOTAL = 8 * 1024 * 1024
const CANARY = 'canary-7f3a91'

/** Resolves once it is so. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A pipeline in the hand of the test: it keeps each batch until it is told what becomes of it. */
export class HeldPipeline {
  readonly batches: IncomingBatch[] = []
  readonly #settle: ((settlement: Settlement) => void)[] = []

  readonly deliver: Deliver = (batch) => {
    this.batches.push(batch)
    return new Promise((resolve) => this.#settle.push(resolve))
  }

  settle(settlement: Settlement): void {
    for (const settle of this.#settle.splice(0)) settle(settlement)
  }
}

/** A context that keeps what is logged. */
export function sourceContext(
  deliver: Deliver,
  { total = TOTAL, connection }: { total?: number; connection?: number } = {},
): SourceContext & { readonly lines: [LogEvent, string][] } {
  const lines: [LogEvent, string][] = []
  const log = (event: LogEvent, message: string, fields: object = {}) =>
    lines.push([event, `${message} ${JSON.stringify(fields)}`])
  return { name: 'in', deliver, budget: new ByteBudget(total), connectionBytes: connection ?? total, log, lines }
}

/** What every source keeps to. A source's own test calls this, and adds what is special to it. */
export function testSource(kind: string, driver: SourceDriver): void {
  describe(`${kind}, as every source`, () => {
    const started: Source[] = []

    afterEach(async () => {
      await Promise.all(started.splice(0).map((source) => source.close()))
    })

    async function start(deliver: Deliver, limits: { total?: number; connection?: number } = {}) {
      const context = sourceContext(deliver, limits)
      const source = driver.create(context)
      started.push(source)
      await source.start()
      return { source, context, address: source.address }
    }

    test('says its name, and where it listens once it does', async () => {
      const context = sourceContext(async () => accepted())
      const source = driver.create(context)
      started.push(source)
      expect([source.name, source.address]).toEqual(['in', ''])
      await source.start()
      expect(source.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/)
    })

    test('closes without having been started', async () => {
      await expect(driver.create(sourceContext(async () => accepted())).close()).resolves.toBeUndefined()
    })

    test('says by a code that another program has its address', async () => {
      const { address } = await start(async () => accepted())
      const second = driver.create(
        sourceContext(async () => accepted()),
        Number(address.split(':').at(-1)),
      )
      started.push(second)
      await expect(second.start()).rejects.toMatchObject({ code: 'FIELDSEAL_LISTEN_FAILED' })
    })

    test('carries the bytes through as they are', async () => {
      const batches: Buffer[] = []
      const { address } = await start(async ({ bytes }) => {
        batches.push(Buffer.from(bytes))
        return accepted()
      })
      const batch = driver.batch('grüße 😀')
      expect(await driver.send(address, batch).told).toMatchObject({ outcome: 'accepted' })
      expect(batches.map((bytes) => bytes.toString('latin1'))).toEqual([batch.toString('latin1')])
    })

    test('tells nothing of a batch before it is settled', async () => {
      const pipeline = new HeldPipeline()
      const { address } = await start(pipeline.deliver)
      let told = false
      const sending = driver.send(address, driver.batch('held'))
      void sending.told.then(() => {
        told = true
      })
      await until(() => pipeline.batches.length === 1)
      // Another batch goes all the way meanwhile; an answer that came too soon would be here by then.
      const other = driver.send(address, driver.batch('other'))
      await until(() => pipeline.batches.length === 2)
      expect(told).toBe(false)
      pipeline.settle(accepted())
      expect((await Promise.all([sending.told, other.told])).map(({ outcome }) => outcome)).toEqual([
        'accepted',
        'accepted',
      ])
    })

    test('holds the bytes of a batch in the budget until it is settled, and none afterwards', async () => {
      const pipeline = new HeldPipeline()
      const { address, context } = await start(pipeline.deliver)
      const batch = driver.batch('x'.repeat(100_000))
      const { told } = driver.send(address, batch)
      await until(() => pipeline.batches.length === 1)
      expect(pipeline.batches[0]?.reservation.bytes).toBeGreaterThanOrEqual(batch.length)
      expect(context.budget.used).toBeGreaterThanOrEqual(batch.length)
      pipeline.settle(accepted())
      await told
      expect(context.budget.used).toBe(0)
    })

    test('delivers each of many batches at the same time once', async () => {
      const texts: string[] = []
      const { address, context } = await start(async ({ bytes }) => {
        texts.push(bytes.toString('latin1'))
        return accepted()
      })
      const batches = Array.from({ length: 50 }, (_, index) => driver.batch(`${index}:${'x'.repeat(index * 997)}`))
      const told = await Promise.all(batches.map((batch) => driver.send(address, batch).told))
      expect(told.every(({ outcome }) => outcome === 'accepted')).toBe(true)
      expect(texts.sort()).toEqual(batches.map((batch) => batch.toString('latin1')).sort())
      expect(context.budget.used).toBe(0)
    })

    test.each([
      ['FIELDSEAL_BUSY', true],
      ['FIELDSEAL_SINK_UNAVAILABLE', true],
      ['FIELDSEAL_SEAL_FAILED', true],
      ['FIELDSEAL_DETECTION_FAILED', true],
      // The service's own fault: the client is to keep the batch.
      ['FIELDSEAL_INTERNAL', true],
      ['FIELDSEAL_SINK_REFUSED', false],
      ['FIELDSEAL_INPUT_MALFORMED', false],
      ['FIELDSEAL_INPUT_TOO_DEEP', false],
      ['FIELDSEAL_INPUT_TOO_LARGE', false],
      ['FIELDSEAL_VALUE_TOO_LARGE', false],
    ] as const)('tells the client of %s, and whether trying again can help: %s', async (code, retryable) => {
      const error = new FieldsealError(code, 'as the pipeline said')
      const { address, context } = await start(async () => refused(error))
      const told = await driver.send(address, driver.batch(CANARY)).told
      expect(told).toMatchObject({ outcome: 'refused', retryable })
      expect(told.text).toContain(code)
      expect(told.text).not.toContain(CANARY)
      expect(context.budget.used).toBe(0)
    })

    test('refuses a batch for which a pipeline that breaks its contract has no answer', async () => {
      const { address, context } = await start(() => Promise.reject(new Error(CANARY)))
      const told = await driver.send(address, driver.batch('x')).told
      expect(told).toMatchObject({ outcome: 'refused', retryable: true })
      expect(told.text).not.toContain(CANARY)
      expect(context.budget.used).toBe(0)
    })

    test('refuses what there is no room for, takes it once there is, and delivers nothing in between', async () => {
      const pipeline = new HeldPipeline()
      const batch = driver.batch('x'.repeat(200_000))
      const { address, context } = await start(pipeline.deliver, { total: batch.length + driver.overhead + 100_000 })
      const first = driver.send(address, batch)
      await until(() => pipeline.batches.length === 1)
      expect(await driver.send(address, batch).told).toMatchObject({ outcome: 'refused', retryable: true })
      expect(pipeline.batches).toHaveLength(1)
      pipeline.settle(accepted())
      await first.told
      expect(context.budget.used).toBe(0)
      const third = driver.send(address, batch)
      await until(() => pipeline.batches.length === 2)
      pipeline.settle(accepted())
      expect(await third.told).toMatchObject({ outcome: 'accepted' })
    })

    test('refuses for good what could never have room', async () => {
      const { address, context } = await start(async () => accepted(), { total: TOTAL, connection: 50_000 })
      const told = await driver.send(address, driver.batch('x'.repeat(100_000))).told
      expect(told).toMatchObject({ outcome: 'refused', retryable: false })
      expect(context.budget.used).toBe(0)
    })

    test('aborts a batch whose client is gone, and keeps its bytes in the budget until it is settled', async () => {
      const pipeline = new HeldPipeline()
      const { address, context } = await start(pipeline.deliver)
      const sending = driver.send(address, driver.batch('gone'))
      await until(() => pipeline.batches.length === 1)
      const [batch] = pipeline.batches
      expect(batch?.signal.aborted).toBe(false)
      sending.cut()
      await until(() => batch?.signal.aborted === true)
      expect(context.budget.used).toBeGreaterThan(0)
      pipeline.settle(refused(BUSY))
      await until(() => context.budget.used === 0)
      expect(await sending.told).toMatchObject({ outcome: 'nothing' })
    })

    test('delivers nothing of a batch that is cut off, and gives its bytes back', async () => {
      const pipeline = new HeldPipeline()
      const { address, context } = await start(pipeline.deliver)
      const sending = await driver.sendPart(address, driver.batch('x'.repeat(300_000)))
      await until(() => context.budget.used > 0)
      sending.cut()
      await until(() => context.budget.used === 0)
      expect(pipeline.batches).toHaveLength(0)
    })

    test('lets what is none of its protocol cost nobody else anything, and repeats none of it', async () => {
      const pipeline = new HeldPipeline()
      const { address, context } = await start(pipeline.deliver)
      const good = driver.send(address, driver.batch('good'))
      await until(() => pipeline.batches.length === 1)
      const told = await driver.sendGarbage(address, CANARY).told
      expect(told.outcome).not.toBe('accepted')
      expect(told.text).not.toContain(CANARY)
      pipeline.settle(accepted())
      expect(await good.told).toMatchObject({ outcome: 'accepted' })
      expect(JSON.stringify(context.lines)).not.toContain(CANARY)
      expect(context.budget.used).toBe(0)
    })

    test('drains: answers what is under way, and takes nothing new', async () => {
      const pipeline = new HeldPipeline()
      const { source, address } = await start(pipeline.deliver)
      const sending = driver.send(address, driver.batch('last'))
      await until(() => pipeline.batches.length === 1)
      let drained = false
      const draining = source.drain().then(() => {
        drained = true
      })
      expect(await connects(address)).toBe(false)
      expect(drained).toBe(false)
      expect(pipeline.batches[0]?.signal.aborted).toBe(false)
      pipeline.settle(accepted())
      await draining
      expect(await sending.told).toMatchObject({ outcome: 'accepted' })
      expect(pipeline.batches).toHaveLength(1)
    })

    test('drains at once where nothing is under way, and as often as it is asked', async () => {
      const { source } = await start(async () => accepted())
      await Promise.all([source.drain(), source.drain()])
      await source.drain()
      await source.close()
      await source.close()
    })

    test('closes without an answer to what is under way, and a drain that waits for it ends', async () => {
      const pipeline = new HeldPipeline()
      const { source, address } = await start(pipeline.deliver)
      const sending = driver.send(address, driver.batch('ended'))
      await until(() => pipeline.batches.length === 1)
      const draining = source.drain()
      await source.close()
      await draining
      expect(pipeline.batches[0]?.signal.aborted).toBe(true)
      expect(await sending.told).toMatchObject({ outcome: 'nothing' })
      pipeline.settle(accepted())
    })
  })
}

/** Whether somebody listens there. */
export function connects(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(address.split(':').at(-1)), '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
