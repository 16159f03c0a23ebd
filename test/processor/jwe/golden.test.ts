import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compactDecrypt, generalDecrypt, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { CONTENT_TYPES, ENVELOPE_VERSION, type ProtectedHeader } from '../../../processor/jwe/envelope.ts'
import { Opener } from '../../../processor/jwe/opener.ts'
import { privateKeyFromJwk } from '../../../processor/jwe/private-keys.ts'
import { recogniseSealed } from '../../../processor/jwe/sealed-value.ts'
import { MAX_VALUE_BYTES } from './fixtures.ts'

interface Golden {
  readonly keys: readonly { readonly kid: string; readonly alg: string }[]
  readonly values: readonly {
    readonly serialization: 'general' | 'compact'
    readonly kids: readonly string[]
    readonly header: ProtectedHeader
    readonly plaintext: string
    readonly jwe: string
    readonly id: string
  }[]
}

const FOLDER = join(import.meta.dirname, 'golden')
const FILES = readdirSync(FOLDER).filter((name) => /^v\d+\.json$/.test(name))

test('there is a golden file of every version', () => {
  const versions = Array.from({ length: ENVELOPE_VERSION }, (_, at) => `v${at + 1}.json`)
  expect(FILES.toSorted()).toEqual(versions)
})

describe.each(FILES)('the golden values of %s', (name) => {
  const { keys, values }: Golden = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))
  const kids = new Set(keys.map(({ kid }) => kid))

  test('hold every content type in every form', () => {
    const forms = new Set(values.map(({ serialization, kids, header }) => `${header.cty} ${serialization} ${kids}`))
    expect(forms.size).toBe(CONTENT_TYPES.length * 7)
  })

  test('open with the key of each recipient', () => {
    for (const key of keys) {
      const opener = new Opener([privateKeyFromJwk(key)], { maxValueBytes: MAX_VALUE_BYTES })
      for (const value of values.filter((candidate) => candidate.kids.includes(key.kid))) {
        const opened = opener.open(value.jwe)
        expect(opened).toEqual({
          plaintext: Buffer.from(value.plaintext, 'base64'),
          kid: key.kid,
          header: value.header,
        })
      }
    }
  })

  test('open with jose', async () => {
    for (const key of keys) {
      const privateKey = await importJWK({ ...key } as never)
      for (const value of values.filter((candidate) => candidate.kids.includes(key.kid))) {
        const { plaintext } =
          value.serialization === 'general'
            ? await generalDecrypt(JSON.parse(value.jwe), privateKey)
            : await compactDecrypt(value.jwe, privateKey)
        expect(Buffer.from(plaintext).toString('base64')).toBe(value.plaintext)
      }
    }
  })

  test('are recognised as sealed', () => {
    for (const { jwe, header, id, kids: own } of values) {
      expect(recogniseSealed(jwe, kids)).toEqual({ header, kids: own, id })
    }
  })
})
