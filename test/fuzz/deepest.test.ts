import { expect, test } from 'vitest'
import { createEngine, type FormatName, type RuleInput } from '../../processor/index.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { arr, int, map, type Pack, str, writePack } from './message-pack-tree.ts'
import { coded } from './oracles.ts'
import { writeProtobuf } from './protobuf-tree.ts'

const READER = generateKeyPair('X25519', 'reader')
/** As deep as a configuration may allow. */
const DEPTH = 200

const RULES: Readonly<Record<string, RuleInput>> = {
  'what is found deep inside': { id: 'r', detect: 'email', seal: { to: 'reader' } },
  'the outermost container': { id: 'r', path: 'attributes.k', seal: { to: 'reader' } },
  'every container': { id: 'r', path: 'attributes.**', mask: {} },
}

function engineOf(rule: RuleInput, depth: number) {
  return createEngine({
    recipients: { reader: { ...READER.publicJwk } },
    rules: [rule],
    settings: { limits: { depth } },
  })
}

const MAIL = 'jane@example.org'

function otlpJson(levels: number, inner: string): string {
  const value = '{"kvlistValue":{"values":[{"key":"m","value":'.repeat(levels) + inner + '}]}}'.repeat(levels)
  return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"k","value":${value}}]}]}]}]}`
}

function protobuf(levels: number): Buffer {
  const field = (number: number, content: Uint8Array) => writeProtobuf([{ number, wire: 2, content }])
  const entry = (key: string, value: Uint8Array) => Buffer.concat([field(1, Buffer.from(key)), field(2, value)])
  let value = field(1, Buffer.from(MAIL))
  for (let level = 0; level < levels; level += 1) value = field(6, field(1, entry('m', value)))
  return field(1, field(2, field(2, field(6, entry('k', value)))))
}

function nestedPack(levels: number): Pack {
  return levels === 0 ? str(MAIL) : map({ m: nestedPack(levels - 1) })
}

const DEEP: Readonly<Record<Exclude<FormatName, 'text'>, (levels: number) => Buffer>> = {
  'json-lines': (levels) => Buffer.from(`{"k":${'{"m":'.repeat(levels)}"${MAIL}"${'}'.repeat(levels)}}`),
  'otlp-json': (levels) => Buffer.from(otlpJson(levels, `{"stringValue":"${MAIL}"}`)),
  'otlp-protobuf': protobuf,
  forward: (levels) => writePack(arr(str('t'), int(1), map({ k: nestedPack(levels) }))),
}

const CASES = Object.keys(RULES).flatMap((rule) =>
  (Object.keys(DEEP) as (keyof typeof DEEP)[]).map((format) => [rule, format] as const),
)

test.each(CASES)('%s is acted on in %s at the deepest level that can be allowed', (rule, format) => {
  const engine = engineOf(RULES[rule]!, DEPTH)
  expect(engine.seal(DEEP[format](DEPTH), format).bytes.includes(MAIL)).toBe(false)
  expect(coded(() => engine.seal(DEEP[format](DEPTH + 1), format))).toBeUndefined()
})

test('members of OTLP JSON that nobody knows are passed over at any depth, or refused', () => {
  const engine = engineOf(RULES['every container']!, DEPTH)
  for (const levels of [10, 100, 700, 800, 10_000]) {
    const unknown = `${'['.repeat(levels)}${']'.repeat(levels)}`
    coded(() =>
      engine.seal(Buffer.from(otlpJson(DEPTH, `{"stringValue":"${MAIL}","unknown":${unknown}}`)), 'otlp-json'),
    )
  }
})

test('deeper than that cannot be allowed', () => {
  expect(() => engineOf(RULES['every container']!, DEPTH + 1)).toThrow('limits.depth is at most 200')
})
