import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { keysNewCommand } from '../../../processor/cli/keys-new.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const mode = (path: string) => statSync(path).mode & 0o777

describe.each(['P-256', 'X25519'])('a key pair on %s', (crv) => {
  test('opens with its private half what was sealed for its public half', async () => {
    const folder = temporaryFolder()
    expect(await keysNewCommand.execute(['dpo', '--crv', crv, '--dir', folder], capturedIo())).toBe(0)
    const [secret, open] = [json(join(folder, 'dpo.jwk')), json(join(folder, 'dpo.pub.jwk'))]
    expect(open.crv).toBe(crv)
    expect(open).not.toHaveProperty('d')
    expect(open.kid).toBe(await calculateJwkThumbprint(open))
    const jwe = await new CompactEncrypt(Buffer.from('value'))
      .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
      .encrypt(await importJWK(open, 'ECDH-ES+A256KW'))
    const { plaintext } = await compactDecrypt(jwe, await importJWK(secret, 'ECDH-ES+A256KW'))
    expect(Buffer.from(plaintext).toString()).toBe('value')
  })
})

describe('the files', () => {
  test('are for the owner alone, and for everybody', async () => {
    const folder = temporaryFolder()
    for (const umask of [0o077, 0o000]) {
      const before = process.umask(umask)
      await keysNewCommand.execute([`k${umask}`, '--dir', folder], capturedIo()).finally(() => process.umask(before))
      expect(mode(join(folder, `k${umask}.jwk`))).toBe(0o600)
      expect(mode(join(folder, `k${umask}.pub.jwk`))).toBe(0o644)
    }
  })

  test('carry the kid that was asked for, in a folder that is made', async () => {
    const folder = join(temporaryFolder(), 'a/b')
    await keysNewCommand.execute(['k', '--kid', 'dpo-2026', '--dir', folder], capturedIo())
    expect(json(join(folder, 'k.jwk')).kid).toBe('dpo-2026')
    expect(json(join(folder, 'k.pub.jwk')).kid).toBe('dpo-2026')
  })

  test.each(['k.jwk', 'k.pub.jwk'])('are not made where %s exists, which stays as it is', async (existing) => {
    const folder = temporaryFolder({ [existing]: 'mine' })
    await expect(keysNewCommand.execute(['k', '--dir', folder], capturedIo())).rejects.toMatchObject({
      code: 'FIELDSEAL_KEY_EXISTS',
    })
    expect(readdirSync(folder)).toEqual([existing])
    expect(readFileSync(join(folder, existing), 'utf8')).toBe('mine')
  })

  test('follow no link', async () => {
    const folder = temporaryFolder()
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'k.jwk'))
    await expect(keysNewCommand.execute(['k', '--dir', folder], capturedIo())).rejects.toMatchObject({
      code: 'FIELDSEAL_KEY_EXISTS',
    })
    expect(readdirSync(folder)).toEqual(['k.jwk'])
  })

  test('cannot be made under a file', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    await expect(keysNewCommand.execute(['k', '--dir', join(folder, 'file')], capturedIo())).rejects.toMatchObject({
      code: 'FIELDSEAL_OUTPUT_FAILED',
    })
  })
})

test('two lines say what to do next, and neither shows the private key', async () => {
  const folder = temporaryFolder()
  const io = capturedIo()
  await keysNewCommand.execute(['dpo', '--dir', folder], io)
  const lines = io.written().trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain(join(folder, 'dpo.jwk'))
  expect(lines[1]).toContain(`recipients: {dpo: {jwk: ${join(folder, 'dpo.pub.jwk')}}}`)
  expect(io.written()).not.toContain(json(join(folder, 'dpo.jwk')).d)
})

test.each([['../k'], ['a/b'], ['.hidden'], [''], ['x'.repeat(65)], ['k', '--crv', 'P-384'], ['k', 'l'], []])(
  '%j %j %j is refused before anything is written',
  async (...argv) => {
    const folder = temporaryFolder()
    await expect(keysNewCommand.execute([...argv, '--dir', folder], capturedIo())).rejects.toMatchObject({
      code: 'FIELDSEAL_USAGE',
    })
    expect(readdirSync(folder)).toEqual([])
  },
)
