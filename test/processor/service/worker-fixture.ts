import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FieldsealError } from '../../../processor/errors.ts'
import type { Worker, WorkerStatus } from '../../../processor/service/worker.ts'

/**
 * A worker that answers over HTTP with its process id.
 *
 * `/slow` is answered when it drains, `/exit` ends the process, `/busy` keeps it from ever doing anything else.
 */
export function httpWorker({ broken = false, reloads = true } = {}): Worker {
  const waiting: (() => void)[] = []
  let draining = false
  const server = createServer((request, response) => {
    if (request.url === '/exit') process.exit(9)
    if (request.url === '/busy') for (;;);
    const answer = () => response.writeHead(200, { connection: 'close' }).end(String(process.pid))
    if (request.url !== '/slow') return answer()
    response.writeProcessing()
    waiting.push(answer)
  })
  const address = () => {
    const { address, port } = server.address() as AddressInfo
    return `${address}:${port}`
  }
  return {
    async start() {
      if (broken) throw new FieldsealError('FIELDSEAL_TLS_INVALID', 'the certificate is of another key')
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    },
    reload: async () => reloads,
    status: () => workerStatus({ sources: { in: address() }, draining }),
    metrics: async () => `# HELP up Up.\n# TYPE up gauge\nup{worker="${process.pid}"} 1\n`,
    async stop() {
      draining = true
      for (const answer of waiting) answer()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
    async kill() {
      server.closeAllConnections()
    },
  }
}

export function workerStatus(more: Partial<WorkerStatus> = {}): WorkerStatus {
  return {
    pid: process.pid,
    ready: true,
    draining: false,
    configuration: 'c0ffee',
    reloads: { succeeded: 1, failed: 0 },
    sources: {},
    sourceCounts: {},
    sinks: {},
    inFlight: { bytes: 10, limit: 100, batches: 1 },
    batches: { accepted: 5, refused: 2 },
    records: { rejected: 3 },
    memory: { rss: 1000 },
    ...more,
  }
}
