import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmodSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, exportSPKI, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ConfigError, formatIssue } from '../../../processor/config/issue.ts'
import { type LoadedConfig, loadConfig, locateRuleIssue } from '../../../processor/config/load.ts'
import { serviceIssues } from '../../../processor/config/service-issues.ts'
import { FieldsealError } from '../../../processor/errors.ts'
import { everythingSet } from '../../scripts/everything-set.ts'
import { temporaryFolder } from './temporary-folder.ts'

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { privateKey: otherPrivate, publicKey: otherPublic } = generateKeyPairSync('x25519')

const KEYS = {
  'keys/a.pub.jwk': JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid: 'a-1' }),
  'keys/b.pub.jwk': JSON.stringify({ ...otherPublic.export({ format: 'jwk' }), kid: 'b-1' }),
  'keys/private.jwk': JSON.stringify(otherPrivate.export({ format: 'jwk' })),
  'keys/hash.key': `${Buffer.alloc(32, 0xf7).toString('base64')}\n`,
}

const RECIPIENTS = 'recipients:\n  a: {jwk: keys/a.pub.jwk}\n  b: {jwk: keys/b.pub.jwk}\n'

function load(files: Readonly<Record<string, string>>, env: Record<string, string> = {}): LoadedConfig {
  const folder = temporaryFolder({ ...KEYS, ...files })
  chmodSync(join(folder, 'keys/hash.key'), 0o600)
  return loadConfig(join(folder, 'config.yaml'), { env })
}

