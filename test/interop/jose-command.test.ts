import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { describeWithPackage } from './package.ts'
import { interopValues, VALUE_COUNT } from './sealed-values.ts'

/**
 * What this build of the command lacks, by kid: jose 11 of Debian 12 lists neither RSA-OAEP nor X25519. Values of which
 * such keys are recipients must still open with the others.
 */
function missingKinds(): ReadonlyMap<string, string> {
  const algorithms = spawnSync('jose', ['alg'], { encoding: 'utf8' }).stdout.split('\n')
  const x25519 = spawnSync('jose', ['jwk', 'gen', '-i', '{"kty":"OKP","crv":"X25519"}', '-o', '/dev/null'])
  const missing = new Map<string, string>()
  if (!algorithms.includes('RSA-OAEP-256')) missing.set('rsa', 'this jose lacks RSA-OAEP-256')
  if (x25519.status !== 0) missing.set('x25519', 'this jose lacks X25519')
  return missing
}

describeWithPackage("Debian's jose command", 'jose', 'command -v jose', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-jose-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  function decrypt(jwe: string, jwk: object): { status: number | null; plaintext: Buffer } {
    const file = join(folder, 'key.jwk')
    writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 })
    const { status, stdout } = spawnSync('jose', ['jwe', 'dec', '-i', '-', '-k', file, '-O', '-'], { input: jwe })
    return { status, plaintext: stdout }
  }

  const values = interopValues()
  const cases = values.flatMap(({ jwe, serialization, plaintext, pairs }, at) =>
    pairs.map(({ privateJwk }) => ({ at, jwe, serialization, plaintext, privateJwk, kid: privateJwk.kid as string })),
  )

  test('there are 24 values, for each kind of key', () => {
    expect(values).toHaveLength(VALUE_COUNT)
    expect(new Set(cases.map(({ kid }) => kid)).size).toBe(3)
  })

  const missing = missingKinds()
  const readable = cases.filter(({ kid }) => !missing.has(kid))
  test('reads P-256 at least', () => {
    expect(readable.filter(({ kid }) => kid === 'p256')).toHaveLength(VALUE_COUNT / 2 + 4)
  })

  test.each(readable)('opens value $at ($serialization) with the key $kid', ({ jwe, privateJwk, plaintext }) => {
    expect(decrypt(jwe, privateJwk)).toEqual({ status: 0, plaintext })
  })

  for (const [kid, reason] of missing) {
    console.warn(`skipped: the key ${kid}: ${reason}`)
    test.skip(`opens each value with the key ${kid} (skipped: ${reason})`, () => {})
  }

  test('refuses a value that was altered', () => {
    const { jwe, privateJwk } = readable[0]!
    const altered = jwe.replace(/"tag":"(.)/, (_, first) => `"tag":"${first === 'A' ? 'B' : 'A'}`)
    expect(decrypt(altered, privateJwk).status).not.toBe(0)
  })
})
