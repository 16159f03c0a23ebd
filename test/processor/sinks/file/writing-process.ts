import { writeSync } from 'node:fs'
import { createFileSink } from '../../../../processor/sinks/file/sink.ts'

/** Writes batches without end, 8 at a time, and prints the number of each that was accepted: until it is killed. */
const [path = '', size = '', start = ''] = process.argv.slice(2)

const sink = createFileSink(
  { type: 'file', format: 'otlp_json', path, required: true, sync: true, rotate: { size: Number(size) } },
  { name: 'out', log: () => {} },
)
await sink.start()

let number = Number(start)
const signal = new AbortController().signal

async function write(): Promise<void> {
  for (;;) {
    number += 1
    const mine = number
    // Lines of very different lengths, of many pages too: a kill can come in the middle of a write.
    const body = { stringValue: `${mine}:${'x'.repeat((mine * 7919) % 60_000)}` }
    const bytes = Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body }] }] }] }))
    const { outcome } = await sink.send({ bytes, format: 'otlp-json', records: 1, signal })
    // At once, and by one call: what was printed was accepted.
    if (outcome === 'accepted') writeSync(1, `${mine}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, write))
