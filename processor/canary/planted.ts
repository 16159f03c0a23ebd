import { randomBytes } from 'node:crypto'
import { parsePath } from '../../rules/path.ts'
import { type Rule, TENANT } from '../../rules/schema/rule.ts'
import { TENANT_PREFIX } from '../../rules/tenant.ts'
import { type TestRecord, testRequest } from '../authoring/test-record.ts'
import type { LoadedConfig } from '../config/load.ts'
import { CANARIES } from '../transports/testing/canaries.ts'
import { KEYS } from '../transports/testing/keys.ts'

/** The attribute that carries a canary's id. It is random and no secret. */
export const ID_ATTRIBUTE = 'fieldseal.canary'
/** The `service.name` of records that say no other. */
export const CANARY_SERVICE = 'fieldseal-canary'

/** A made-up record, and what it is for. */
export interface Planted {
  /** 32 hexadecimal letters, also the `trace_id`: rules may read that and never alter it. */
  readonly id: string
  /** The detector, rule or path. */
  readonly name: string
  readonly record: TestRecord
}

/** Letters alone: digits could be taken for somebody's. The ids of one run begin alike. */
export function idMaker(): { readonly run: string; next(): string } {
  const run = letters(8)
  return { run, next: () => run + letters(24) }
}

function letters(count: number): string {
  let text = ''
  while (text.length < count) for (const byte of randomBytes(count)) if (byte < 252) text += 'abcdef'[byte % 6]!
  return text.slice(0, count)
}

/**
 * A record for each detector, test and path of the rules, and for what the operator names. Whether a rule acts on it has to
 * be asked of an engine.
 *
 * @param plants - paths and values of the operator.
 */
export function plantedFor(
  loaded: LoadedConfig,
  plants: readonly { readonly path: string; readonly value: string }[],
  next: () => string,
): Planted[] {
  const plant = (name: string, record: TestRecord): Planted => ({ id: next(), name, record })
  const rules = loaded.rules.map(({ rule }) => rule)
  return [
    ...Object.entries(CANARIES).map(([name, text]) => plant(name, { attributes: { [KEYS[name] ?? 'canary']: text } })),
    ...rules.flatMap((rule) => fromTests(rule).map((record) => plant(`rule ${rule.id}`, record))),
    ...rules.flatMap((rule) => fromPaths(rule).map((record) => plant(`rule ${rule.id}`, record))),
    ...rules.flatMap((rule) => fromTenants(rule, loaded).map((record) => plant(`rule ${rule.id}`, record))),
    ...plants.map(({ path, value }) => plant(path, recordAt(path, value))),
  ]
}

/** What people have written down for the rule: it says best what the rule is about. */
function fromTests({ tests }: Rule): TestRecord[] {
  return (tests?.seal ?? []).map((written) => {
    if (typeof written === 'string') return { body: written }
    const { body, attributes, resource, scope, severity, event_name } = written
    return { body, attributes, resource, scope, severity, event_name }
  })
}

function fromPaths(rule: Rule): TestRecord[] {
  const paths = [rule.path ?? []].flat().filter((path) => /\w/.test(path))
  const fields = fieldsOf(rule)
  return paths.map((path) => merged(recordAt(path, valueFor(rule)), fields))
}

function valueFor({ id, detect = [] }: Rule): string {
  const detector = [detect].flat().find((name) => CANARIES[name] !== undefined)
  return detector === undefined ? `made up for ${id}` : CANARIES[detector]!
}

/** One for each tenant that has a group. */
function fromTenants(rule: Rule, { groups }: LoadedConfig): TestRecord[] {
  const fields = [rule.seal?.to ?? []].flat().flatMap((name) => TENANT.exec(name)?.[1] ?? [])
  const [path = 'attributes.canary'] = [rule.path ?? []].flat()
  const detector = [rule.detect ?? []].flat()[0] ?? ''
  const place = path.includes('**') ? `attributes.${KEYS[detector] ?? 'canary'}` : path
  return fields.flatMap((field) =>
    [...groups.keys()]
      .filter((group) => group.startsWith(TENANT_PREFIX))
      .map((group) => {
        const record = merged(recordAt(place, valueFor(rule)), fieldsOf(rule))
        const tenant = recordAt(field, group.slice(TENANT_PREFIX.length))
        return {
          ...record,
          attributes: { ...record.attributes, ...tenant.attributes },
          resource: { ...record.resource, ...tenant.resource },
        }
      }),
  )
}

/** Fields that the rule asks for in `where`, as far as they are attributes of the resource. */
function fieldsOf({ where = {} }: Rule): TestRecord {
  const resource: Record<string, unknown> = {}
  for (const [field, wanted] of Object.entries(where))
    if (field.startsWith('resource.')) resource[field.slice('resource.'.length)] = [wanted].flat()[0]
  return { resource }
}

function merged(record: TestRecord, fields: TestRecord): TestRecord {
  return { ...record, resource: { ...fields.resource, ...record.resource } }
}

/**
 * A record with the value at a path of a rule; what the path leaves open becomes `canary`.
 *
 * @throws TypeError for what is no path.
 */
export function recordAt(path: string, value: string): TestRecord {
  const parsed = parsePath(path)
  if (typeof parsed === 'string') throw new TypeError(parsed)
  const [root, ...rest] = parsed.segments
  const inner = rest.reduceRight<unknown>((below, segment) => {
    if (segment.kind === 'element') return [below]
    if (segment.kind === 'name') return { [segment.name]: below }
    return { [segment.kind === 'key' ? segment.key : 'canary']: below }
  }, value)
  if (root?.kind !== 'name') return { attributes: asMap(inner) }
  switch (root.name) {
    case 'body':
      return { body: inner }
    case 'resource':
      return { resource: asMap(inner) }
    case 'scope':
      return { scope: asMap(inner) }
    default:
      return { attributes: asMap(inner) }
  }
}

function asMap(inner: unknown): Record<string, unknown> {
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? (inner as Record<string, unknown>)
    : { canary: inner }
}

/** All of them in one request of OTLP's JSON, each with a resource of its own. */
export function requestOf(planted: readonly Planted[]): Buffer {
  const now = `${BigInt(Date.now()) * 1_000_000n}`
  const resourceLogs = planted.flatMap(({ id, record }) => {
    const request = testRequest({
      ...record,
      attributes: { [ID_ATTRIBUTE]: id, ...record.attributes },
      resource: { 'service.name': CANARY_SERVICE, ...record.resource },
    })
    const { resourceLogs: made } = JSON.parse(request.toString()) as Request
    Object.assign(made[0]!.scopeLogs[0]!.logRecords[0]!, { timeUnixNano: now, traceId: id })
    return made
  })
  return Buffer.from(JSON.stringify({ resourceLogs }))
}

interface Request {
  readonly resourceLogs: { readonly scopeLogs: { readonly logRecords: object[] }[] }[]
}
