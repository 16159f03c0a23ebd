/**
 * Writes the golden file of the current envelope version: `node test/processor/jwe/golden/generate.ts`. A file that
 * exists is never overwritten, since what was once written must open for ever.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CONTENT_TYPES,
  type ContentType,
  ENVELOPE_VERSION,
  headerTemplate,
} from '../../../../processor/jwe/envelope.ts'
import { recipientFromJwk } from '../../../../processor/jwe/recipients.ts'
import { Sealer } from '../../../../processor/jwe/sealer.ts'
import { KEY_PAIRS, KINDS, OPTIONS } from '../fixtures.ts'

/** What is sealed as each content type; `bytes` in Latin-1. */
const PLAINTEXTS: Record<ContentType, string> = {
  text: 'Jürgen Müller <juergen@example.org>',
  number: '4111111111111111.0e0',
  boolean: 'true',
  bytes: '\u0000\u00ff',
  json: '{"city":"Köln","street":"Domkloster 4"}',
  'otlp+json': '{"kvlistValue":{"values":[{"key":"id","value":{"intValue":"9007199254740993"}}]}}',
  'entry+json': '{"jane@example.org":"logged in"}',
  'otlp-entry+json': '{"key":"jane@example.org","value":{"stringValue":"logged in"}}',
  'fieldseal-parts+json': '{"0":{"path":"body","text":"jane@example.org"}}',
}

const PATHS = ['body', 'attributes.user.email', 'attributes["odd.ключ"]', `attributes.${'long'.repeat(40)}`]

const sealer = new Sealer(OPTIONS)
const pairs = KINDS.map((kind) => KEY_PAIRS[kind])
const values = CONTENT_TYPES.flatMap((cty, at) => {
  const rest = at % 2 === 0 ? {} : { iat: 1_790_000_000 + at, rule: `rule-${at}` }
  const header = headerTemplate({ cty, path: PATHS[at % PATHS.length]!, ...rest })
  const plaintext = Buffer.from(PLAINTEXTS[cty], cty === 'bytes' ? 'latin1' : 'utf8')
  return [pairs, ...pairs.map((pair) => [pair])].flatMap((to) => {
    const set = sealer.recipientSet(to.map(({ publicJwk }) => recipientFromJwk(publicJwk)))
    return (to.length === 1 ? (['general', 'compact'] as const) : (['general'] as const)).map((serialization) => {
      const [sealed] = sealer.seal([{ to: set, header, plaintext, serialization }])
      const kids = to.map(({ publicJwk }) => publicJwk.kid)
      return { serialization, kids, header: header.header, plaintext: plaintext.toString('base64'), ...sealed }
    })
  })
})

const file = join(import.meta.dirname, `v${ENVELOPE_VERSION}.json`)
const keys = pairs.map(({ privateJwk }) => privateJwk)
writeFileSync(file, `${JSON.stringify({ note: 'Keys for tests only.', keys, values }, null, 1)}\n`, { flag: 'wx' })
