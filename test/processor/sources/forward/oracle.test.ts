import { encode } from '@msgpack/msgpack'
import { expect, test } from 'vitest'
import { RawClient } from './fixtures.ts'
import { numbered, startService } from './service.ts'

const RECORDS = 300

/** Numbers that look like chance, and are the same each time. */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const event = (seq: number): Buffer =>
  Buffer.from(encode(['app.log', 1_700_000_000 + seq, numbered(seq), { chunk: `${seq}` }]))

test.each([1, 2, 3])(
  'a client that cuts its writes, reads late and dies in the middle of messages loses nothing that was acknowledged (%i)',
  async (seed) => {
    const service = await startService()
    const chance = chances(seed)
    const acknowledged = new Set<number>()
    /** What was written as a whole at least once without an acknowledgement: it may be there more than once. */
    const repeated = new Set<number>()
    let lives = 0
    while (acknowledged.size < RECORDS) {
      lives += 1
      const client = new RawClient(service.port)
      const late = chance() < 0.5
      if (late) client.socket.pause()
      const first = Array.from({ length: RECORDS }, (_, seq) => seq).find((seq) => !acknowledged.has(seq)) as number
      const last = Math.min(RECORDS, first + 1 + Math.floor(chance() * 80))
      const sent = Array.from({ length: last - first }, (_, index) => first + index)
      const bytes = Buffer.concat(sent.map(event))
      // Most of the time it does not come to its end.
      const dies = chance() < 0.6
      const end = dies ? Math.floor(bytes.length * chance()) : bytes.length
      for (let at = 0; at < end; ) {
        const next = Math.min(end, at + 1 + Math.floor(chance() * 700))
        await client.write(bytes.subarray(at, next))
        if (chance() < 0.2) await new Promise((resolve) => setImmediate(resolve))
        at = next
      }
      client.socket.resume()
      if (dies) client.socket.resetAndDestroy()
      else await client.until(sent.length)
      for (const chunk of await client.acks()) acknowledged.add(Number(chunk))
      for (const seq of sent) if (!acknowledged.has(seq)) repeated.add(seq)
      client.socket.destroy()
      await client.closed
    }
    const numbers = service.numbers()
    expect(lives).toBeGreaterThan(3)
    expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(Array.from({ length: RECORDS }, (_, seq) => seq))
    // Each first time in order; and twice only what was not acknowledged.
    expect(numbers.filter((seq, index) => numbers.indexOf(seq) === index)).toEqual(
      [...new Set(numbers)].sort((a, b) => a - b),
    )
    for (const [index, seq] of numbers.entries()) if (numbers.indexOf(seq) !== index) expect(repeated).toContain(seq)
    expect(service.written()).not.toContain('@example.com')
  },
)
