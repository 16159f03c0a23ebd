import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readClientTls } from '../../../processor/http/client-tls.ts'
import { Authority, type Credentials, hasOpenssl } from './authority.ts'

describe.skipIf(!hasOpenssl)('the TLS files of a client (needs the command openssl)', () => {
  let folder: string
  let authority: Authority
  let client: Credentials
  let other: Credentials

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fieldseal-client-tls-'))
    authority = new Authority(folder, 'authority')
    client = authority.issue('client')
    other = authority.issue('other')
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function file(name: string, content: string): string {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }

  test('are read: none, an authority, a certificate with its key, or all', () => {
    for (const files of [{}, { ca: authority.cert }, client, { ca: authority.cert, ...client }]) {
      expect(readClientTls(files)).toHaveProperty('context')
    }
  })

  test.each(['ca', 'cert', 'key'] as const)('are refused by the name of the one that cannot be read: %s', (option) => {
    const missing = join(folder, 'missing.pem')
    const files = { ca: authority.cert, ...client, [option]: missing }
    expect(() => readClientTls(files)).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_TLS_INVALID', message: expect.stringContaining(missing) }),
    )
  })

  test.each([
    ['ca', ''],
    ['ca', 'canary'],
    ['ca', '-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n'],
    ['cert', '-----BEGIN CERTIFICATE-----\nY2FuYXJ5\n-----END CERTIFICATE-----\n'],
    ['key', '-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----\n'],
    ['key', 'canary'],
  ] as const)('are refused where %s is not what it should be, and nothing of it is shown', (option, content) => {
    const wrong = file('wrong.pem', content)
    let thrown: unknown
    try {
      readClientTls({ ca: authority.cert, ...client, [option]: wrong })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'FIELDSEAL_TLS_INVALID', message: expect.stringContaining(wrong) })
    expect((thrown as Error).message).not.toMatch(/canary|Y2FuYXJ5|asn1|PEM_/)
    expect((thrown as Error).cause).toBeUndefined()
  })

  test('are refused where the key is that of another certificate', () => {
    expect(() => readClientTls({ cert: client.cert, key: other.key })).toThrow(
      expect.objectContaining({
        code: 'FIELDSEAL_TLS_INVALID',
        message: `${other.key} is not the private key of ${client.cert}`,
      }),
    )
  })

  test('are refused where one of certificate and key is missing', () => {
    for (const files of [{ cert: client.cert }, { key: client.key }]) {
      expect(() => readClientTls(files)).toThrow(expect.objectContaining({ code: 'FIELDSEAL_TLS_INVALID' }))
    }
  })
})
