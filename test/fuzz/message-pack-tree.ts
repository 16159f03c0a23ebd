import { Buffer } from 'node:buffer'
import type { Entry, LogRequest, Value } from './log-request.ts'
import type { Random } from './random.ts'

/**
 * MessagePack as a tree that can be changed, written and read, whether or not what comes out is valid. It is written from
 * the specification alone, and shares nothing with the code under test.
 */
export type Pack =
  | { kind: 'nil' }
  | { kind: 'boolean'; value: boolean }
  /** `first` is the header of the form. */
  | { kind: 'integer'; value: bigint; first?: number }
  | { kind: 'float'; value: number; single?: boolean }
  | (Sized & { kind: 'text' | 'binary'; bytes: Uint8Array })
  | (Sized & { kind: 'extension'; type: number; bytes: Uint8Array })
  | (Sized & { kind: 'array'; items: Pack[] })
  | (Sized & { kind: 'map'; pairs: [Pack, Pack][] })
  /** Values one behind the other, as the content of a text or binary. */
  | (Sized & { kind: 'stream'; items: Pack[]; as: 'text' | 'binary' })
  /** Written as it stands. */
  | { kind: 'raw'; bytes: Uint8Array }

interface Sized {
  /** Forms longer than needed: 0 is the shortest. */
  wide?: number
  /** What the written size is off by. */
  sizeError?: number
}

export const nil: Pack = { kind: 'nil' }
export const str = (text: string): Pack => ({ kind: 'text', bytes: Buffer.from(text) })
export const bin = (bytes: Uint8Array): Pack => ({ kind: 'binary', bytes })
export const int = (value: bigint | number): Pack => ({ kind: 'integer', value: BigInt(value) })
export const float = (value: number): Pack => ({ kind: 'float', value })
export const bool = (value: boolean): Pack => ({ kind: 'boolean', value })
export const ext = (type: number, bytes: Uint8Array): Pack => ({ kind: 'extension', type, bytes })
export const arr = (...items: Pack[]): Pack => ({ kind: 'array', items })
export const map = (pairs: Readonly<Record<string, Pack>> | [Pack, Pack][]): Pack => ({
  kind: 'map',
  pairs: Array.isArray(pairs) ? pairs : Object.entries(pairs).map(([key, value]) => [str(key), value]),
})

export function eventTime(seconds: number, nanoseconds = 0): Pack {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(seconds)
  bytes.writeUInt32BE(nanoseconds, 4)
  return ext(0, bytes)
}

/** First bytes of the forms, by bits of the size; `fixed` has the size in it. */
const FORMS = {
  text: {
    fixed: [0xa0, 31],
    sized: [
      [8, 0xd9],
      [16, 0xda],
      [32, 0xdb],
    ],
  },
  binary: {
    fixed: [0, -1],
    sized: [
      [8, 0xc4],
      [16, 0xc5],
      [32, 0xc6],
    ],
  },
  extension: {
    fixed: [0, -1],
    sized: [
      [8, 0xc7],
      [16, 0xc8],
      [32, 0xc9],
    ],
  },
  array: {
    fixed: [0x90, 15],
    sized: [
      [16, 0xdc],
      [32, 0xdd],
    ],
  },
  map: {
    fixed: [0x80, 15],
    sized: [
      [16, 0xde],
      [32, 0xdf],
    ],
  },
} as const

function header(kind: keyof typeof FORMS, size: number, { wide = 0, sizeError = 0 }: Sized): Buffer {
  const { fixed, sized } = FORMS[kind]
  const said = Math.min(Math.max(0, size + sizeError), 2 ** 32 - 1)
  const fits = [
    ...(said <= fixed[1] ? [Buffer.from([fixed[0] | said])] : []),
    ...sized.flatMap(([bits, first]) => {
      if (said >= 2 ** bits) return []
      const bytes = Buffer.alloc(1 + bits / 8)
      bytes[0] = first
      bytes.writeUIntBE(said, 1, bits / 8)
      return [bytes]
    }),
  ]
  return fits[Math.min(wide, fits.length - 1)]!
}

const INTEGERS: readonly (readonly [first: number, bits: number, signed: boolean])[] = [
  [0xcc, 8, false],
  [0xcd, 16, false],
  [0xce, 32, false],
  [0xcf, 64, false],
  [0xd0, 8, true],
  [0xd1, 16, true],
  [0xd2, 32, true],
  [0xd3, 64, true],
]

