import { composeWorker } from '../compose-service.ts'
import { runWorkerProcess } from '../service/worker-process.ts'
import { WORKER_VARIABLE } from '../service/worker-process-messages.ts'
import { exclusiveByTurns } from '../service/worker-turns.ts'
import { jsonLog } from '../telemetry/log.ts'
import type { CommandIo } from './arguments.ts'

/** A process of `fieldseal run` that has one of several workers. @returns the exit code. */
export function runWorker(file: string, { env, stderr }: CommandIo): Promise<number> {
  const worker = Number(env[WORKER_VARIABLE])
  const log = jsonLog(stderr)
  return runWorkerProcess(() =>
    composeWorker(file, {
      env,
      number: worker,
      suffix: `worker-${worker}`,
      exclusive: exclusiveByTurns(),
      log: (event, message, fields) => log(event, message, { ...fields, worker }),
    }),
  )
}
