import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../processor/engine.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { EVERYONE, KEY_PAIRS, openAs, type RecipientName } from './fixtures.ts'

const RULE: RuleInput = {
  id: 'user',
  path: 'attributes.user',
  seal: { to: 'tenant:{resource.tenant.id}', fallback: 'dpo' },
}

/** One record of OTLP JSON with these attributes of the resource. */
function request(resource: readonly unknown[], attributes: readonly unknown[] = []): string {
  const user = { key: 'user', value: { stringValue: 'jane' } }
  const record = { body: { stringValue: 'x' }, attributes: [user, ...attributes] }
  return JSON.stringify({
    resourceLogs: [{ resource: { attributes: resource }, scopeLogs: [{ logRecords: [record] }] }],
  })
}

const tenant = (value: unknown) => ({ key: 'tenant.id', value })

/** Who can open the user. */
function readers(rule: RuleInput, text: string): RecipientName[] {
  const engine = createEngine({
    recipients: Object.fromEntries(EVERYONE.map((name) => [name, KEY_PAIRS[name].publicJwk])),
    groups: { 'tenant:acme': ['security'], 'tenant:umbrella': ['fraud'] },
    rules: [rule],
  })
  const sealed = engine.seal(Buffer.from(text), 'otlp-json').bytes
  engine.close()
  expect(sealed.toString()).not.toContain('jane')
  return EVERYONE.filter((name) => openAs([name], sealed, 'otlp-json').bytes.toString().includes('"jane"'))
}

describe('a rule that seals for the tenant of a record', () => {
  test.each([
    ['acme', ['security']],
    ['umbrella', ['fraud']],
    ['unknown', ['dpo']],
    ['', ['dpo']],
    ['acme ', ['dpo']],
    ['__proto__', ['dpo']],
  ] as const)('seals for tenant %j so that %j can open it', (name, expected) => {
    expect(readers(RULE, request([tenant({ stringValue: name })]))).toEqual(expected)
  })

  test('seals for the fallback where the record has no tenant, one of another type, or two', () => {
    expect(readers(RULE, request([]))).toEqual(['dpo'])
    expect(readers(RULE, request([tenant({ intValue: 7 })]))).toEqual(['dpo'])
    const two = [tenant({ stringValue: 'acme' }), tenant({ stringValue: 'umbrella' })]
    expect(readers(RULE, request(two))).toEqual(['dpo'])
  })

  test('seals for others that it names beside the tenant', () => {
    const rule: RuleInput = { ...RULE, seal: { to: ['dpo', 'tenant:{resource.tenant.id}'], fallback: 'fraud' } }
    expect(readers(rule, request([tenant({ stringValue: 'acme' })]))).toEqual(['security', 'dpo'])
    expect(readers(rule, request([]))).toEqual(['dpo', 'fraud'])
  })

  test('needs a fallback, and a fallback needs a tenant', () => {
    const without = { ...RULE, seal: { to: 'tenant:{resource.tenant.id}' } }
    const alone = { ...RULE, seal: { to: 'dpo', fallback: 'dpo' } }
    for (const rule of [without, alone]) expect(() => createEngine({ rules: [rule] })).toThrow('needs a fallback')
  })

  test('names one field, without wildcards', () => {
    const wild = { ...RULE, seal: { to: 'tenant:{resource.*}', fallback: 'dpo' } }
    expect(() => createEngine({ rules: [wild] })).toThrow('without wildcards')
  })
})