function integer(value: bigint, wanted: number | undefined): Buffer {
  if (wanted === undefined && value >= -32n && value < 128n) return Buffer.from([Number(value) & 0xff])
  const [first, bits] = INTEGERS.find(([form, bits, signed]) => {
    const same = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
    return same === value && (wanted === undefined || form >= wanted)
  }) ?? [0xcf, 64]
  const bytes = Buffer.alloc(1 + bits / 8)
  bytes[0] = first
  let rest = BigInt.asUintN(bits, value)
  for (let at = bytes.length - 1; at > 0; at -= 1, rest >>= 8n) bytes[at] = Number(rest & 0xffn)
  return bytes
}

export function writePack(pack: Pack): Buffer {
  switch (pack.kind) {
    case 'nil':
      return Buffer.from([0xc0])
    case 'boolean':
      return Buffer.from([pack.value ? 0xc3 : 0xc2])
    case 'integer':
      return integer(pack.value, pack.first)
    case 'float': {
      const bytes = Buffer.alloc(pack.single === true ? 5 : 9, pack.single === true ? 0xca : 0xcb)
      if (pack.single === true) bytes.writeFloatBE(pack.value, 1)
      else bytes.writeDoubleBE(pack.value, 1)
      return bytes
    }
    case 'text':
    case 'binary':
      return Buffer.concat([header(pack.kind, pack.bytes.length, pack), pack.bytes])
    case 'extension': {
      const fixed = [1, 2, 4, 8, 16].indexOf(pack.bytes.length)
      const head =
        fixed >= 0 && pack.wide === undefined
          ? Buffer.from([0xd4 + fixed])
          : header('extension', pack.bytes.length, pack)
      return Buffer.concat([head, Buffer.from([pack.type & 0xff]), pack.bytes])
    }
    case 'array':
      return Buffer.concat([header('array', pack.items.length, pack), ...pack.items.map(writePack)])
    case 'map':
      return Buffer.concat([header('map', pack.pairs.length, pack), ...pack.pairs.flat().map(writePack)])
    case 'stream': {
      const content = Buffer.concat(pack.items.map(writePack))
      return Buffer.concat([header(pack.as, content.length, pack), content])
    }
    case 'raw':
      return Buffer.from(pack.bytes)
  }
}

