import type { PlanRule } from '../../rules/plan.ts'
import { TENANT_PREFIX, tenantField } from '../../rules/tenant.ts'
import { FieldsealError } from '../errors.ts'
import { type Batch, FIELD } from '../formats/batch.ts'
import type { Recipient } from '../jwe/recipients.ts'
import type { RecipientSet, Sealer } from '../jwe/sealer.ts'
import type { Conditions } from './conditions.ts'

/** For whom a rule seals: the same for every record, or by the record's tenant. */
interface RuleAudience {
  /** Where there is no tenant in the rule, or none that is known. */
  readonly otherwise: RecipientSet
  /** By the name of the tenant. */
  readonly byTenant: ReadonlyMap<string, RecipientSet>
}

/** For whom rules seal. All sets are made at once, so that a name that does not exist shows before the first record. */
export class Recipients {
  readonly #audiences = new Map<PlanRule, RuleAudience>()

  /**
   * @param recipients - by name.
   * @param groups - names of recipients, by the group's name.
   * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` where a rule names a recipient that is not there.
   */
  constructor(
    rules: readonly PlanRule[],
    recipients: ReadonlyMap<string, Recipient>,
    groups: ReadonlyMap<string, readonly string[]>,
    sealer: Sealer,
  ) {
    for (const rule of rules) {
      const { action } = rule
      if (!action.deferred) continue
      const setOf = (names: readonly string[]): RecipientSet => {
        const members = names
          .flatMap((name) => groups.get(name) ?? [name])
          .map((name) => recipientNamed(name, recipients, rule))
        return sealer.recipientSet(members, action.strict === undefined ? {} : { strict: action.strict })
      }
      const fixed = action.to.filter((name) => tenantField(name) === undefined)
      const fallback = action.fallback === undefined ? [] : [action.fallback]
      const tenants =
        rule.tenantField === undefined ? [] : [...groups.keys()].filter((name) => name.startsWith(TENANT_PREFIX))
      this.#audiences.set(rule, {
        otherwise: setOf([...fixed, ...fallback]),
        byTenant: new Map(tenants.map((name) => [name.slice(TENANT_PREFIX.length), setOf([...fixed, name])])),
      })
    }
  }

  /** Every set that a rule may seal for. */
  all(): RecipientSet[] {
    const sets = [...this.#audiences.values()].flatMap(({ otherwise, byTenant }) => [otherwise, ...byTenant.values()])
    return [...new Set(sets)]
  }

  /** Those of one batch. */
  in(batch: Batch): Audience {
    return {
      of: (rule, row, conditions) => {
        const audience = this.#audiences.get(rule)
        if (audience === undefined || rule.tenantField === undefined) return audience?.otherwise
        const tenant = conditions.only(rule.tenantField, batch.get(row, FIELD.OWNER))
        return (tenant === undefined ? undefined : audience.byTenant.get(tenant)) ?? audience.otherwise
      },
    }
  }
}

/** For whom the rules seal in one batch. */
export interface Audience {
  /** @returns undefined where the rule does not seal. */
  of(rule: PlanRule, row: number, conditions: Conditions): RecipientSet | undefined
}

function recipientNamed(name: string, recipients: ReadonlyMap<string, Recipient>, rule: PlanRule): Recipient {
  const recipient = recipients.get(name)
  if (recipient !== undefined) return recipient
  throw new FieldsealError(
    'FIELDSEAL_CONFIG_INVALID',
    `rule ${rule.id} seals for ${name}, which is no recipient and no group`,
  )
}
