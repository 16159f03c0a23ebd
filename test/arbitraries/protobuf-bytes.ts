import fc from 'fast-check'
import { found, SECRET_KEY } from './expected-bytes.ts'

/**
 * OTLP's protobuf as few encoders write it: unknown fields in every message, fields in any order, values before keys,
 * tags and lengths of unknown fields that are longer than they need to be.
 */
export interface Message {
  readonly bytes: Buffer
  /** For the outline of what it must have become. */
  readonly pattern: string
}

function varint(value: number, padding = 0): number[] {
  const rest = Math.floor(value / 128)
  if (rest > 0) return [(value % 128) | 0x80, ...varint(rest, padding)]
  return padding > 0 ? [value | 0x80, ...new Array<number>(padding - 1).fill(0x80), 0] : [value]
}

function exactly(bytes: Uint8Array): Message {
  return { bytes: Buffer.from(bytes), pattern: Buffer.from(bytes).toString('hex') }
}

function concat(...messages: readonly Message[]): Message {
  return {
    bytes: Buffer.concat(messages.map(({ bytes }) => bytes)),
    pattern: messages.map(({ pattern }) => pattern).join(''),
  }
}

/** A text or message under a tag that the outline knows. */
function field(tag: number, content: Message, padding = 0): Message {
  const header = varint(tag, padding)
  return {
    bytes: Buffer.concat([Buffer.from([...header, ...varint(content.bytes.length)]), content.bytes]),
    pattern: `${Buffer.from(header).toString('hex')}\\(${content.pattern}\\)`,
  }
}

/** Fields that no version of OTLP has: a number, 4 and 8 bytes, bytes with an overlong length, a group. */
const unknown = fc
  .constantFrom(
    [...varint(100 * 8), 0x96, 0x01],
    [...varint(101 * 8 + 5), 1, 2, 3, 4],
    [...varint(102 * 8 + 1), 1, 2, 3, 4, 5, 6, 7, 8],
    [...varint(103 * 8 + 2), 0x83, 0x00, 0x61, 0x40, 0x62],
    [...varint(104 * 8 + 3), 0x08, 0x01, ...varint(104 * 8 + 4)],
    [...varint(105 * 8 + 2), 24, ...Buffer.from('jane999999@plant.example')],
  )
  .map((bytes) => exactly(Uint8Array.from(bytes)))

function message(...fields: readonly fc.Arbitrary<readonly Message[]>[]): fc.Arbitrary<Message> {
  return fc
    .tuple(fc.tuple(...fields), fc.array(unknown, { maxLength: 1 }))
    .map(([known, others]) => [...known.flat(), ...others])
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
    .map((all) => concat(...all))
}

/** How many bytes longer than needed a tag is. */
const padding = fc.constantFrom(0, 0, 0, 1)

function one(tag: number, content: fc.Arbitrary<Message>): fc.Arbitrary<Message[]> {
  return fc.tuple(content, padding).map(([inside, pad]) => [field(tag, inside, pad)])
}

function many(tag: number, content: fc.Arbitrary<Message>): fc.Arbitrary<Message[]> {
  return fc.array(one(tag, content), { maxLength: 3 }).map((all) => all.flat())
}

const plain = fc
  .array(fc.constantFrom('a', 'é', '😀', ' ', '"', '\u0000', '[sealed:mail:AAAAAAAA/0]'), { maxLength: 4 })
  .map((pieces) => exactly(Buffer.from(pieces.join(''))))

