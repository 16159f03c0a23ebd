import { afterEach, describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../processor/errors.ts'
import { accepted, refused } from '../../../processor/pipeline/settlement.ts'
import type { Deliver, Source, SourceContext } from '../../../processor/sources/source.ts'
import { HeldPipeline, sourceContext, until } from './suite.ts'

/** What one source of the suite reads from. */
export interface Reading {
  readonly source: Source
  /** Adds bytes to what is read. */
  write(bytes: string | Buffer): void
}

/** How the suite makes sources that read lines, and nobody to be told what became of them. */
export interface ReadingDriver {
  /** A source that has not been started. What it does after a time it does at once. */
  create(context: SourceContext): Reading
}

const CANARY = 'canary-7f3a91'

/** What every source of lines keeps to: those of `suite.ts` that a source without clients can keep to, and its own. */
export function testReadingSource(kind: string, driver: ReadingDriver): void {
  describe(`${kind}, as every source of lines`, () => {
    const started: Source[] = []

    afterEach(async () => {
      await Promise.all(started.splice(0).map((source) => source.close()))
    })

    async function start(deliver: Deliver, limits: { total?: number; connection?: number } = {}) {
      const context = sourceContext(deliver, limits)
      const reading = driver.create(context)
      started.push(reading.source)
      await reading.source.start()
      return { ...reading, context }
    }

    /** A pipeline that accepts, and what it has accepted. */
    function accepting() {
      const taken: string[] = []
      const deliver: Deliver = async ({ bytes }) => {
        taken.push(bytes.toString())
        return accepted()
      }
      return { deliver, text: () => taken.join('') }
    }

    test('says its name, and an address once it reads', async () => {
      const { source } = driver.create(sourceContext(async () => accepted()))
      started.push(source)
      expect([source.name, source.address]).toEqual(['in', ''])
      await source.start()
      expect(source.address).not.toBe('')
    })

    test('closes without having been started, and drains', async () => {
      const { source } = driver.create(sourceContext(async () => accepted()))
      await source.drain()
      await source.close()
      await source.close()
    })

    test('carries lines through as they are, in their order', async () => {
      const { deliver, text } = accepting()
      const { write } = await start(deliver)
      const lines = ['{"msg":"grüße 😀"}\r\n', '\n', 'a text\n', '\ufeff{"a":1}\n', `${'x'.repeat(5000)}\n`]
      for (const line of lines) write(line)
      await until(() => text().length >= lines.join('').length)
      expect(text()).toBe(lines.join(''))
    })

    test('hands on bytes that are no UTF-8 as they are', async () => {
      const taken: Buffer[] = []
      const { write } = await start(async ({ bytes }) => {
        taken.push(Buffer.from(bytes))
        return accepted()
      })
      const line = Buffer.from([0xc3, 0x28, 0xff, 0x0a])
      write(line)
      await until(() => taken.length > 0)
      expect(Buffer.concat(taken).equals(line)).toBe(true)
    })

    test('makes spaces of NULs that a line begins with, so that what follows is a record', async () => {
      const { deliver, text } = accepting()
      const { write } = await start(deliver)
      write('{"a":1}\n\0\0\0{"b":2}\nc\0d\n')
      await until(() => text().endsWith('c\0d\n'))
      expect(text().replaceAll(' ', '')).toBe('{"a":1}\n{"b":2}\nc\0d\n')
    })

    test('waits for the end of a line', async () => {
      const { deliver, text } = accepting()
      const { write } = await start(deliver)
      write('one\ntw')
      await until(() => text() === 'one\n')
      write('o\n')
      await until(() => text() === 'one\ntwo\n')
    })

    test('holds bytes in the budget until they are settled, and gives them back', async () => {
      const pipeline = new HeldPipeline()
      const { source, write, context } = await start(pipeline.deliver)
      const line = `${'x'.repeat(10_000)}\n`
      write(line)
      await until(() => pipeline.batches.length === 1)
      // As it was read, and as it is sealed.
      expect(context.budget.used).toBeGreaterThanOrEqual(2 * line.length)
      pipeline.settle(accepted())
      await source.drain()
      expect(context.budget.used).toBe(0)
    })

    test('does not read on beyond a batch that is not settled', async () => {
      const pipeline = new HeldPipeline()
      const { source, write } = await start(pipeline.deliver)
      write('one\n')
      await until(() => pipeline.batches.length === 1)
      write('two\n')
      const draining = source.drain()
      expect(pipeline.batches).toHaveLength(1)
      pipeline.settle(accepted())
      await draining
    })

    test.each([
      'FIELDSEAL_BUSY',
      'FIELDSEAL_SINK_UNAVAILABLE',
      'FIELDSEAL_SEAL_FAILED',
      'FIELDSEAL_DETECTION_FAILED',
      'FIELDSEAL_INTERNAL',
    ] as const)('tries the same lines again after %s, and skips none', async (code) => {
      let refusals = 3
      const { deliver, text } = accepting()
      const attempts: string[] = []
      const { write } = await start(async (batch) => {
        attempts.push(batch.bytes.toString())
        refusals -= 1
        return refusals >= 0 ? refused(new FieldsealError(code, 'not now'), 1) : deliver(batch)
      })
      write('one\n')
      await until(() => text() === 'one\n')
      write('two\n')
      await until(() => text() === 'one\ntwo\n')
      expect(attempts).toEqual(['one\n', 'one\n', 'one\n', 'one\n', 'two\n'])
    })

    test('tries again where a pipeline that breaks its contract has no answer', async () => {
      let failures = 1
      const { deliver, text } = accepting()
      const { write } = await start((batch) => {
        failures -= 1
        return failures >= 0 ? Promise.reject(new Error(CANARY)) : deliver(batch)
      })
      write('one\n')
      await until(() => text() === 'one\n')
    })

    test.each([
      'FIELDSEAL_INPUT_MALFORMED',
      'FIELDSEAL_INPUT_TOO_DEEP',
      'FIELDSEAL_INPUT_TOO_LARGE',
      'FIELDSEAL_VALUE_TOO_LARGE',
      'FIELDSEAL_SINK_REFUSED',
    ] as const)(
      'leaves out the one line that is refused with %s, and says where it stands and not what',
      async (code) => {
        const { deliver, text } = accepting()
        const { write, source, context } = await start(async (batch) =>
          batch.bytes.includes(CANARY) ? refused(new FieldsealError(code, 'as the pipeline said')) : deliver(batch),
        )
        const before = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('')
        const bad = `{${CANARY}\n`
        write(`${before}${bad}behind\n`)
        await until(() => text().endsWith('behind\n'))
        expect(text()).toBe(`${before}behind\n`)
        const logged = context.lines.filter(([event]) => event === 'line-left-out')
        expect(logged).toHaveLength(1)
        expect(logged[0]![1]).toContain(`"offset":${before.length},"bytes":${bad.length},"code":"${code}"`)
        expect(JSON.stringify(context.lines)).not.toContain(CANARY)
        expect(source.counts?.()).toMatchObject({ lines_left_out: 1, bytes_left_out: bad.length })
      },
    )

    test('leaves out a line that is too long, and says how long it was, wherever its end comes', async () => {
      const { deliver, text } = accepting()
      const { write, source, context } = await start(deliver)
      // The driver's sources take lines of 64 KiB.
      const long = `${'x'.repeat(200_000)}\n`
      write('one\n')
      write(long.slice(0, 150_000))
      write(long.slice(150_000))
      write('two\n')
      await until(() => text().endsWith('two\n'))
      expect(text()).toBe('one\ntwo\n')
      expect(context.lines.filter(([event]) => event === 'line-left-out')).toEqual([
        ['line-left-out', expect.stringContaining('"offset":4,"bytes":200001,"code":"FIELDSEAL_INPUT_TOO_LARGE"')],
      ])
      expect(source.counts?.()).toMatchObject({ lines_left_out: 1, bytes_left_out: 200_001 })
    })

    test('reads on once there is room for bytes, and loses nothing meanwhile', async () => {
      const { deliver, text } = accepting()
      const { write, context } = await start(deliver)
      const others = context.budget.connection(context.budget.limit).reservation()
      others.grow(context.budget.limit - context.budget.used)
      write('one\ntwo\n')
      const held = others.bytes
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(text()).toBe('')
      others.shrink(held)
      await until(() => text() === 'one\ntwo\n')
    })

    test('halves what finds no room once it is sealed', async () => {
      const { deliver, text } = accepting()
      const sizes: number[] = []
      const { write } = await start(async (batch) => {
        sizes.push(batch.bytes.length)
        return batch.bytes.length > 40 ? refused(new FieldsealError('FIELDSEAL_BUSY', 'no room'), 1) : deliver(batch)
      })
      const lines = Array.from({ length: 10 }, (_, index) => `line ${index}..\n`).join('')
      write(lines)
      await until(() => text().length === lines.length)
      expect(text()).toBe(lines)
      expect(sizes[0]).toBe(lines.length)
    })

    test('closes without waiting for what is under way, and tells it so', async () => {
      const pipeline = new HeldPipeline()
      const { source, write, context } = await start(pipeline.deliver)
      write('one\n')
      await until(() => pipeline.batches.length === 1)
      const draining = source.drain()
      await source.close()
      await draining
      expect(pipeline.batches[0]?.signal.aborted).toBe(true)
      pipeline.settle(refused(new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'closed')))
      await until(() => context.budget.used === 0)
    })

    test('drains as often as it is asked', async () => {
      const { source } = await start(async () => accepted())
      await Promise.all([source.drain(), source.drain()])
      await source.drain()
    })
  })
}
