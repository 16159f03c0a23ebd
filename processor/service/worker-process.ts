import cluster from 'node:cluster'
import { FieldsealError } from '../errors.ts'
import type { Worker } from './worker.ts'
import type { FromWorker, ToWorker } from './worker-process-messages.ts'

/**
 * Runs a worker in a process that `WorkerProcesses` has started, until that one tells it to stop or is gone.
 *
 * @param make - called once; what it throws goes to the primary process.
 * @returns the exit code.
 */
export async function runWorkerProcess(make: () => Worker): Promise<number> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  // The primary process is told, and tells its workers: signals to the whole group must not end them before.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => {})
  cluster.worker?.once('disconnect', () => {
    // Cluster would end this process at once; what is under way can still be delivered and acknowledged.
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true
    end()
  })
  // Listens from the start: the primary process may have enough of a worker that is not ready yet.
  const started = Promise.withResolvers<Worker>()
  process.on('message', (message: ToWorker) => {
    if (message.type === 'stop') end()
    else if (message.type === 'turn') return
    else void started.promise.then((worker) => answer(worker, message))
  })
  let worker: Worker
  try {
    worker = make()
    await worker.start()
  } catch (error) {
    const shown =
      error instanceof FieldsealError ? error : new FieldsealError('FIELDSEAL_INTERNAL', 'a worker did not start')
    await tell({ type: 'failed', code: shown.code, message: shown.message })
    return shown.exit
  }
  started.resolve(worker)
  await tell({ type: 'started' })
  void worker.ended?.then((error) =>
    tell(error === undefined ? { type: 'ended' } : { type: 'ended', code: error.code, message: error.message }),
  )
  await ended
  await worker.stop()
  return 0
}

async function answer(worker: Worker, { type, id }: Extract<ToWorker, { id: number }>): Promise<void> {
  if (type === 'reload') await tell({ type: 'reloaded', id, value: await worker.reload() })
  else if (type === 'metrics') await tell({ type, id, value: await worker.metrics() })
  else await tell({ type: 'status', id, value: worker.status() })
}

/** Resolves when the message is on its way, or nobody is there to read it. */
function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve())
    else resolve()
  })
}
