import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { composeEngine } from '../compose.ts'
import { type LoadedConfig, loadConfig } from '../config/load.ts'
import type { ObjectEngine } from '../engine.ts'
import { FieldsealError } from '../errors.ts'
import { recorder } from '../telemetry/instruments.ts'

/** Where the engine comes from. */
export type EngineOptions =
  /** A configuration file. All that name the same file in one process share one engine. */
  | { readonly config: string; readonly engine?: undefined }
  /** An engine that the program has made: closing it stays with the program. */
  | { readonly engine: ObjectEngine; readonly config?: undefined }

/** An engine for as long as somebody uses it. */
export interface Lease {
  readonly engine: ObjectEngine
  /** Says that it is used no longer. The last one who says so of a file closes the engine; saying it twice is once. */
  release(): void
}

interface Shared {
  readonly engine: ObjectEngine
  users: number
}

/** By the real path of the configuration file. */
const shared = new Map<string, Shared>()

/**
 * The engine that the options name.
 *
 * @param bodyKey - where the logger has the message of a record: it is the body, whether or not `body_keys` of the
 *   configuration names it, so that rules for bodies see it. An engine of the program's own stays as it is.
 * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID`, `FIELDSEAL_CONFIG_UNREADABLE` and what else `loadEngine` throws.
 */
export function leaseEngine({ config, engine }: EngineOptions, bodyKey?: string): Lease {
  if (engine !== undefined && config === undefined) return { engine, release: () => {} }
  if (typeof config !== 'string' || engine !== undefined)
    throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', 'the options have either `config`, a file, or `engine`')
  let path = realPath(config)
  let used = bodyKey === undefined ? shared.get(path) : undefined
  if (used === undefined) {
    let loaded = loadConfig(config, { env: process.env })
    const { body_keys } = loaded.settings
    if (bodyKey !== undefined && !body_keys.includes(bodyKey)) {
      loaded = { ...loaded, settings: { ...loaded.settings, body_keys: [bodyKey, ...body_keys] } }
      // No path has it: a file whose records have another body is another engine.
      path = `${path}\0${bodyKey}`
    }
    used = shared.get(path) ?? { engine: composeEngine(withoutIdleScan(loaded)), users: 0 }
    shared.set(path, used)
  }
  used.users += 1
  return { engine: used.engine, release: releaseOnce(path, used) }
}

/**
 * Where the leak scan counts and does nothing else, and the program has no OpenTelemetry SDK for metrics, nobody would get
 * what it counts, and each line would pay for it.
 */
function withoutIdleScan(loaded: LoadedConfig): LoadedConfig {
  const { settings } = loaded
  if (settings.leak_scan.inline !== 'report' || recorder() !== undefined) return loaded
  return { ...loaded, settings: { ...settings, leak_scan: { ...settings.leak_scan, inline: 'off' } } }
}

function releaseOnce(path: string, used: Shared): () => void {
  let isReleased = false
  return () => {
    if (isReleased) return
    isReleased = true
    used.users -= 1
    if (used.users > 0) return
    shared.delete(path)
    used.engine.close()
  }
}

/** A file that is not there is for `loadEngine` to complain of. */
function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return resolve(file)
  }
}
