import { PassThrough, Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import type { Deliver } from '../../../../processor/sources/source.ts'
import { type StdinSourceSettings, stdinSourceSettings } from '../../../../processor/sources/stdin/settings.ts'
import { stdinSource } from '../../../../processor/sources/stdin/source.ts'
import { HeldPipeline, sourceContext, until } from '../suite.ts'

function settings(given: Partial<Record<keyof StdinSourceSettings, unknown>> = {}): StdinSourceSettings {
  return stdinSourceSettings.parse({ type: 'stdin', gather: '0ms', ...given })
}

async function start(
  input: Readable,
  deliver: Deliver,
  given: Partial<Record<keyof StdinSourceSettings, unknown>> = {},
) {
  const context = sourceContext(deliver)
  const source = stdinSource(settings(given), context, () => input)
  await source.start()
  return { source, context }
}

function taking() {
  const batches: string[] = []
  const deliver: Deliver = async ({ bytes }) => {
    batches.push(bytes.toString('latin1'))
    return accepted()
  }
  return { batches, deliver }
}

test('all lines come through in their order, however the bytes are cut, but for those that are too long', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', '\r'), maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 64 }),
      async (lines, ends, sizes, batch) => {
        const text = lines.map((content) => `${content}\n`).join('') + (ends ? '' : 'end')
        const chunks: Buffer[] = []
        for (let at = 0, index = 0; at < text.length; index += 1) {
          const size = sizes[index % sizes.length]!
          chunks.push(Buffer.from(text.slice(at, at + size)))
          at += size
        }
        const { batches, deliver } = taking()
        const { source } = await start(Readable.from(chunks, { objectMode: false }), deliver, { batch, max_line: 20 })
        expect(await source.ended).toBeUndefined()
        const kept = text.split(/(?<=\n)/).filter((part) => part.replace(/\n$/, '').length <= 20)
        expect(batches.join('')).toBe(kept.join(''))
        expect(source.counts?.()).toMatchObject({ lines_left_out: text.split(/(?<=\n)/).length - kept.length })
        await source.close()
      },
    ),
    { numRuns: 200 },
  )
})

test('ends once all is accepted, and not before', async () => {
  const pipeline = new HeldPipeline()
  const { source } = await start(Readable.from([Buffer.from('one\n')]), pipeline.deliver)
  let ended = false
  void source.ended?.then(() => {
    ended = true
  })
  await until(() => pipeline.batches.length === 1)
  pipeline.settle(refused(new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'down'), 1))
  await until(() => pipeline.batches.length === 2)
  expect(ended).toBe(false)
  pipeline.settle(accepted())
  await source.ended
  await source.close()
})

test('ends with an error where the input breaks, after what came', async () => {
  const input = new PassThrough()
  const { batches, deliver } = taking()
  const { source, context } = await start(input, deliver)
  input.write('one\n')
  await until(() => batches.length === 1)
  input.destroy(new Error('canary-7f3a91'))
  expect(await source.ended).toMatchObject({ code: 'FIELDSEAL_SOURCE_FAILED' })
  expect(JSON.stringify(context.lines)).not.toContain('canary')
  await source.close()
})

test('lines that come one by one are sealed together', async () => {
  const input = new PassThrough()
  const { batches, deliver } = taking()
  const { source } = await start(input, deliver, { gather: '300ms' })
  for (const line of ['one\n', 'two\n', 'three\n']) {
    input.write(line)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => batches.length > 0)
  expect(batches).toEqual(['one\ntwo\nthree\n'])
  await source.close()
})

test('what is read and not passed on when it is closed is told of, by its length', async () => {
  const pipeline = new HeldPipeline()
  const input = new PassThrough()
  const { source, context } = await start(input, pipeline.deliver)
  input.write('one\ntw')
  await until(() => pipeline.batches.length === 1)
  await source.close()
  expect(context.lines.filter(([event]) => event === 'lines-lost')).toEqual([
    ['lines-lost', expect.stringContaining('"bytes":6')],
  ])
})

test('a sink that has nobody left to write to ends nothing by itself', async () => {
  const input = Readable.from([Buffer.from('one\n')])
  const gone = refused(new FieldsealError('FIELDSEAL_OUTPUT_CLOSED', 'gone'))
  let attempts = 0
  const { source } = await start(input, async () => {
    attempts += 1
    return gone
  })
  await until(() => attempts === 1)
  // The service stops for the reason that the sink gives, not for the end of the input.
  await source.drain()
  expect(await Promise.race([source.ended, Promise.resolve('open')])).toBe('open')
  await source.close()
})
