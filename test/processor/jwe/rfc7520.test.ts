import { createPrivateKey, createSecretKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { OpeningKey } from '../../../processor/jwe/key-management.ts'
import { Opener } from '../../../processor/jwe/opener.ts'
import { errorOf, MAX_VALUE_BYTES } from './fixtures.ts'
import { describeVectors, listVectors, readVectors } from './vectors.ts'
import { NOT_IMPLEMENTED, WIDER_ALGORITHMS, WIDER_CONTENT_ENCRYPTIONS } from './wider-algorithms.ts'

const FOLDER = 'rfc7520/jwe'
const OPTIONS = {
  maxValueBytes: MAX_VALUE_BYTES,
  algorithms: WIDER_ALGORITHMS,
  contentEncryptions: WIDER_CONTENT_ENCRYPTIONS,
}

/** Examples that are refused although their algorithm is known, by section. */
const REFUSED_BY_POLICY: Readonly<Record<string, string>> = {
  '5.9': 'zip: compressed plaintexts are not read',
  '5.12': 'nothing is protected: enc must be',
}

// biome-ignore lint/suspicious/noExplicitAny: see readVectors.
function keyOf(jwk: any, alg: string, pwd?: string): OpeningKey {
  if (!jwk) return { kid: 'password', alg, privateKey: createSecretKey(Buffer.from(pwd!)) }
  const { kid, kty, crv, k } = jwk
  const privateKey =
    kty === 'oct' ? createSecretKey(Buffer.from(k, 'base64url')) : createPrivateKey({ key: jwk, format: 'jwk' })
  return { kid, alg, ...(crv ? { crv } : {}), privateKey }
}

describeVectors('the JWE examples of RFC 7520', FOLDER, () => {
  const opened: string[] = []

  describe.each(listVectors(FOLDER))('%s', (name) => {
    const section = name.split('.')[0]!.replace('_', '.')
    const { input, output } = readVectors(`${FOLDER}/${name}`)
    const plaintext = typeof input.plaintext === 'string' ? input.plaintext : JSON.stringify(input.plaintext)
    const algs: string[] = [input.alg].flat()
    const keys = algs.map((alg, at) => keyOf([input.key].flat()[at], alg, input.pwd))

    test.each(keys)('opens in every serialization with the $alg key, or is refused for a named policy', (key) => {
      const policy = REFUSED_BY_POLICY[section] ?? NOT_IMPLEMENTED[key.alg]
      const forms = [output.compact, output.json, output.json_flat].filter((form) => form !== undefined)
      for (const form of forms) {
        const jwe = typeof form === 'string' ? form : JSON.stringify(form)
        const open = () => new Opener([key], OPTIONS).open(jwe).plaintext.toString()
        if (policy === undefined) expect(open()).toBe(plaintext)
        else expect(errorOf(open).code).toBe('FIELDSEAL_OPEN_FAILED')
      }
      if (policy === undefined) opened.push(`${section} ${key.alg}`)
    })
  })

  test('those that open are the ones whose algorithms are implemented', () => {
    expect(opened.toSorted()).toEqual([
      '5.10 A128KW',
      '5.11 A128KW',
      '5.13 ECDH-ES+A256KW',
      '5.4 ECDH-ES+A128KW',
      '5.6 dir',
      '5.8 A128KW',
    ])
  })
})
