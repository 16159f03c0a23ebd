import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { ExplainingEngine } from '../../../processor/engine.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { type Canary, type Leak, leaksIn } from '../../canary/hunt.ts'
import { EVERYONE, engineFor, KEY_PAIRS } from '../engine/fixtures.ts'

/** What is planted in logs: each stands in one place alone, and a rule seals it wherever that is. */
export const CANARY = {
  mail: 'jane.canary@plant.example',
  /** For what stands beside the record: a resource, bindings. */
  owner: 'owner.canary@plant.example',
  token: 'zq-918273',
  /** As a number, too. */
  card: '4111111111111111',
} as const

export const CANARY_RULES: readonly RuleInput[] = [
  { id: 'mails', detect: 'email', seal: { to: 'all' } },
  { id: 'cards', detect: 'payment_card', seal: { to: ['dpo', 'fraud'] } },
  { id: 'tokens', pattern: 'zq-[0-9]{6}', seal: { to: 'security' } },
]

export function canaryEngine(): ExplainingEngine {
  return engineFor(CANARY_RULES)
}

/** A folder with `fieldseal.yaml`, whose rules seal addresses for the recipient `dpo`. */
export function configFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-transport-'))
  const files = {
    'dpo.pub.jwk': JSON.stringify(KEY_PAIRS.dpo.publicJwk),
    'rules.yaml': 'rules: [{ id: mails, detect: email, seal: { to: dpo } }]',
    'fieldseal.yaml': 'recipients: { dpo: { jwk: dpo.pub.jwk } }\nrules: [rules.yaml]',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

/** Private keys of all recipients, for `open` and the like. */
export const OPENING = { keys: EVERYONE.map((name) => KEY_PAIRS[name].privateJwk) }

const CANARIES: readonly Canary[] = Object.entries(CANARY).map(([place, text]) => ({ place, text }))

/** Every way in which a canary stands in these bytes. */
export function leaks(bytes: Uint8Array | string, canaries = CANARIES): Leak[] {
  return leaksIn(Buffer.from(bytes as string), canaries)
}

/** Values that the rules for canaries find, and that are nobody else's. */
export interface Planted {
  readonly mail: string
  readonly token: string
  readonly card: string
}

/** @param number - below 1000. */
export function plantedFor(number: number): Planted {
  const digits = String(number).padStart(3, '0')
  return {
    mail: `jane.${digits}.canary@plant.example`,
    token: `zq-918${digits}`,
    card: withCheckDigit(`411111111111${digits}`),
  }
}

/** The same values; says which of them are taken. */
export function noting(planted: Planted, take: (kind: keyof Planted) => void): Planted {
  return new Proxy(planted, {
    get(values, kind: keyof Planted) {
      take(kind)
      return values[kind]
    },
  })
}

/** ISO/IEC 7812-1, annex B. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

/** All that can be seen of a value in the program, hidden properties, keys of maps and bytes of buffers as well. */
export function everythingIn(value: unknown): string {
  const shown = inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Number.POSITIVE_INFINITY,
    showHidden: true,
  })
  const buffers: string[] = []
  bytesWithin(value, new Set(), buffers)
  return [shown, ...buffers].join('\n')
}

function bytesWithin(value: unknown, seen: Set<unknown>, found: string[]): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  if (value instanceof Uint8Array) found.push(Buffer.from(value).toString('latin1'))
  else if (value instanceof Map) for (const entry of value) bytesWithin(entry, seen, found)
  else for (const inner of Object.values(value)) bytesWithin(inner, seen, found)
}
