// A primary process with two workers: writes one line, with their address and process ids.
import cluster from 'node:cluster'
import { join } from 'node:path'
import { WorkerProcesses } from '../../../processor/service/supervisor-processes.ts'

cluster.setupPrimary({ exec: join(import.meta.dirname, 'worker-fixture-process.ts') })
const workers = new WorkerProcesses({ count: 2, log: () => {}, drainMs: 1000 })
await workers.start()
const status = await workers.status()
process.stdout.write(`${JSON.stringify({ address: status[0]?.sources.in, pids: status.map(({ pid }) => pid) })}\n`)