/** The issues' lines, without the folder. */
function issues(files: Readonly<Record<string, string>>, env: Record<string, string> = {}): string[] {
  try {
    load(files, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.code).toBe('FIELDSEAL_CONFIG_INVALID')
    expect(error.message).toBe(error.issues.map(formatIssue).join('\n'))
    return error.issues.map((issue) => formatIssue(issue).replaceAll(/\S*fieldseal-\w+\//g, ''))
  }
  return []
}

function withRules(rules: string, config = `${RECIPIENTS}rules: [r.yaml]\n`): Record<string, string> {
  return { 'config.yaml': config, 'r.yaml': rules }
}

describe('a sound configuration', () => {
  const RULES = 'rules:\n  - id: mail\n    detect: email\n    seal: {to: all}\n  - {id: code, key: [cvv], drop: {}}\n'

  test('is loaded with its defaults, keys and rules', async () => {
    const loaded = load({
      'config.yaml': `${RECIPIENTS}groups: {all: [a, b]}\nhash_keys: {h: {file: keys/hash.key}}\nrules: [r.yaml]\n`,
      'r.yaml': RULES,
    })
    expect([...loaded.recipients].map(([name, { kid, alg }]) => [name, kid, alg])).toEqual([
      ['a', 'a-1', 'ECDH-ES+A256KW'],
      ['b', 'b-1', 'ECDH-ES+A256KW'],
    ])
    expect(loaded.groups).toEqual(new Map([['all', ['a', 'b']]]))
    expect(loaded.hashKeys.get('h')?.reveal()).toEqual(Buffer.alloc(32, 0xf7))
    expect(loaded.rules.map(({ rule, line, column }) => [rule.id, line, column])).toEqual([
      ['mail', 2, 5],
      ['code', 5, 5],
    ])
    expect(loaded.settings).toMatchObject({
      body_keys: ['msg', 'message', 'log'],
      sealing: { layout: 'value', strict: false, epoch: { max_age: 60_000, max_wraps: 1_048_576 } },
      limits: { value: 1_048_576, record: 4_194_304, batch: 67_108_864, depth: 64, paths: 10_000 },
    })
    expect(loaded.warnings).toEqual([])
  })

  test('takes a key from a JWK Set, from PEM and from the file itself', async () => {
    const rsa = (await generateKeyPair('RSA-OAEP-256', { extractable: true })).publicKey
    const jwk = { ...(await exportJWK(rsa)), kid: 'in-set' }
    const inline = { ...publicKey.export({ format: 'jwk' }) }
    const { recipients } = load({
      'set.json': JSON.stringify({ keys: [JSON.parse(KEYS['keys/b.pub.jwk']), jwk] }),
      'rsa.pem': await exportSPKI(rsa),
      'config.yaml': `recipients:\n  set: {jwks: set.json, kid: in-set}\n  pem: {pem: rsa.pem}\n  inline: {jwk: ${JSON.stringify(inline)}}\nrules: []\n`,
    })
    expect(recipients.get('set')).toMatchObject({ kid: 'in-set', alg: 'RSA-OAEP-256' })
    expect(recipients.get('pem')?.kid).toBe(await calculateJwkThumbprint(await exportJWK(rsa)))
    expect(recipients.get('inline')?.kid).toBe(await calculateJwkThumbprint(await exportJWK(publicKey)))
  })

  test('has a hash that follows settings and rules, and nothing else', () => {
    const config = (text: string) => load({ 'config.yaml': text, 'r.yaml': RULES })
    const base = `${RECIPIENTS}groups: {all: [a, b]}\nrules: [r.yaml]\n`
    const { hash } = config(base)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(config(`# a comment\nrules: [r.yaml]\ngroups: {all: [a, b]}\n${RECIPIENTS}`).hash).toBe(hash)
    expect(config(`${base}limits: {value: 1048576}\n`).hash).toBe(hash)
    expect(config(`${base}limits: {value: 1MiB, depth: 65}\n`).hash).not.toBe(hash)
    expect(load({ 'config.yaml': base, 'r.yaml': RULES.replace('cvv', 'cvc') }).hash).not.toBe(hash)
  })

  test('warns of a hash key that others can read, and of having no rules', () => {
    const folder = temporaryFolder({ ...KEYS, 'config.yaml': 'hash_keys: {h: {file: keys/hash.key}}\n' })
    const warnings = (mode: number) => {
      chmodSync(join(folder, 'keys/hash.key'), mode)
      return loadConfig(join(folder, 'config.yaml'), { env: {} }).warnings
    }
    expect(warnings(0o600)).toEqual(['there are no rules: nothing is sealed'])
    expect(warnings(0o640)[0]).toMatch(/^hash key "h": the key file can be read by others/)
    expect(warnings(0o604)).toHaveLength(2)
  })

  test('takes values from the environment', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a substitution
    const text = 'limits: {depth: "${D}"}\nbody_keys: ["${B}"]\n'
    expect(issues({ 'config.yaml': text }, { D: '12', B: 'text' })[0]).toMatch(
      /^config.yaml:1:17: expected a whole number/,
    )
    expect(
      load({ 'config.yaml': text.replace('{depth: "$', '\n  depth: $').replace('"}', '') }, { D: '12', B: 'text' })
        .settings,
    ).toMatchObject({ limits: { depth: 12 }, body_keys: ['text'] })
  })
})

describe('faults of the configuration', () => {
  test.each([
    ['', '1:1: expected a map'],
    ['[]', '1:1: expected a map'],
    ['recipient: {}\n', '1:1: unknown key "recipient" (did you mean "recipients"?)'],
    ['a: 1\n', '1:1: unknown key "a" (known here: recipients, groups'],
    ['limits:\n  dept: 3\n', '2:3: unknown key "dept" (did you mean "depth"?)'],
    ['limits:\n', '1:8: expected a map (there is no value)'],
    ['limits: {depth: 1.5}\n', '1:17: expected a whole number'],
    ['limits: {depth: 0}\n', '1:17: must be from 1 to 200'],
    ['limits: {depth: 201}\n', '1:17: must be from 1 to 200'],
    ['limits: {value: 1MB}\n', '1:17: expected a size such as'],
    ['limits: {value: true}\n', '1:17: expected a size such as'],
    ['limits: {value: 2GiB}\n', '1:17: must be from 1B to 256MiB'],
    ['sealing: {epoch: {max_age: 60}}\n', '1:28: expected a duration such as'],
    ['sealing: {epoch: {max_age: 2h}}\n', '1:28: must be from 1s to 1h'],
    ['sealing: {epoch: {max_wraps: 4294967297}}\n', '1:30: must be from 1 to 4294967296'],
    ['sealing: {layout: both}\n', '1:19: expected "value" or "record"'],
    ['sealing: {strict: "true"}\n', '1:19: expected true or false'],
    ['body_keys: msg\n', '1:12: expected a list'],
    ['body_keys: []\n', '1:12: needs at least one entry'],
    ['body_keys: [a, ""]\n', '1:16: must not be empty'],
    ['sources: {http: {}}\n', '1:17: the key "type" is missing'],
    ['sources: {http: {type: otlp}}\n', '1:24: expected "otlp_http"'],
    ['sources: {http: {type: oltp_http}}\n', '1:24: expected "otlp_http"'],
    ['sinks: {out: {type: http}}\n', '1:21: expected "otlp_http"'],
    ['sinks: {out: {type: file, path: f, rotat: {}}}\n', '1:36: unknown key "rotat" (did you mean "rotate"?)'],
    ['sinks: {out: {type: file, path: f, endpoint: u}}\n', '1:36: unknown key "endpoint" (known here: type, path'],
    ['recipients: {"a b": {jwk: k}}\n', '1:14: a name has letters'],
    ['recipients: {a: {jwkk: k}}\n', '1:17: the key "jwk" is missing'],
    ['recipients: {a: {jwks: k}}\n', '1:17: the key "kid" is missing'],
    ['recipients: {a: k}\n', '1:17: expected a map'],
    ['recipients: {a: {jwk: none.jwk}}\n', '1:23: the key file cannot be read'],
    ['recipients: {a: {jwk: r.yaml}}\n', '1:23: the key file is not JSON'],
    ['recipients: {a: {jwk: {kty: EC}}}\n', '1:23: The recipient cannot be used'],
    ['recipients:\n  a: {jwk: keys/private.jwk}\n', '2:12: The recipient cannot be used: it is or holds a private key'],
    [
      'recipients:\n  a: {jwk: keys/a.pub.jwk}\n  c: {jwk: keys/a.pub.jwk}\n',
      '3:3: recipient "c" has the kid of recipient "a"',
    ],
    [`${RECIPIENTS}groups: {a: [b]}\n`, '4:10: the group "a" has the name of a recipient'],
    [`${RECIPIENTS}groups: {g: [b, bb]}\n`, '4:17: no recipient has this name (did you mean "b"?)'],
    [`${RECIPIENTS}groups: {g: [b, b]}\n`, '4:17: this recipient is named twice'],
    [`${RECIPIENTS}groups: {g: [b], h: [g]}\n`, '4:22: a group holds recipients, not groups'],
    [`${RECIPIENTS}groups: {g: []}\n`, '4:13: needs at least one entry'],
    ['hash_keys: {h: {file: none}}\n', '1:23: hash key "h": the key file cannot be read'],
    ['hash_keys: {h: {file: r.yaml}}\n', '1:23: hash key "h": the key file is not base64'],
    ['rules: [none.yaml]\n', '1:9: this rule file cannot be read'],
    ['rules: [r.yaml, r.yaml]\n', '1:17: this rule file is listed twice'],
  ])('%j', (config, start) => {
    const found = issues({ 'config.yaml': config, 'r.yaml': 'rules: []\n' })
    expect(found.map((line) => line.slice(0, `config.yaml:${start}`.length))).toContain(`config.yaml:${start}`)
  })

  test('a group and a recipient may be called default', () => {
    expect(issues({ 'config.yaml': `${RECIPIENTS}groups: {default: [a]}\n` })).toEqual([])
    expect(issues({ 'config.yaml': 'recipients: {default: {jwk: keys/a.pub.jwk}}\n' })).toEqual([])
  })

  test('all of them are listed, those of the rule files too', () => {
    const config = 'limits: {dept: 3}\nsealing: {strict: 1}\nrules: [r.yaml]\n'
    expect(
      issues(withRules('rules: [{id: X, drop: {}, key: [a]}]\n', config)).map((line) => line.split(': ')[0]),
    ).toEqual(['config.yaml:1:10', 'config.yaml:2:19', 'r.yaml:1:14'])
  })

  test('a file that is not there is another error than one that is wrong', () => {
    expect(() => loadConfig('/nowhere/config.yaml', { env: {} })).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_CONFIG_UNREADABLE' }),
    )
  })
})

