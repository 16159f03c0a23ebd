/**
 * A backend that writes down what it gets before it says so: `backend-process.ts forward|grpc PORT JOURNAL`. Each line of
 * the journal is a batch, or the number of one that is acknowledged, from 0.
 */
import { openSync, writeSync } from 'node:fs'
import { FaultyGrpcBackend, type GrpcBehaviour } from './faulty-grpc-backend.ts'
import { ForwardBackend, type ForwardBehaviour } from './forward-backend.ts'
import type { Journal, Kept } from './kept-batches.ts'

const [kind, port, file = ''] = process.argv.slice(2)
const journal = openSync(file, 'wx')
const numbers = new Map<Kept, number>()
const write = (line: object) => void writeSync(journal, `${JSON.stringify(line)}\n`)

const journalOf: Journal = {
  kept(batch) {
    numbers.set(batch, numbers.size)
    write({ kept: { ...batch, bytes: batch.bytes.toString('base64') } })
  },
  acknowledged: (batch) => write({ acknowledged: numbers.get(batch) }),
}

/** Some at once, and some late, so that there is always one that waits. */
function alternate<One>(...ways: readonly One[]): () => One {
  let turn = 0
  return () => ways[turn++ % ways.length]!
}

if (kind === 'grpc')
  await FaultyGrpcBackend.start(alternate<GrpcBehaviour>('store', 'store-late'), Number(port), journalOf)
else await ForwardBackend.start(alternate<ForwardBehaviour>('acknowledge', 'acknowledge-late'), Number(port), journalOf)
console.log('listening')
