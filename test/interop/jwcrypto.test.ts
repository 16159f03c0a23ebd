import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { rsaKeyPair } from '../processor/jwe/fixtures.ts'
import { describeWithPackage } from './package.ts'
import { interopValues, VALUE_COUNT } from './sealed-values.ts'

const PYTHON = '/usr/bin/python3'

/** Reads a list of {jwe, jwk} and writes a list of plaintexts in base64, or null where one does not open. */
const PROGRAM = `
import base64, json, sys
from jwcrypto import jwe, jwk
results = []
for case in json.load(sys.stdin):
    value = jwe.JWE()
    try:
        value.deserialize(case['jwe'], jwk.JWK(**case['jwk']))
        results.append(base64.b64encode(value.payload).decode())
    except Exception:
        results.append(None)
json.dump(results, sys.stdout)
`

describeWithPackage("Debian's python3-jwcrypto", 'python3-jwcrypto', `${PYTHON} -c 'import jwcrypto.jwe'`, () => {
  const values = interopValues()
  const cases = values.flatMap(({ jwe, plaintext, pairs }) =>
    pairs.map(({ privateJwk }) => ({ jwe, plaintext, jwk: privateJwk })),
  )

  function decrypt(inputs: readonly { jwe: string; jwk: object }[]): (string | null)[] {
    const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', PROGRAM], { input: JSON.stringify(inputs) })
    expect([status, stderr.toString()]).toEqual([0, ''])
    return JSON.parse(stdout.toString())
  }

  test('opens each of 24 values with the key of each recipient', () => {
    expect(values).toHaveLength(VALUE_COUNT)
    expect(decrypt(cases)).toEqual(cases.map(({ plaintext }) => plaintext.toString('base64')))
  })

  test('opens none of them with the keys of strangers', () => {
    const strangers = {
      'P-256': generateKeyPair('P-256', 'p256'),
      X25519: generateKeyPair('X25519', 'x25519'),
      RSA: rsaKeyPair('rsa'),
    }
    const wrong = cases.map(({ jwe, jwk }) => ({
      jwe,
      jwk: strangers[(jwk.crv ?? 'RSA') as keyof typeof strangers].privateJwk,
    }))
    expect(decrypt(wrong)).toEqual(wrong.map(() => null))
  })
})