describe('hash keys', () => {
  const read = (content: string): string[] =>
    issues({ 'config.yaml': 'hash_keys: {h: {file: k}}\n', k: content }).map((line) => line.replace(/^.*"h": /, ''))

  test('are base64 of at least 32 bytes, white space or not', () => {
    expect(read(randomBytes(32).toString('base64'))).toEqual([])
    expect(
      read(
        randomBytes(96)
          .toString('base64')
          .replaceAll(/(.{64})/g, '$1\n'),
      ),
    ).toEqual([])
    expect(read(randomBytes(31).toString('base64'))[0]).toMatch(/^the key has under 32 bytes/)
  })

  test('are nothing else', () => {
    expect(read('')[0]).toMatch(/^the key has under/)
    expect(read(Buffer.alloc(32, 0xfa).toString('base64url'))[0]).toMatch(/^the key file is not base64/)
    expect(read(randomBytes(64).toString('hex'))[0]).toMatch(/^the key file is hex/)
    expect(read(`${randomBytes(32).toString('base64')}!`)[0]).toMatch(/^the key file is not base64/)
  })
})

describe('faults of rules', () => {
  test.each([
    ['rules:\n  - {id: r, detect: [emial], seal: {to: a}}\n', '2:22: unknown detector "emial" (did you mean "email"?)'],
    ['rules:\n  - {id: r, detect: email, seal: {to: [a, c]}}\n', '2:43: unknown recipient or group "c"'],
    ['rules:\n  - {id: r, detect: email, seal: {to: constructor}}\n', '2:39: unknown recipient or group "constructor"'],
    ['rules:\n  - {id: r, detect: email, hash: {key: h}}\n', '2:40: unknown hash key "h"'],
    [
      'rules:\n  - {id: r, detect: email, seal: {to: [a, b], serialization: compact}}\n',
      '2:62: compact serialization has one',
    ],
    [
      'rules:\n  - {id: r, key: a, drop: {}}\n  - id: r\n    key: b\n    drop: {}\n',
      '3:9: the rule id "r" is taken (it stands at r.yaml:2:5)',
    ],
    ['rules:\n  - {id: r, key: a}\n', '2:5: a rule needs exactly one of'],
    ['rules:\n  - {id: r, drop: {}}\n', '2:5: a rule needs at least one of'],
    ['rules:\n  - {id: r, keys: a, drop: {}}\n', '2:13: unknown key "keys" (did you mean "key"?)'],
    ['rules:\n  - {id: r, key: 3, drop: {}}\n', '2:18: expected text or a list'],
    ['rules:\n  - {id: r, key: [a, 3], drop: {}}\n', '2:22: expected text'],
    ['rules:\n  - {key: a, drop: {}}\n', '2:5: the key "id" is missing'],
    ['rules:\n  - {id: R, key: a, drop: {}}\n', '2:10: lower-case letters'],
    ['rules:\n  - {id: r, key: a, seal: {}}\n', '2:27: the key "to" is missing'],
    ['rules:\n  - {id: r, key: a, seal: {to: a, text: part}}\n', '2:41: expected "span" or "whole"'],
    ['rules:\n  - {id: r, key: a, drop: {}, except: [{name: e, path: b, expires: soon}]}\n', '2:68: expected a day'],
    ['rules:\n  - {id: r, key: a, mask: {keep_last: 9}}\n', '2:39: must be at most 8'],
    ['- {id: r, key: a, drop: {}}\n', '1:1: expected a map'],
    ['rule: []\n', '1:1: the key "rules" is missing'],
  ])('%j', (rules, start) => {
    const found = issues(withRules(rules))
    expect(found.map((line) => line.slice(0, `r.yaml:${start}`.length))).toContain(`r.yaml:${start}`)
  })

  test('a rule id is unique across files', () => {
    const rule = 'rules: [{id: r, key: a, drop: {}}]\n'
    expect(issues({ 'config.yaml': 'rules: [one.yaml, two.yaml]\n', 'one.yaml': rule, 'two.yaml': rule })).toEqual([
      'two.yaml:1:14: the rule id "r" is taken (it stands at one.yaml:1:9)',
    ])
  })

  test('a rule cannot seal where there are no recipients', () => {
    const found = issues(withRules('rules: [{id: r, key: a, seal: {to: [x, y]}}]\n', 'rules: [r.yaml]\n'))
    expect(found).toEqual([
      'r.yaml:1:36: the rule seals, and the configuration has no recipients (add one under recipients)',
    ])
  })

  test('a rule has at most eight recipients, groups counted out', () => {
    const names = Array.from({ length: 9 }, (_, index) => `p${index}`)
    const keys = names.map((name) => {
      const jwk = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' })
      return `  ${name}: {jwk: ${JSON.stringify(jwk)}}`
    })
    const config = `recipients:\n${keys.join('\n')}\ngroups: {all: [${names}], most: [${names.slice(1)}]}\nrules: [r.yaml]\n`
    const rules = (to: string) => withRules(`rules: [{id: r, key: a, seal: {to: ${to}}}]\n`, config)
    expect(issues(rules('[most, p1]'))).toEqual([])
    expect(issues(rules('[most, p0]'))).toEqual(['r.yaml:1:36: at most 8 recipients, and this rule has 9'])
  })

  test('sound rules are checked beside unsound ones', () => {
    const rules = 'rules:\n  - {id: r, key: a}\n  - {id: s, detect: nothing, drop: {}}\n'
    expect(issues(withRules(rules)).map((line) => line.split(': ')[0])).toEqual(['r.yaml:2:5', 'r.yaml:3:21'])
  })

  test('environment variables are not substituted', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a text that looks like a substitution
    const { rules } = load(withRules("rules: [{id: r, key: '${HOME}$$', drop: {}}]\n"), { HOME: 'x' })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a text that looks like a substitution
    expect(rules[0]?.rule.key).toBe('${HOME}$$')
  })

  test('an issue of the compiler is placed in the file that the rule came from', () => {
    const { rules } = load({
      'config.yaml': 'rules: [one.yaml, two.yaml]\n',
      'one.yaml': 'rules: [{id: one, key: a, drop: {}}]\n',
      'two.yaml': 'rules:\n  - id: two\n    key:\n      - fine\n      - (?=bad)\n    drop: {}\n',
    })
    const issue = locateRuleIssue(rules, { rule: 1, path: ['key', 1], problem: 'refused', fix: 'mend it' })
    expect(issue).toMatchObject({ line: 5, column: 9, message: 'rule "two": refused', hint: 'mend it' })
    expect(issue.file).toMatch(/two\.yaml$/)
    expect(() => locateRuleIssue(rules, { rule: 2, path: [], problem: '' })).toThrow(FieldsealError)
  })
})

