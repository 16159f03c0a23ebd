import { availableParallelism } from 'node:os'
import { composeWorker } from '../compose-service.ts'
import { ConfigError } from '../config/issue.ts'
import { type LoadedConfig, loadConfig } from '../config/load.ts'
import { serviceIssues } from '../config/service-issues.ts'
import type { FieldsealError } from '../errors.ts'
import { VERSION } from '../http/user-agent.ts'
import { AdminListener } from '../service/admin.ts'
import type { AdminPages } from '../service/admin-pages.ts'
import { Signals } from '../service/signals.ts'
import { inThisProcess, type Supervised } from '../service/supervisor.ts'
import { WorkerProcesses } from '../service/supervisor-processes.ts'
import { FileWatch } from '../service/watch.ts'
import { jsonLog, type Log } from '../telemetry/log.ts'
import type { CommandIo } from './arguments.ts'

/**
 * The process of `fieldseal run` that was started by somebody: its life, from the first to the last line of the log.
 *
 * @param warnings - what is to be said at the start beside what the configuration gives reason for.
 * @returns the exit code of a service that has finished what was under way.
 * @throws FieldsealError where it does not start.
 */
export async function runService(
  file: string,
  warnings: readonly string[],
  { env, stderr }: CommandIo,
): Promise<number> {
  const log = jsonLog(stderr)
  // From here on signals are kept for later.
  let supervised: Supervised | undefined
  const signals = new Signals(process, (code) => {
    // Worker processes are told by a signal before this one ends; left alone they would go on draining.
    void supervised?.kill()
    process.exit(code)
  })
  const load = () => loadConfig(file, { env })
  const loaded = load()
  const issues = serviceIssues(loaded)
  if (issues.length > 0) throw new ConfigError(issues)
  const { service } = loaded.settings
  const workers = supervise(file, loaded, env, log)
  supervised = workers
  let phase: ReturnType<AdminPages['phase']> = 'starting'
  const admin = new AdminListener(service.admin, {
    version: VERSION,
    expectedWorkers: workers.count,
    phase: () => phase,
    workers: () => workers.status(),
    ...(loaded.settings.telemetry.metrics.prometheus ? { metrics: () => workers.metrics() } : {}),
  })
  await admin.start()
  // Before the workers read the files, so that no change falls in between.
  const watch = service.watch ? new FileWatch(loaded.files, () => signals.reload()) : undefined
  const reload = async (): Promise<void> => {
    if (phase !== 'running') return
    watch?.watch(filesOf(load, loaded.files))
    await workers.reload()
  }
  try {
    await workers.start()
  } catch (error) {
    await admin.close()
    // Ctrl-C reaches worker processes too, which it ends as long as they have not started.
    if (signals.stopAsked) return 0
    throw error
  }
  phase = 'running'
  await logStart(log, loaded, warnings, workers, admin.address)
  signals.onReload(() => void reload())

  const error = await Promise.race([signals.stop.then(() => undefined), workers.ended.then(endedBy(log))])
  phase = 'draining'
  log('draining', 'no new batches are taken', { milliseconds: service.drain })
  watch?.close()
  await workers.stop()
  await admin.close()
  log('stopped', 'the service has ended')
  return error?.exit ?? 0
}

/** Says why the service stops though nobody has told it to. */
function endedBy(log: Log) {
  return (error: FieldsealError | undefined): FieldsealError | undefined => {
    if (error === undefined) log('ended', 'every source has come to its end, and all that came is passed on')
    else log('ended', error.message, { code: error.code, hint: error.hint })
    return error
  }
}

function supervise(file: string, { settings }: LoadedConfig, env: CommandIo['env'], log: Log): Supervised {
  const { workers, drain } = settings.service
  const count = workers === 'auto' ? availableParallelism() : workers
  if (count === 1) return inThisProcess(composeWorker(file, { env, log }))
  return new WorkerProcesses({ count, log, drainMs: drain })
}

/** The files to watch from now on: those of a broken configuration too, as far as known, since there it is mended. */
function filesOf(load: () => LoadedConfig, before: readonly string[]): readonly string[] {
  try {
    return load().files
  } catch (error) {
    return error instanceof ConfigError ? [...new Set([...before, ...error.files])] : before
  }
}

async function logStart(
  log: Log,
  { warnings, hash }: LoadedConfig,
  ours: readonly string[],
  supervised: Supervised,
  admin: string,
): Promise<void> {
  for (const warning of [...ours, ...warnings]) log('warning', warning)
  const [worker] = await supervised.status()
  const addresses = Object.entries(worker?.sources ?? {})
  log('started', 'the service takes batches', {
    configuration: hash,
    workers: supervised.count,
    admin,
    ...Object.fromEntries(addresses.map(([name, address]) => [`sources.${name}`, address])),
  })
}
