import type { OpenedBatch } from '../../../processor/engine/open-records.ts'
import { createEngine, type EngineConfig, type ExplainingEngine } from '../../../processor/engine.ts'
import { FieldsealError } from '../../../processor/errors.ts'
import type { FormatName } from '../../../processor/formats/index.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import { open } from '../../../processor/open.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'

export const KEY_PAIRS = {
  security: generateKeyPair('X25519', 'security-1'),
  dpo: generateKeyPair('P-256', 'dpo-1'),
  fraud: generateKeyPair('X25519', 'fraud-1'),
} as const

export type RecipientName = keyof typeof KEY_PAIRS

export const EVERYONE = Object.keys(KEY_PAIRS) as RecipientName[]

/** An engine with the three recipients, the group `all` and the hash key `k`. */
export function engineFor(rules: readonly RuleInput[], settings?: EngineConfig['settings']): ExplainingEngine {
  return createEngine({
    recipients: Object.fromEntries(EVERYONE.map((name) => [name, KEY_PAIRS[name].publicJwk])),
    groups: { all: EVERYONE },
    hashKeys: { k: Buffer.alloc(32, 7) },
    rules,
    ...(settings === undefined ? {} : { settings }),
  })
}

export function seal(
  rules: readonly RuleInput[],
  bytes: Uint8Array | string,
  format: FormatName = 'json-lines',
  settings?: EngineConfig['settings'],
): Buffer {
  const engine = engineFor(rules, settings)
  try {
    return engine.seal(Buffer.from(bytes), format).bytes
  } finally {
    engine.close()
  }
}

export function openAs(
  names: readonly RecipientName[],
  bytes: Uint8Array,
  format: FormatName = 'json-lines',
): OpenedBatch {
  return open(bytes, format, { keys: names.map((name) => KEY_PAIRS[name].privateJwk) })
}

/** One record as a line of JSON, sealed and read back by `JSON.parse`. */
export function sealRecord(
  rules: readonly RuleInput[],
  record: object,
  settings?: EngineConfig['settings'],
): Record<string, unknown> {
  return JSON.parse(seal(rules, JSON.stringify(record), 'json-lines', settings).toString())
}

/** One sealed record, opened with all keys or those named. */
export function openRecord(record: object, names: readonly RecipientName[] = EVERYONE): Record<string, unknown> {
  return JSON.parse(openAs(names, Buffer.from(JSON.stringify(record))).bytes.toString())
}

export function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof FieldsealError) return error.code
    throw error
  }
  return 'nothing was thrown'
}

/** What a JWE in the General JSON serialization says openly. */
export function envelopeOf(jwe: unknown): { cty: string; path: string; kids: string[] } {
  const { protected: header, recipients } = JSON.parse(String(jwe)) as {
    protected: string
    recipients: { header: { kid: string } }[]
  }
  const { cty, path } = JSON.parse(Buffer.from(header, 'base64url').toString())
  return { cty, path, kids: recipients.map((recipient) => recipient.header.kid) }
}

export const SEALED = /^\{"protected":"/
export const PLACEHOLDER = /\[sealed:([a-z0-9_.-]+):([\w-]{8})\/(\d+)\]/