describe('no message holds a value of the configuration', () => {
  const CANARY = 'c4n4ry-5ecret'
  test.each([
    `recipients: {a: {jwk: ${CANARY}}, b: {pem: ${CANARY}, kid: ${CANARY}}, c: {jwks: ${CANARY}, kid: ${CANARY}}}`,
    `recipients: {a: {jwk: {kty: ${CANARY}, x: ${CANARY}, d: ${CANARY}}}, b: ${CANARY}}`,
    `recipients: {a: {jwk: keys/${CANARY}.jwk}}`,
    `recipients: {a: {jwk: k}, b: {jwks: k, kid: ${CANARY}}, c: {pem: k}}`,
    `groups: {g: [${CANARY}, ${CANARY}]}`,
    `hash_keys: {h: {file: ${CANARY}}, i: ${CANARY}, j: {file: 3, x: ${CANARY}}}`,
    `hash_keys: {h: {file: k}}`,
    `rules: ${CANARY}`,
    `rules: [${CANARY}, ${CANARY}]`,
    `body_keys: ${CANARY}\naccept_sealed: ${CANARY}\nsealing: ${CANARY}\nlimits: ${CANARY}\nsources: ${CANARY}\nsinks: ${CANARY}`,
    `sealing: {layout: ${CANARY}, strict: ${CANARY}, epoch: {max_age: ${CANARY}, max_wraps: ${CANARY}}}`,
    `limits: {value: ${CANARY}, record: "${CANARY}", batch: [${CANARY}], depth: ${CANARY}, paths: {a: ${CANARY}}}`,
    `limits: {depth: \${NOPE}${CANARY}}`,
    `sources: {a: {type: ${CANARY}}, b: ${CANARY}, c: {type: otlp_http, listen: ${CANARY}, tokens: [${CANARY}, k]}}`,
    `sources: {a: {type: otlp_http, tls: {cert: ${CANARY}, key: ${CANARY}, client_ca: ${CANARY}}, tokens: [k]}}`,
    `sources: {a: {type: otlp_http, listen: "${CANARY}:4318"}}`,
    `sinks: {a: {type: ${CANARY}}, b: {type: otlp_http, endpoint: ${CANARY}}, c: {type: file, sync: ${CANARY}}}`,
    `sinks: {a: {type: otlp_http, endpoint: "http://u:${CANARY}@${CANARY}/${CANARY}?${CANARY}"}}`,
    `sinks: {a: {type: otlp_http, endpoint: "http://b", headers: {te: "${CANARY}", a: "${CANARY}\\n"}}}`,
    `sinks: {a: {type: file, path: ${CANARY}}, b: {type: file, path: ./${CANARY}}}`,
    `service: {workers: ${CANARY}, drain: ${CANARY}, admin: {listen: "${CANARY}:1"}}`,
    `service: {admin: ${CANARY}}`,
    `service: {admin: {socket: ${CANARY.repeat(20)}}}`,
    `limits: "${CANARY}`,
    `limits: !${CANARY} x`,
    `limits: &${CANARY} x\nlimits: *${CANARY}`,
    `limits: \${SECRET}`,
    `limits: {depth: "\${SECRET}", value: "\${SECRET}"}\nrules: ["\${SECRET}"]`,
  ])('%s', (text) => {
    const found = issues({ 'config.yaml': `${text}\n`, k: CANARY }, { SECRET: CANARY })
    expect(found.length).toBeGreaterThan(0)
    expect(found.join('\n')).not.toContain(CANARY)
  })
})