/** A pattern for text as one for its hexadecimal digits. */
const IN_HEX: readonly [RegExp, string][] = [
  [/^\\\[sealed:(\w+):.*$/, ''],
  [/^\\\*\{4\}$/, '2a2a2a2a'],
  [/^hmac.*$/, `${Buffer.from('hmac-sha256:k:').toString('hex')}(?:[0-9a-f]{2}){22}`],
]

function inHex(pattern: string): string {
  const kind = /^\\\[sealed:(\w+):/.exec(pattern)?.[1]
  if (kind !== undefined) {
    const start = Buffer.from(`[sealed:${kind}:`).toString('hex')
    return `${start}(?:[0-9a-f]{2}){8}2f(?:3[0-9])+5d`
  }
  return IN_HEX.find(([form]) => form.test(pattern))![1]
}

const finding = found.map(({ text, becomes, seals }) => ({
  piece: { bytes: Buffer.from(text), pattern: inHex(becomes) },
  seals,
}))

const JWE = `0a\\(${Buffer.from('{"protected":"').toString('hex')}(?:[0-9a-f]{2})*\\)`

const SPACE = exactly(Buffer.from(' '))

/** The field of an AnyValue that holds a text, which is written anew where something is replaced in it. */
const stringValue: fc.Arbitrary<Message[]> = fc.oneof(
  plain.map((text) => [field(0x0a, text)]),
  fc
    .array(fc.tuple(plain, finding, plain), { minLength: 1, maxLength: 2 })
    .map((all) => concat(...all.flatMap(([before, { piece }, after]) => [before, SPACE, piece, SPACE, after])))
    .map((text) => [field(0x0a, text)]),
  finding.map(({ piece, seals }) => {
    const whole = field(0x0a, piece)
    return [seals ? { ...whole, pattern: JWE } : whole]
  }),
)

const scalar = fc
  .constantFrom([0x10, 1], [0x10, 0], [0x18, 0x96, 0x01], [0x21, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f], [0x3a, 2, 0xff, 0x00])
  .map((bytes) => [exactly(Uint8Array.from(bytes))])

const key = fc.constantFrom('a', 'b.c', '').map((text) => exactly(Buffer.from(text)))

type Recursive = { anyField: Message[]; keyValue: Message }

const { anyField, keyValue } = fc.letrec<Recursive>((tie) => ({
  anyField: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: stringValue },
    scalar,
    one(0x2a, message(many(0x0a, message(tie('anyField'))))),
    one(0x32, message(many(0x0a, tie('keyValue')))),
  ),
  keyValue: message(one(0x0a, key), one(0x12, message(tie('anyField')))),
}))

/** What is under the name of the secret: the field of its AnyValue becomes a JWE, whatever it was. */
const secret: fc.Arbitrary<Message> = anyField
  .filter((fields) => fields.some(({ bytes }) => bytes.length > 2))
  .chain((fields) => {
    const whole = concat(...fields)
    const value = message(fc.constant([{ bytes: whole.bytes, pattern: JWE }]))
    return message(one(0x0a, fc.constant(exactly(Buffer.from(SECRET_KEY)))), one(0x12, value))
  })

const attribute = fc.oneof({ weight: 5, arbitrary: keyValue }, { weight: 1, arbitrary: secret })

const LIST_KEY = Buffer.from('fieldseal.sealed').toString('hex')

/** At the end of a message the list of sealed parts may have been added. */
function withList(tag: string, content: fc.Arbitrary<Message>): fc.Arbitrary<Message> {
  const added = `${tag}\\(0a\\(${LIST_KEY}\\)12\\(2a\\((?:0a\\(${JWE}\\))+\\)\\)\\)`
  return content.map(({ bytes, pattern }) => ({ bytes, pattern: `${pattern}(?:${added})?` }))
}

const traceId = exactly(Buffer.from([0x4a, 16, ...new Array<number>(16).fill(0x41)]))

const record = withList('32', message(many(0x32, attribute), one(0x2a, message(anyField)), fc.constant([traceId])))

const resource = withList('0a', message(many(0x0a, attribute)))

const scope = withList('1a', message(many(0x1a, attribute)))

const scopeLogs = message(one(0x0a, scope), many(0x12, record))

const resourceLogs = message(one(0x0a, resource), many(0x12, scopeLogs))

export const protobufRequest: fc.Arbitrary<Message> = message(many(0x0a, resourceLogs))
