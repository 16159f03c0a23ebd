import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readServerTls } from '../../../processor/http/server-tls.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { Authority, hasOpenssl } from './authority.ts'

describe.skipIf(!hasOpenssl)('files of a TLS server [needs the openssl command]', () => {
  const invalid = (file: string, ...words: string[]) =>
    expect.objectContaining({
      code: 'FIELDSEAL_TLS_INVALID',
      message: expect.stringMatching(new RegExp([file, ...words].map((part) => `(?=.*${part})`).join(''))),
    })

  test('a certificate, its chain, its key and authorities are read as they are', () => {
    const folder = temporaryFolder()
    const ca = new Authority(folder, 'ca')
    const leaf = ca.issue('leaf')
    const chain = join(folder, 'chain.pem')
    writeFileSync(chain, Buffer.concat([readFileSync(leaf.cert), readFileSync(ca.cert)]))
    expect(readServerTls({ cert: chain, key: leaf.key, client_ca: ca.cert })).toEqual({
      cert: readFileSync(chain),
      key: readFileSync(leaf.key),
      ca: readFileSync(ca.cert),
      minVersion: 'TLSv1.2',
    })
    expect(readServerTls(leaf)).not.toHaveProperty('ca')
  })

  test('a key of another certificate is refused, and both files are named', () => {
    const folder = temporaryFolder()
    const ca = new Authority(folder, 'ca')
    const [one, two] = [ca.issue('one'), ca.issue('two')]
    expect(() => readServerTls({ cert: one.cert, key: two.key })).toThrow(invalid('one.pem', 'two.key'))
  })

  test('a chain that begins with the authority is refused', () => {
    const folder = temporaryFolder()
    const ca = new Authority(folder, 'ca')
    const leaf = ca.issue('leaf')
    const chain = join(folder, 'chain.pem')
    writeFileSync(chain, Buffer.concat([readFileSync(ca.cert), readFileSync(leaf.cert)]))
    expect(() => readServerTls({ cert: chain, key: leaf.key })).toThrow(invalid('chain.pem', 'leaf.key'))
  })

  test.each(['cert', 'key', 'client_ca'] as const)(
    'a file for %s that is missing, empty or damaged is named',
    (option) => {
      const folder = temporaryFolder()
      const ca = new Authority(folder, 'ca')
      const files = { ...ca.issue('leaf'), client_ca: ca.cert }
      const pem = readFileSync(files[option], 'latin1')
      const bad = join(folder, 'bad.pem')
      expect(() => readServerTls({ ...files, [option]: bad })).toThrow(invalid('bad.pem'))
      for (const content of ['', 'canary', pem.slice(0, pem.length / 2), pem.replaceAll('E', 'e')]) {
        writeFileSync(bad, content)
        let thrown: unknown
        try {
          readServerTls({ ...files, [option]: bad })
        } catch (error) {
          thrown = error
        }
        expect(thrown).toEqual(invalid('bad.pem'))
        expect(thrown).not.toHaveProperty('cause')
        expect(String(thrown)).not.toMatch(/canary|OpenSSL error|asn1|PEM routines|DECODER/i)
      }
    },
  )

  test('a key that is too short for OpenSSL is refused', () => {
    const folder = temporaryFolder()
    const weak = { cert: join(folder, 'weak.pem'), key: join(folder, 'weak.key') }
    const key = ['-newkey', 'rsa:512', '-nodes', '-keyout', weak.key]
    execFileSync('openssl', ['req', '-x509', ...key, '-out', weak.cert, '-subj', '/CN=weak'], { stdio: 'ignore' })
    expect(() => readServerTls(weak)).toThrow(invalid('weak.pem', 'weak'))
  })
})
