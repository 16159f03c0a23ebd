import { expect, test } from 'vitest'
import { packedMode, RawClient, startSource, textsOf } from './fixtures.ts'

test('messages that are larger than what a socket reads at once are taken, whatever part of them comes last', async () => {
  const { port, delivered } = await startSource()
  const client = new RawClient(port)
  const sent: string[] = []
  // The last part of some of them is kept as it was read, that of others is copied.
  for (let size = 60_000; size < 260_000; size += 7001) {
    const text = `${sent.length} ${'x'.repeat(size)}`
    sent.push(text)
    await client.write(packedMode([text], { chunk: String(sent.length) }))
    expect((await client.until(sent.length)).length).toBe(sent.length)
  }
  expect(delivered.flatMap(textsOf)).toEqual(sent)
})
