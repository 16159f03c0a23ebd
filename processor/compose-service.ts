import { leakDetectors } from '../rules/leak-scan.ts'
import { composeEngine } from './compose.ts'
import { type LoadedConfig, loadConfig } from './config/load.ts'
import type { Environment } from './config/substitute.ts'
import type { Engine } from './engine.ts'
import type { OutgoingScan } from './pipeline/outgoing-scan.ts'
import { sampledScan } from './pipeline/sampled-scan.ts'
import { RunningWorker } from './service/running-worker.ts'
import { startTelemetry } from './service/telemetry/worker-telemetry.ts'
import type { Worker } from './service/worker.ts'
import { createSink } from './sinks/index.ts'
import type { Exclusive } from './sinks/sink.ts'
import { createSource } from './sources/index.ts'
import type { Log } from './telemetry/log.ts'

export interface WorkerOptions {
  readonly env: Environment
  readonly log: Log
  /** Tells this worker from the others of the service, where there are others. */
  readonly suffix?: string
  /** Where other workers write to the same standard output. */
  readonly exclusive?: Exclusive
  /** The number of this worker, where there are others. */
  readonly number?: number
  /** For tests: an engine whose parts fail. */
  readonly engine?: (loaded: LoadedConfig) => Engine
}

/**
 * One worker of the service, from a configuration file.
 *
 * @throws FieldsealError with every issue of every file.
 */
export function composeWorker(
  file: string,
  { env, log, suffix, exclusive, number = 1, engine = composeEngine }: WorkerOptions,
): Worker {
  return new RunningWorker({
    load: () => loadConfig(file, { env }),
    engine,
    source: (settings, context) => createSource(settings, suffix === undefined ? context : { ...context, suffix }),
    sink: (name, settings, loaded) =>
      createSink(settings, {
        name,
        log,
        bodyKeys: loaded.settings.body_keys,
        ...(suffix === undefined ? {} : { suffix }),
        ...(exclusive === undefined ? {} : { exclusive }),
      }),
    scan: (loaded) => scanOf(loaded, log),
    log,
    telemetry: ({ settings }) => startTelemetry(settings.telemetry, String(number), log),
  })
}

function scanOf(loaded: LoadedConfig, log: Log): OutgoingScan | undefined {
  const { leak_scan: settings, accept_sealed: accepted, body_keys: bodyKeys, limits } = loaded.settings
  const { sample } = settings.independent
  if (sample === 0) return undefined
  return sampledScan({
    sample,
    detectors: leakDetectors(settings.detectors, loaded.detectors),
    ignore: settings.ignore,
    knownKids: new Set([...[...loaded.recipients.values()].map(({ kid }) => kid), ...accepted]),
    maxValueBytes: limits.value,
    bodyKeys,
    log,
  })
}
