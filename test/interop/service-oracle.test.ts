import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../processor/engine.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { arrivals, lost } from '../peers/arrivals.ts'
import { Backend, type Stored } from '../peers/backend.ts'
import { describeEachExporter } from '../peers/exporters.ts'
import { PUBLIC_KEYS } from '../peers/fieldseal.ts'

/** What the other tests of the service go by notices what they are there to notice. */
describe('what is looked for is found', () => {
  const engine = createEngine({
    recipients: PUBLIC_KEYS,
    rules: [{ id: 'addresses', detect: 'email', seal: { to: Object.keys(PUBLIC_KEYS) } }],
  })
  afterAll(() => engine.close())
  const sealed = (batch: Stored): Stored => ({ ...batch, bytes: engine.seal(batch.bytes, batch.format).bytes })

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
})
