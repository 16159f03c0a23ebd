import { gzipSync } from 'node:zlib'
import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { until } from '../suite.ts'
import { entriesOf, forwardMode, messageMode, packedAsText, packedMode, RawClient, startSource } from './fixtures.ts'

const FRAMES = [
  messageMode('one', { chunk: 'c' }),
  forwardMode(['one', 'two'], { chunk: 'c', size: 2 }),
  packedMode(['one', 'two'], { chunk: 'c' }),
  packedAsText(entriesOf(['one']), { chunk: 'c', compressed: 'text' }),
  Buffer.from(encode(['app.log', gzipSync(entriesOf(['one'])), { chunk: 'c', compressed: 'gzip' }])),
]

const mutated = fc
  .tuple(
    fc.constantFrom(...FRAMES),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
    fc.nat(),
    fc.boolean(),
  )
  .map(([frame, changes, end, cut]) => {
    const bytes = Buffer.from(frame)
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte
    return cut ? bytes.subarray(0, end % bytes.length) : bytes
  })

test('whatever comes, nobody else notices, and every byte is given back', async () => {
  const { port, context, source } = await startSource({ options: { max_message: '1MiB', max_inflated: '1MiB' } })
  const good = new RawClient(port)
  let sent = 0
  const hostile = fc.oneof(mutated, fc.uint8Array({ maxLength: 200 }))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(hostile, { maxLength: 4 }), { minLength: 1, maxLength: 6 }), async (clients) => {
      await Promise.all(
        clients.map(async (parts) => {
          const client = new RawClient(port)
          for (const part of parts) if (!client.socket.destroyed) client.socket.write(part)
          client.socket.end()
          await client.closed
          // Nothing but acknowledgements.
          const values = await client.values()
          expect(values.every((value) => Object.keys(value as object).join() === 'ack')).toBe(true)
        }),
      )
      await good.write(packedMode(['x'], { chunk: `${sent}` }))
      sent += 1
      expect((await good.until(sent)).at(-1)).toEqual({ ack: `${sent - 1}` })
    }),
    { numRuns: 150 },
  )
  await until(() => context.budget.used === 0)
  expect(JSON.stringify(context.lines)).not.toContain('FIELDSEAL_INTERNAL')
  expect(source.counts().accepted).toBeGreaterThanOrEqual(sent)
})
