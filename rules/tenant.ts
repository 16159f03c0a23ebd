import { TENANT } from './schema/rule.ts'

/** What groups of tenants are named: `tenant:acme`. */
export const TENANT_PREFIX = 'tenant:'

/** The field in `tenant:{field}`; undefined for the name of a recipient or group. */
export function tenantField(name: string): string | undefined {
  return TENANT.exec(name)?.[1]
}
