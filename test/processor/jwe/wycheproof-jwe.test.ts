import { createPrivateKey, createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { FieldsealError } from '../../../processor/errors.ts'
import type { OpeningKey } from '../../../processor/jwe/key-management.ts'
import { OPEN_FAILED_MESSAGE, Opener, type OpenerOptions } from '../../../processor/jwe/opener.ts'
import { MAX_VALUE_BYTES } from './fixtures.ts'
import { describeVectors, readVectors } from './vectors.ts'
import { NOT_IMPLEMENTED, WIDER_ALGORITHMS, WIDER_CONTENT_ENCRYPTIONS } from './wider-algorithms.ts'

const PATH = 'wycheproof/json_web_encryption_test.json'
const WIDER: OpenerOptions = {
  maxValueBytes: MAX_VALUE_BYTES,
  algorithms: WIDER_ALGORITHMS,
  contentEncryptions: WIDER_CONTENT_ENCRYPTIONS,
}

/** Valid vectors that are refused although their algorithm is known, by test case. */
const REFUSED_BY_POLICY: Readonly<Record<number, string>> = {
  135: 'zip: compressed plaintexts are not read',
}
/** Invalid vectors whose fault is none for us, by test case. The shipped allow-list refuses them all the same. */
const NO_FAULT: Readonly<Record<number, string>> = {
  22: 'a JSON serialization where Wycheproof expects the compact one alone; we read both',
}

// biome-ignore lint/suspicious/noExplicitAny: see readVectors.
function keyOf({ private: jwk }: any, alg: string = jwk.alg): OpeningKey {
  const { kid = 'none', kty, crv, k } = jwk
  const privateKey =
    kty === 'oct' ? createSecretKey(Buffer.from(k, 'base64url')) : createPrivateKey({ key: jwk, format: 'jwk' })
  return { kid, alg, ...(crv ? { crv } : {}), privateKey }
}

/** The plaintext in hex, or undefined where the opener refuses with its one error. */
function open(key: OpeningKey, jwe: string | object, options: OpenerOptions): string | undefined {
  try {
    const text = typeof jwe === 'string' ? jwe : JSON.stringify(jwe)
    return new Opener([key], options).open(text).plaintext.toString('hex')
  } catch (error) {
    if (!(error instanceof FieldsealError)) throw error
    expect([error.code, error.message]).toEqual(['FIELDSEAL_OPEN_FAILED', OPEN_FAILED_MESSAGE])
    return undefined
  }
}

function algOf(jwe: string): string {
  return JSON.parse(Buffer.from(jwe.split('.')[0]!, 'base64url').toString()).alg
}

describeVectors('Wycheproof json_web_encryption', PATH, () => {
  // biome-ignore lint/suspicious/noExplicitAny: see readVectors.
  const tests: any[] = readVectors(PATH).testGroups.flatMap((group: any) =>
    // biome-ignore lint/suspicious/noExplicitAny: see readVectors.
    group.tests.map((vector: any) => ({ ...vector, group })),
  )
  const valid = tests.filter(({ result }) => result === 'valid')
  const invalid = tests.filter(({ result }) => result === 'invalid')
  const implemented = new Set(WIDER_ALGORITHMS.map(({ alg }) => alg))

  test.each(valid)(
    'valid case $tcId ($comment) opens, or is refused for a named policy',
    ({ tcId, group, jwe, pt }) => {
      const alg = algOf(jwe)
      // One key of the file states the content encryption as its alg.
      const key = keyOf(group, alg === 'dir' ? 'dir' : undefined)
      const policy = REFUSED_BY_POLICY[tcId] ?? NOT_IMPLEMENTED[alg]
      expect(open(key, jwe, WIDER)).toBe(policy === undefined ? pt : undefined)
      if (!REFUSED_BY_POLICY[tcId]) expect(policy === undefined).toBe(implemented.has(alg))
    },
  )

  test.each(invalid)('invalid case $tcId ($comment) is refused', ({ tcId, group, jwe }) => {
    expect(open(keyOf(group), jwe, { maxValueBytes: MAX_VALUE_BYTES })).toBeUndefined()
    if (!NO_FAULT[tcId]) expect(open(keyOf(group), jwe, WIDER)).toBeUndefined()
  })

  test('the shipped allow-list opens exactly what it names', () => {
    const opened = valid.filter(({ group, jwe }) => open(keyOf(group), jwe, { maxValueBytes: MAX_VALUE_BYTES }))
    expect(opened.map(({ tcId }) => tcId)).toEqual([66, 90])
  })

  test('few are refused for policy, and most are opened', () => {
    const opened = valid.filter(({ group, jwe }) =>
      open(keyOf(group, algOf(jwe) === 'dir' ? 'dir' : undefined), jwe, WIDER),
    )
    expect(opened.length).toBeGreaterThan(valid.length / 2)
  })
})
