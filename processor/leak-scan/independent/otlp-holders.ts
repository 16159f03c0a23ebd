import { type Entries, type Holder, LEVEL, type Plain } from './content.ts'

/** Fields of OTLP that are no attributes, by the path under which they are shown. */
export type Fields = (readonly [path: string, value: Plain])[]

/** What is beside attributes in a message of OTLP. */
export interface Beside {
  readonly fields: Fields
  readonly unknown: Plain[]
}

export function beside(): Beside {
  return { fields: [], unknown: [] }
}

export function batchHolder({ fields, unknown }: Beside): Holder {
  return { level: LEVEL.BATCH, service: '', root: 'resource', attributes: [], fields, unknown }
}

export function resourceHolder(service: string, attributes: Entries, { fields, unknown }: Beside): Holder {
  return { level: LEVEL.RESOURCE, service, root: 'resource', attributes, fields, unknown }
}

export function scopeHolder(service: string, attributes: Entries, { fields, unknown }: Beside): Holder {
  return { level: LEVEL.SCOPE, service, root: 'scope', attributes, fields, unknown }
}

export function recordHolder(service: string, attributes: Entries, { fields, unknown }: Beside): Holder {
  return { level: LEVEL.RECORD, service, root: 'attributes', attributes, fields, unknown }
}
