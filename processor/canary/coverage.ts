import { TENANT } from '../../rules/schema/rule.ts'
import { TENANT_PREFIX } from '../../rules/tenant.ts'
import type { LoadedConfig } from '../config/load.ts'
import { FieldsealError } from '../errors.ts'
import type { Expected } from './expected.ts'
import type { CanaryKey } from './judge.ts'

/** Names of recipients whom the rules, as they are carried out now, seal for. */
export function recipientsInUse({ rules, recipients, groups }: LoadedConfig, now = Date.now()): Set<string> {
  const names = rules.flatMap(({ rule }) => {
    const isAudit = rule.expires !== undefined && now < Date.parse(rule.expires)
    return rule.seal === undefined || isAudit ? [] : [rule.seal.to, rule.seal.fallback ?? []].flat()
  })
  const tenants = names.some((name) => TENANT.test(name))
    ? [...groups.keys()].filter((group) => group.startsWith(TENANT_PREFIX))
    : []
  return new Set([...names, ...tenants].flatMap((name) => groups.get(name) ?? (recipients.has(name) ? [name] : [])))
}

/**
 * Sees that what is sent can prove something for everybody: a run that leaves somebody out must not say that all is well.
 *
 * @returns names of recipients for whom nothing is sealed.
 * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID`
 */
export function checkCoverage(
  loaded: LoadedConfig,
  expected: readonly Expected[],
  keys: readonly CanaryKey[],
): readonly string[] {
  const nameOf = namesOf(loaded)
  const seals = expected.flatMap(({ seals: own }) => own)
  if (seals.length === 0) refuse('the rules seal nothing that a canary could be planted for; name it with --plant')
  const unprovable = seals.find(({ kids }) => !kids.some((kid) => keys.some((key) => key.kid === kid)))
  if (unprovable !== undefined) {
    const names = unprovable.kids.map(nameOf).join(', ')
    refuse(`rule ${unprovable.rule} seals for ${names}, and no canary key is among them`)
  }
  const reached = new Set(seals.flatMap(({ kids }) => kids.map(nameOf)))
  const inUse = recipientsInUse(loaded)
  const missed = [...inUse].filter((name) => !reached.has(name))
  if (missed.length > 0)
    refuse(`no canary reaches what the rules seal for ${missed.join(', ')}: name a path and a value with --plant`)
  return [...loaded.recipients.keys()].filter((name) => !inUse.has(name))
}

/** Of a kid, the recipient's name. */
export function namesOf({ recipients }: LoadedConfig): (kid: string) => string {
  const names = new Map([...recipients].map(([name, { kid }]) => [kid, name]))
  return (kid) => names.get(kid) ?? kid
}

function refuse(problem: string): never {
  throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', problem)
}
