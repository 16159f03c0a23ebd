import type { Detector } from '../../detectors/detector.ts'
import { compileDetectors } from '../../rules/own-detectors.ts'
import { composeEngine, sealSettings } from '../compose.ts'
import { loadConfig } from '../config/load.ts'
import type { LoadedRule } from '../config/rule-files.ts'
import type { Environment } from '../config/substitute.ts'
import type { SealSettings } from '../engine/seal-records.ts'
import { DEFAULT_SETTINGS, type ExplainingEngine } from '../engine.ts'
import { FieldsealError } from '../errors.ts'
import { type RuleSet, readRuleSet } from './rule-set.ts'
import { standInEngine } from './stand-in-engine.ts'

/** Rules that can be tried out. */
export interface RulesInUse {
  readonly engine: ExplainingEngine
  /** Of all files, in order. */
  readonly rules: readonly LoadedRule[]
  /** Detectors of the rule files, by name. */
  readonly detectors: ReadonlyMap<string, Detector>
  readonly settings: SealSettings
  /** The name of the recipient that has a key id. */
  nameOf(kid: string): string
  /** Key ids whose sealed values are left as they are. */
  readonly knownKids: ReadonlySet<string>
  /** Whether the keys are those of a configuration: only then are sizes those of production. */
  readonly hasRealKeys: boolean
}

export interface RuleSource {
  /** A configuration: its recipients and settings; and its rules, where no rule file is named. */
  readonly config?: string | undefined
  /** Rule files. */
  readonly files: readonly string[]
  readonly env: Environment
}

/**
 * The rules of a configuration, with its keys; or those of rule files, for recipients that nobody has to have a key of.
 *
 * @throws FieldsealError `FIELDSEAL_USAGE` where nothing is named; what `loadConfig` and `readRuleSet` throw.
 */
export function rulesInUse({ config, files, env }: RuleSource): RulesInUse {
  if (config === undefined) {
    if (files.length > 0) return standingIn(readRuleSet(files), DEFAULT_SETTINGS)
    throw new FieldsealError('FIELDSEAL_USAGE', 'name rule files, or a configuration with -c')
  }
  const loaded = loadConfig(config, { env })
  const settings = sealSettings(loaded)
  if (files.length > 0) return standingIn(readRuleSet(files), settings, loaded.groups)
  const names = new Map([...loaded.recipients].map(([name, { kid }]) => [kid, name]))
  return {
    engine: composeEngine(loaded),
    rules: loaded.rules,
    detectors: loaded.detectors,
    settings,
    nameOf: (kid) => names.get(kid) ?? kid,
    knownKids: new Set([...names.keys(), ...settings.acceptSealed]),
    hasRealKeys: true,
  }
}

/** Rules with an engine whose key ids are the names of the recipients. */
export function standingIn(
  ruleSet: RuleSet,
  settings: SealSettings,
  groups?: ReadonlyMap<string, readonly string[]>,
): RulesInUse {
  const engine = standInEngine(ruleSet, { settings, ...(groups === undefined ? {} : { groups }) })
  const named = ruleSet.rules.flatMap(({ rule: { seal } }) => [seal?.to ?? [], seal?.fallback ?? []].flat())
  const members = named.flatMap((name) => groups?.get(name) ?? [name])
  return {
    engine,
    rules: ruleSet.rules,
    detectors: compileDetectors(ruleSet.detectors.map(({ detector }) => detector)).detectors,
    settings,
    nameOf: (kid) => kid,
    knownKids: new Set([...members, ...[...(groups?.values() ?? [])].flat(), ...settings.acceptSealed]),
    hasRealKeys: false,
  }
}
