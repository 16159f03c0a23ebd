import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { fingerprint } from '../../../processor/config/fingerprint.ts'
import { Secret } from '../../../processor/secret.ts'
import { loadText } from './loading.ts'

const TOKEN = 'c4n4ry-5ecret-of-the-backend'

function configured(token: string) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a substitution
  const headers = '{authorization: "Bearer ${TOKEN}"}'
  const config = `sinks: {out: {type: otlp_http, endpoint: "https://backend", headers: ${headers}}}\n`
  return loadText(config, {}, { TOKEN: token })
}

test('another header is another configuration', () => {
  expect(configured(TOKEN).hash).toBe(configured(TOKEN).hash)
  expect(configured(TOKEN).hash).not.toBe(configured(`${TOKEN}x`).hash)
})

test('a header cannot be read from the settings by accident', () => {
  const { settings, hash } = configured(TOKEN)
  for (const text of [JSON.stringify(settings), inspect(settings, { depth: 9, showHidden: true }), hash])
    expect(text).not.toContain(TOKEN)
  const headers = Object.values(settings.sinks)[0] as { headers: Record<string, Secret> }
  expect(headers.headers.authorization?.reveal().toString()).toBe(`Bearer ${TOKEN}`)
})

test('a fingerprint is of stable JSON with the hashes of secrets in it', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const secret = new Secret(Buffer.from('a'))
  expect(fingerprint({ b: [secret, 1], a: 'x' })).toBe(sha256(`{"a":"x","b":[{"sha256":"${sha256('a')}"},1]}`))
  expect(fingerprint({ a: 'x', b: [secret, 1] })).toBe(fingerprint({ b: [secret, 1], a: 'x' }))
})