describe('the example', () => {
  const text = (path: string): string => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')
  const EXAMPLE = text('config.example.yaml')
  const FILES = {
    'rules/packs/default.yaml': text('rules/packs/default.yaml'),
    'keys/security.pub.jwk': KEYS['keys/a.pub.jwk'],
    'keys/dpo.pub.jwk': KEYS['keys/b.pub.jwk'],
  }

  test('loads as it stands, with generated keys', () => {
    const loaded = load({ ...FILES, 'config.yaml': EXAMPLE })
    expect(loaded.rules.map(({ rule }) => rule.id)).toContain('payment-cards')
    expect(loaded.groups.get('default')).toEqual(['security', 'dpo'])
    expect(loaded.warnings).toEqual([])
  })

  test('is one with which the service starts', () => {
    const loaded = load({ ...FILES, 'config.yaml': EXAMPLE })
    expect(serviceIssues(loaded)).toEqual([])
    // What it needs is there after a clone: no backend, no certificates, no folder.
    expect(Object.values(loaded.settings.sources)).toMatchObject([{ type: 'otlp_http', tokens: [] }])
    expect(Object.values(loaded.settings.sinks)).toMatchObject([{ type: 'file', required: true }])
    expect(dirname((loaded.settings.sinks.archive as { path: string }).path)).toBe(dirname(loaded.files[0]!))
  })

  test('shows the defaults: left out, the settings are the same', () => {
    const written = parse(EXAMPLE)
    const needed = (entries: Record<string, Record<string, unknown>>) =>
      Object.entries(entries).map(([name, { type, path }]) => [name, path === undefined ? { type } : { type, path }])
    const short = {
      recipients: written.recipients,
      groups: written.groups,
      rules: written.rules,
      sources: Object.fromEntries(needed(written.sources)),
      sinks: Object.fromEntries(needed(written.sinks)),
    }
    const { hash } = load({ ...FILES, 'config.yaml': EXAMPLE })
    expect(load({ ...FILES, 'config.yaml': JSON.stringify(short) }).hash).toBe(hash)
  })

  test('is sound with everything set that it leaves unset', () => {
    const files = ['server.pem', 'server.key', 'clients-ca.pem', 'client.pem', 'client.key', 'backend-ca.pem']
    const tls = Object.fromEntries(files.map((file) => [`tls/${file}`, 'PEM']))
    const secrets = { 'keys/forward.key': 'a key of sixteen bytes at least', 'keys/forward.password': 'a password' }
    const written = { ...FILES, ...tls, ...secrets, 'config.yaml': everythingSet(EXAMPLE) }
    const { settings } = load(written, { BACKEND_TOKEN: 'x' })
    expect(Object.keys(settings.sinks)).toEqual(['archive', 'backend', 'collector', 'fluentd', 'output'])
    const { otlp } = settings.sources
    expect(otlp !== undefined && 'tls' in otlp && otlp.tls?.client_ca).toMatch(/tls\/clients-ca\.pem$/)
    expect(settings.sinks.archive).toMatchObject({ rotate: { age: 86_400_000, keep: 7 } })
  })
})
