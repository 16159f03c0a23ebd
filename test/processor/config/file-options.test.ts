import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError } from '../../../processor/config/issue.ts'
import { loadConfig } from '../../../processor/config/load.ts'
import { Secret } from '../../../processor/secret.ts'
import { temporaryFolder } from './temporary-folder.ts'

const FILES = {
  token: 'a-token-of-sixteen',
  'tls/cert.pem': 'PEM',
  'tls/key.pem': 'PEM',
  'tls/ca.pem': 'PEM',
  'r.yaml': 'rules: []\n',
}

function folderWith(config: string, files = FILES): string {
  return temporaryFolder({ ...files, 'config.yaml': config })
}

const CONFIG = `
rules: [r.yaml]
service: {admin: {socket: run/admin.sock}}
sources:
  otlp: {type: otlp_http, tokens: [token, /dev/null], tls: {cert: tls/cert.pem, key: tls/key.pem, client_ca: tls/ca.pem}}
sinks:
  file: {type: file, path: out/sealed.jsonl}
  http:
    type: otlp_http
    endpoint: https://backend/v1/logs
    headers: {authorization: Bearer 1234, path: x}
    tls: {ca: tls/../tls/ca.pem, cert: tls/cert.pem, key: tls/key.pem}
`

test('paths of service, sources and sinks are relative to the folder of the configuration', () => {
  const folder = folderWith(CONFIG.replace(', /dev/null', ''))
  const { settings } = loadConfig(join(folder, 'config.yaml'), { env: {} })
  expect(settings.service.admin).toEqual({ socket: join(folder, 'run/admin.sock') })
  const tls = { cert: join(folder, 'tls/cert.pem'), key: join(folder, 'tls/key.pem') }
  expect(settings.sources.otlp).toMatchObject({
    listen: { host: '127.0.0.1', port: 4318 },
    tokens: [join(folder, 'token')],
    tls: { ...tls, client_ca: join(folder, 'tls/ca.pem') },
  })
  expect(settings.sinks.file).toMatchObject({ path: join(folder, 'out/sealed.jsonl') })
  const { headers } = settings.sinks.http as { headers: Record<string, Secret> }
  expect(settings.sinks.http).toMatchObject({ tls: { ...tls, ca: join(folder, 'tls/ca.pem') } })
  expect(headers.authorization).toBeInstanceOf(Secret)
  expect(headers.path!.reveal().toString()).toBe('x')
})

test('absolute paths stay', () => {
  const folder = folderWith('sinks: {file: {type: file, path: /var/log/sealed.jsonl}}\n')
  const { settings } = loadConfig(join(folder, 'config.yaml'), { env: {} })
  expect(settings.sinks.file).toMatchObject({ path: '/var/log/sealed.jsonl' })
})

test('every file that was read is named once, and none that is written', () => {
  const folder = folderWith(CONFIG.replace(', /dev/null', ''))
  const { files } = loadConfig(join(folder, 'config.yaml'), { env: {} })
  expect([...files].sort()).toEqual(
    ['config.yaml', 'r.yaml', 'tls/ca.pem', 'tls/cert.pem', 'tls/key.pem', 'token'].map((file) => join(folder, file)),
  )
})

test('keys are among the files', () => {
  const folder = temporaryFolder({
    'config.yaml':
      'recipients: {a: {jwk: a.jwk}, b: {jwks: b.json, kid: b}, c: {pem: c.pem}, d: {jwk: {kty: EC}}}\nhash_keys: {h: {file: h.key}}\n',
  })
  const failing = () => loadConfig(join(folder, 'config.yaml'), { env: {} })
  expect(failing).toThrow(ConfigError)
  // What is wrong can be mended in any of them.
  expect(failing).toThrow(
    expect.objectContaining({
      files: ['config.yaml', 'a.jwk', 'b.json', 'c.pem', 'h.key'].map((file) => join(folder, file)),
    }),
  )
})

test.each([
  ['rules: [r.yaml, none.yaml]\nlimit: {}\n', ['config.yaml', 'r.yaml', 'none.yaml']],
  ['rules: [r.yaml\n', ['config.yaml']],
])('a configuration that is wrong still names its files: %j', (config, files) => {
  const folder = folderWith(config)
  expect(() => loadConfig(join(folder, 'config.yaml'), { env: {} })).toThrow(
    expect.objectContaining({ files: files.map((file) => join(folder, file)) }),
  )
})
