import { compileLoadedRules } from './config/compile.ts'
import { type LoadedConfig, loadConfig } from './config/load.ts'
import type { Environment } from './config/substitute.ts'
import type { SealSettings } from './engine/seal-records.ts'
import { type ExplainingEngine, engineOf } from './engine.ts'

/** The engine's settings as the configuration file has them. */
export function sealSettings({ settings }: LoadedConfig): SealSettings {
  return {
    bodyKeys: settings.body_keys,
    acceptSealed: settings.accept_sealed,
    layout: settings.sealing.layout,
    strict: settings.sealing.strict,
    epochMaxAgeMs: settings.sealing.epoch.max_age,
    epochMaxWraps: settings.sealing.epoch.max_wraps,
    limits: settings.limits,
  }
}

export function composeEngine(loaded: LoadedConfig): ExplainingEngine {
  return engineOf(compileLoadedRules(loaded), loaded.recipients, loaded.groups, sealSettings(loaded))
}

/**
 * An engine from a configuration file and the rule and key files that it names.
 *
 * @throws FieldsealError with every issue of every file.
 */
export function loadEngine(file: string, env: Environment = process.env): ExplainingEngine {
  return composeEngine(loadConfig(file, { env }))
}
