import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../processor/engine.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { arrivals, lost, type StoredBatch, unexplained } from '../peers/arrivals.ts'
import { Backend, type Stored } from '../peers/backend.ts'
import { describeEachExporter } from '../peers/exporters.ts'
import { PUBLIC_KEYS } from '../peers/fieldseal.ts'
import { forwardMessage, numberedBatches } from '../peers/numbered.ts'

/** What the other tests of the service go by notices what they are there to notice. */
describe('what is looked for is found', () => {
  const engine = createEngine({
    recipients: PUBLIC_KEYS,
    rules: [{ id: 'addresses', detect: 'email', seal: { to: Object.keys(PUBLIC_KEYS) } }],
  })
  afterAll(() => engine.close())
  const sealed = <Batch extends StoredBatch>(batch: Batch): Batch => ({
    ...batch,
    bytes: engine.seal(batch.bytes, batch.format).bytes,
  })

  describeEachExporter((exporter) => {
    test('in what it sends: records in the clear, lost ones, those that came twice', async () => {
      const backend = await Backend.start()
      const sent = await exporter.send({ endpoint: backend.url, records: 30, batch: 10, compression: 'none' })
      await backend.close()
      const batches = backend.stored
      expect([sent.accepted.length, batches.length]).toEqual([30, 3])
      expect(() => arrivals(batches)).toThrow('an address is in the clear')

      const [first, second, third] = batches.map(sealed) as [Stored, Stored, Stored]
      expect(lost(sent.accepted, arrivals([first, second, third]))).toEqual([])
      expect(lost(sent.accepted, arrivals([first, third])).sort()).toEqual([...arrivals([second]).times.keys()].sort())
      expect(arrivals([first, second, first]).duplicates).toBe(10)
      expect([...arrivals([{ ...first, rejected: 4 }]).rejected]).toHaveLength(4)

      const strangers = createEngine({
        recipients: { x: generateKeyPair('P-256', 'x').publicJwk },
        rules: [{ id: 'a', detect: 'email', seal: { to: 'x' } }],
      })
      const forStrangers = { ...first, bytes: strangers.seal(batches[0]!.bytes, first.format).bytes }
      strangers.close()
      expect(() => arrivals([forStrangers])).toThrow('10 values do not open')
    })
  })

  test('in Fluent Forward: records in the clear, lost ones, and those that came again without a reason', () => {
    const clear = numberedBatches(0, 20, 10).map(
      (numbers): StoredBatch => ({ format: 'forward', bytes: ownBytes(forwardMessage(numbers, 'chunk')), rejected: 0 }),
    )
    expect(() => arrivals(clear)).toThrow('an address is in the clear')
    const [first, second] = clear.map(sealed) as [StoredBatch, StoredBatch]
    const numbers = [...arrivals([first]).times.keys()]
    expect(numbers).toHaveLength(10)
    expect(lost(numbers, arrivals([second]))).toEqual(numbers)

    const yes = { ...first, acknowledged: true }
    const no = { ...first, acknowledged: false }
    const needed = (...copies: StoredBatch[]) =>
      [1, 2, 3].find((sendings) => unexplained(arrivals(copies), () => sendings).length === 0)
    expect([needed(no, no, yes), needed(no)]).toEqual([1, 1])
    expect([needed(yes, yes), needed(yes, no), needed(no, yes, no, yes)]).toEqual([2, 2, 2])
    expect(needed(yes, yes, no)).toBe(3)
    expect(unexplained(arrivals([yes, yes, second]), () => 1)).toEqual(numbers)
  })
})

/** Not of memory that is shared with others. */
function ownBytes(bytes: Uint8Array): Buffer {
  const own = Buffer.from(new ArrayBuffer(bytes.length))
  own.set(bytes)
  return own
}
