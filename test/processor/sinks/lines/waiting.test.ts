import { describe, expect, it } from 'vitest'
import type { Settlement } from '../../../../processor/pipeline/settlement.ts'
import { Conversions } from '../../../../processor/sinks/conversions.ts'
import { WaitingLines } from '../../../../processor/sinks/lines/waiting.ts'
import type { OutgoingBatch } from '../../../../processor/sinks/sink.ts'
import { jsonBatch, sinkContext } from '../suite.ts'

const MIB = 1 << 20

/** Batches that wait, how many of them were made lines, and what became of each. */
function waiting(texts: readonly string[]) {
  const lines = new WaitingLines({ format: 'otlp_json', conversions: new Conversions(sinkContext()) })
  const settled: Settlement[] = []
  const made = { count: 0 }
  for (const text of texts) {
    const batch = jsonBatch(text)
    const observed: OutgoingBatch = {
      ...batch,
      get bytes() {
        made.count += 1
        return batch.bytes
      },
    }
    lines.add(observed, (settlement) => settled.push(settlement))
  }
  return { lines, settled, made }
}

describe('batches that wait for the disk', () => {
  it('are made lines up to 16 MiB, and beyond it when their turn comes', () => {
    const { lines, made } = waiting(Array.from({ length: 40 }, () => 'x'.repeat(MIB)))
    expect(made.count).toBe(16)
    let taken = 0
    while (!lines.isEmpty) {
      for (const line of lines.take()) {
        taken += 1
        line.settle({ outcome: 'accepted', rejected: 0 })
      }
    }
    expect([taken, made.count]).toEqual([40, 40])
    // What is settled makes room again.
    lines.add(jsonBatch('x'), () => {})
    expect(lines.take()).toHaveLength(1)
  })

  it('are taken 500 at a time at most, and no more once there are 8 MiB', () => {
    const small = waiting(Array.from({ length: 1100 }, () => 'x')).lines
    expect([small.take().length, small.take().length, small.take().length]).toEqual([500, 500, 100])
    const large = waiting(Array.from({ length: 12 }, () => 'x'.repeat(MIB))).lines
    expect([large.take().length, large.take().length]).toEqual([8, 4])
    const huge = waiting(['x'.repeat(20 * MIB), 'x']).lines
    expect([huge.take().length, huge.take().length]).toEqual([1, 1])
  })

  it('are refused where nobody waits for them any more', () => {
    const { lines, settled } = waiting(['a'])
    const leaving = new AbortController()
    lines.add(jsonBatch('b', leaving.signal), (settlement) => settled.push(settlement))
    leaving.abort()
    expect(lines.take().map(({ bytes }) => bytes.toString())).toEqual([jsonBatch('a').bytes.toString()])
    expect(settled).toMatchObject([{ outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE' } }])
    expect(lines.isEmpty).toBe(true)
  })
})
