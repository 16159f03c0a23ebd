import { compactDecrypt, generalDecrypt, importJWK, type JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../processor/engine.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'

const RECORDS = 10_000

const pairs = { security: generateKeyPair('P-256'), dpo: generateKeyPair('X25519'), fraud: generateKeyPair('P-256') }
const names = Object.keys(pairs) as (keyof typeof pairs)[]

const engine = createEngine({
  recipients: Object.fromEntries(names.map((name) => [name, { ...pairs[name].publicJwk }])),
  groups: { everybody: names },
  rules: [
    { id: 'mail', detect: 'email', seal: { to: 'everybody' } },
    { id: 'customer', path: 'attributes.customer', seal: { to: 'everybody' } },
    { id: 'amount', path: 'attributes.amount', seal: { to: 'everybody' } },
    { id: 'single', path: 'attributes.single', seal: { to: 'dpo', serialization: 'compact' } },
  ],
})

/** What a record holds that is to be sealed, by what it becomes. */
function recordOf(number: number): Record<string, unknown> {
  const base = { level: 30, msg: `request ${number} done`, status: 200 }
  switch (number % 8) {
    case 1:
      return { ...base, msg: `mail for user${number}@example.com sent to user${number}@example.org` }
    case 3:
      return { ...base, customer: { name: `Customer ${number}`, tags: ['a', number] } }
    case 5:
      return { ...base, amount: number }
    case 7:
      return { ...base, single: `only one may read ${number}` }
    default:
      return base
  }
}

describe('a batch of 10,000 records', () => {
  test('every sealed value opens with the jose library for each recipient, and holds what was sealed', async () => {
    const records = Array.from({ length: RECORDS }, (_, number) => recordOf(number))
    const input = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    const lines = engine.seal(input, 'json-lines').bytes.toString('utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(RECORDS)

    const keys = await Promise.all(names.map(async (name) => await importJWK({ ...pairs[name].privateJwk } as JWK)))
    const dpo = keys[names.indexOf('dpo')]!
    let opened = 0
    const open = async (jwe: string): Promise<string> => {
      const texts = await Promise.all(
        keys.map(async (key) => Buffer.from((await generalDecrypt(JSON.parse(jwe), key)).plaintext).toString('utf8')),
      )
      opened += texts.length
      // The same for each of them.
      expect(new Set(texts).size).toBe(1)
      return texts[0]!
    }
    for (const [number, line] of lines.entries()) {
      const sealed = JSON.parse(line) as Record<string, string> & { 'fieldseal.sealed'?: string[] }
      const original = records[number]!
      switch (number % 8) {
        case 1: {
          const [jwe, ...others] = sealed['fieldseal.sealed']!
          expect(others).toEqual([])
          const parts = JSON.parse(await open(jwe!)) as Record<string, { text: string }>
          const texts = [`user${number}@example.com`, `user${number}@example.org`]
          expect(Object.values(parts).map(({ text }) => text)).toEqual(texts)
          break
        }
        case 3:
          expect(JSON.parse(await open(sealed.customer!))).toEqual(original.customer)
          break
        case 5:
          expect(await open(sealed.amount!)).toBe(String(number))
          break
        case 7: {
          const { plaintext } = await compactDecrypt(sealed.single!, dpo)
          expect(Buffer.from(plaintext).toString('utf8')).toBe(original.single)
          opened += 1
          break
        }
        default:
          expect(line).toBe(JSON.stringify(original))
      }
    }
    expect(opened).toBe((RECORDS / 8) * (3 * names.length + 1))
  })
})