/** Reads one value. @throws where it is none. */
export class PackReader {
  readonly #bytes: Buffer
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes)
  }

  get isAtEnd(): boolean {
    return this.at === this.#bytes.length
  }

  value(): Pack {
    const first = this.#uint(1)
    if (first < 0x80) return int(first)
    if (first < 0x90) return this.#map(first & 15)
    if (first < 0xa0) return this.#array(first & 15)
    if (first < 0xc0) return { kind: 'text', bytes: this.#take(first & 31) }
    if (first >= 0xe0) return int(first - 256)
    switch (first) {
      case 0xc0:
        return nil
      case 0xc2:
      case 0xc3:
        return bool(first === 0xc3)
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return bin(this.#take(this.#uint(2 ** (first - 0xc4))))
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#uint(2 ** (first - 0xc7)))
      case 0xca:
        return float(this.#take(4).readFloatBE())
      case 0xcb:
        return float(this.#take(8).readDoubleBE())
      case 0xd9:
      case 0xda:
      case 0xdb:
        return { kind: 'text', bytes: this.#take(this.#uint(2 ** (first - 0xd9))) }
      case 0xdc:
      case 0xdd:
        return this.#array(this.#uint(first === 0xdc ? 2 : 4))
      case 0xde:
      case 0xdf:
        return this.#map(this.#uint(first === 0xde ? 2 : 4))
    }
    if (first >= 0xd4 && first <= 0xd8) return this.#extension(2 ** (first - 0xd4))
    const form = INTEGERS.find(([one]) => one === first)
    if (form === undefined) throw new Error('no such type')
    const [, bits, signed] = form
    const unsigned = BigInt(`0x${this.#take(bits / 8).toString('hex')}`)
    return int(signed ? BigInt.asIntN(bits, unsigned) : unsigned)
  }

  #uint(bytes: number): number {
    return this.#take(bytes).readUIntBE(0, bytes)
  }

  #take(bytes: number): Buffer {
    if (this.at + bytes > this.#bytes.length) throw new Error('cut off')
    this.at += bytes
    return this.#bytes.subarray(this.at - bytes, this.at)
  }

  #extension(length: number): Pack {
    const [type] = this.#take(1)
    return ext((type! << 24) >> 24, this.#take(length))
  }

  #many<T>(count: number, read: () => T): T[] {
    if (count > this.#bytes.length - this.at) throw new Error('cut off')
    return Array.from({ length: count }, read)
  }

  #array(count: number): Pack {
    return { kind: 'array', items: this.#many(count, () => this.value()) }
  }

  #map(count: number): Pack {
    return { kind: 'map', pairs: this.#many(count, () => [this.value(), this.value()]) }
  }
}

export function readPack(bytes: Uint8Array): Pack {
  const reader = new PackReader(bytes)
  const value = reader.value()
  if (!reader.isAtEnd) throw new Error('something follows')
  return value
}

/** The values of a stream. */
export function readStream(bytes: Uint8Array): Pack[] {
  const reader = new PackReader(bytes)
  const values: Pack[] = []
  while (!reader.isAtEnd) values.push(reader.value())
  return values
}

function plain(value: Value): Pack {
  switch (value.type) {
    case 'string':
      return str(value.text)
    case 'bool':
      return bool(value.value)
    case 'int':
      return int(value.value)
    case 'double':
      return float(value.value)
    case 'bytes':
      return bin(value.bytes)
    case 'array':
      return arr(...value.items.map(plain))
    case 'map':
      return map(value.entries.map(({ key, value }) => [str(key), plain(value)]))
    case 'empty':
      return nil
  }
}

function attributes(entries: readonly Entry[]): [Pack, Pack][] {
  return entries.map(({ key, value }) => [str(key), plain(value)])
}

/** A message of Fluent Forward: groups as Fluent Bit sends them, packed or as an array; of one record maybe that alone. */
export function forwardTree({ resources }: LogRequest, random: Random): Pack {
  const entries = resources.flatMap((resource, resourceId) =>
    resource.scopes.flatMap((scope, scopeId) => [
      arr(
        arr(eventTime(0xffffffff), map({ schema: str('otlp'), resource_id: int(resourceId), scope_id: int(scopeId) })),
        map({
          resource: map({ attributes: map(attributes(resource.attributes)) }),
          scope: map({ name: str(scope.name), attributes: map(attributes(scope.attributes)) }),
        }),
      ),
      ...scope.records.map((record, index) => entry(record, random, index)),
      arr(arr(eventTime(0xfffffffe), map({})), map({})),
    ]),
  )
  const tag: Pack = random.oneIn(5) ? bin(Buffer.from('app.log')) : str('app.log')
  const option = random.pick<Pack[]>([
    [],
    [nil],
    [map({ size: int(entries.length), chunk: str('bm9uZQ==\n'), compressed: str('text') })],
    [map({ size: int(1), foo: str('jane@example.org') })],
  ])
  if (random.oneIn(4)) {
    const [time, record] = (entry(resources[0]!.scopes[0]?.records[0] ?? EMPTY, random, 1) as { items: Pack[] }).items
    const hasMetadata = time!.kind === 'array'
    const [plainTime, metadata] = hasMetadata ? (time as { items: Pack[] }).items : [time!]
    return arr(tag, plainTime!, record!, ...(metadata === undefined ? option : [map({ metadata })]))
  }
  if (random.oneIn(3)) return arr(tag, arr(...entries), ...option)
  return arr(
    tag,
    { kind: 'stream', items: entries, as: random.oneIn(2) ? 'text' : 'binary', wide: random.below(4) },
    ...option,
  )
}

const EMPTY = { body: { type: 'empty' }, attributes: [], severity: 9 } as const

function entry(
  record: LogRequest['resources'][number]['scopes'][number]['records'][number],
  random: Random,
  index: number,
): Pack {
  const [first, ...rest] = record.attributes
  const body: [Pack, Pack] = [random.oneIn(4) ? bin(Buffer.from('log')) : str('log'), plain(record.body)]
  const value = map([body, ...attributes(random.oneIn(3) ? rest : record.attributes)])
  switch (index % 4) {
    case 0:
      return arr(int(1_700_000_000 + index), value)
    case 1:
      return arr(eventTime(1_700_000_000, index), value)
    case 2:
      return arr(float(1_700_000_000_123.5), value)
    default:
      return arr(
        arr(
          eventTime(1_700_000_000, index),
          map({
            otlp: map({
              severity_number: int(record.severity),
              attributes: map(first === undefined ? [] : attributes([first])),
              trace_id: bin(Buffer.alloc(16, 7)),
            }),
          }),
        ),
        value,
      )
  }
}

/** All values in the tree, itself included. */
function all(pack: Pack): Pack[] {
  if (pack.kind === 'array' || pack.kind === 'stream') return [pack, ...pack.items.flatMap(all)]
  return pack.kind === 'map' ? [pack, ...pack.pairs.flat().flatMap(all)] : [pack]
}

/** Changes one place of the tree. With `valid`, what comes out is still MessagePack, and a message if it was one. */
export function mutatePack(random: Random, pack: Pack, other: Pack, valid: boolean): void {
  const places = all(pack)
  const place = random.pick(places)
  if ('wide' in place || 'bytes' in place || 'items' in place || 'pairs' in place) {
    if (random.oneIn(2)) {
      ;(place as Sized).wide = random.below(4)
      return
    }
  }
  const choice = random.below(valid ? 5 : 10)
  const strange = () => structuredClone(random.pick(all(other)))
  switch (choice) {
    case 0:
      // A key of another type, deep inside of a record.
      if (place.kind === 'map' && place.pairs.length > 0) {
        const pair = random.pick(place.pairs)
        const [key] = pair
        if (key.kind === 'text' && !KNOWN_KEYS.has(Buffer.from(key.bytes).toString('latin1')))
          pair[0] = oddKey(random, key.bytes)
      }
      return
    case 1:
      if (place.kind === 'integer') place.first = 0xcc + random.below(8)
      if (place.kind === 'float') place.single = Object.is(Math.fround(place.value), place.value)
      return
    case 2:
      if (place.kind === 'map' && place.pairs.length > 0) {
        const pair = random.pick(place.pairs)
        if (isUnknown(pair[0])) place.pairs.splice(random.below(place.pairs.length), 0, structuredClone(pair))
      }
      return
    case 3:
      if (place.kind === 'map' && place.pairs.length > 0 && place.pairs.every(([key]) => isUnknown(key)))
        random.pick(place.pairs)[1] = ext(
          random.below(256) - 128,
          Buffer.from(random.oneIn(2) ? 'jane@example.org' : [255, 1]),
        )
      return
    case 4:
      if (place.kind === 'stream') place.items.splice(random.below(place.items.length + 1), 0, nil)
      return
    case 5:
      if ('bytes' in place || 'items' in place || 'pairs' in place)
        (place as Sized).sizeError = random.pick([-1, 1, 20, 2 ** 31, 2 ** 32 - 50])
      return
    case 6:
      if (place.kind === 'array' || place.kind === 'stream')
        place.items.splice(random.below(place.items.length + 1), random.below(2), strange())
      return
    case 7:
      if (place.kind === 'map' && place.pairs.length > 0) random.pick(place.pairs)[random.below(2)] = strange()
      return
    case 8:
      if (place.kind === 'text') place.bytes = Buffer.concat([Buffer.from([0xc3, 0x28]), place.bytes])
      return
    default:
      if (place.kind === 'array' || place.kind === 'stream')
        place.items.splice(random.below(place.items.length + 1), 0, {
          kind: 'raw',
          bytes: Buffer.from([random.below(256)]),
        })
  }
}

const KNOWN_KEYS = new Set([
  'otlp',
  'attributes',
  'resource',
  'scope',
  'metadata',
  'log',
  'msg',
  'message',
  'compressed',
  'schema',
  'resource_id',
  'scope_id',
  'severity_number',
  'trace_id',
  'name',
  'size',
  'chunk',
  'level',
])

function isUnknown(key: Pack): boolean {
  return key.kind !== 'text' || !KNOWN_KEYS.has(Buffer.from(key.bytes).toString('latin1'))
}

function oddKey(random: Random, bytes: Uint8Array): Pack {
  return random.pick<() => Pack>([
    () => int(random.oneIn(2) ? 4_111_111_111_111_111n : -5n),
    () => nil,
    () => bool(true),
    () => float(1.5),
    () => bin(bytes),
    () => ext(5, bytes),
    () => arr({ kind: 'text', bytes }, int(1)),
    () => map([[{ kind: 'text', bytes }, arr()]]),
    () => ({ kind: 'text', bytes: Buffer.from([0xff, ...bytes]) }),
  ])()
}
