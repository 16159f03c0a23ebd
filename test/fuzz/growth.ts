import type { FormatName } from '../../processor/index.ts'
import { open } from '../../processor/index.ts'
import { BOMBS } from './bombs.ts'
import { ENGINES, PRIVATE_KEYS } from './engines.ts'
import { arr, bin, int, map, nil, type Pack, str, writePack } from './message-pack-tree.ts'
import { coded } from './oracles.ts'

/** A shape that can be made in any size. */
interface Shape {
  readonly name: string
  readonly format: FormatName
  readonly make: (size: number) => Buffer
}

const text = (name: string, unit: string): Shape => ({
  name,
  format: 'json-lines',
  make: (size) => Buffer.from(`{"a":${JSON.stringify(unit.repeat(size / unit.length))}}`),
})

const members = (name: string, member: (index: number) => string): Shape => ({
  name,
  format: 'json-lines',
  make: (size) =>
    Buffer.from(`{${Array.from({ length: size / member(1000).length }, (_, index) => member(index)).join()}}`),
})

/** The first bytes of a bomb, where any number of its bytes is a batch. */
const bomb = (name: string, format: FormatName): Shape => ({
  name,
  format,
  make: (size) => BOMBS[name]!.make().subarray(0, size),
})

/** A record of Forward with one value, made of so many bytes. */
const inForward = (name: string, make: (size: number) => Pack): Shape => ({
  name,
  format: 'forward',
  make: (size) => writePack(arr(str('t'), int(1), map({ a: make(size) }))),
})

const SHAPES: readonly Shape[] = [
  inForward('addresses of Forward', (size) => ({
    kind: 'array',
    items: Array.from({ length: size / 18 }, () => str('jane@example.org')),
  })),
  inForward('keys of Forward that are numbers', (size) =>
    map(Array.from({ length: size / 6 }, (_, index): [Pack, Pack] => [int(70_000 + index), nil])),
  ),
  inForward('keys of Forward that are large', (size) =>
    map([[{ kind: 'array', items: Array.from({ length: size }, () => int(1)) }, nil]]),
  ),
  inForward('maps of Forward, each with a key that holds something', (size) =>
    map(Array.from({ length: size / 20 }, (_, index): [Pack, Pack] => [str(`j${index}@example.org`), nil])),
  ),
  text('addresses', 'jane@example.org '),
  text('addresses that touch', 'jane@example.org;'),
  text('numbers that touch', '+4915123456789'),
  text('network addresses', '1.1.1.1 '),
  text('digits', '4'),
  text('digits with spaces', '4 '),
  text('digits with dots', '1.'),
  text('at signs', 'a@'),
  text('colons', ':'),
  text('hexadecimal groups', 'ab:'),
  text('beginnings of tokens', 'eyJhbGciOiJIUzI1NiJ9.'),
  text('beginnings of keys', '-----BEGIN PRIVATE KEY-----'),
  text('beginnings of accounts', 'DE89 3704 '),
  text('links', 'https://a:b@c/'),
  text('placeholders', '[sealed:email:AAAAAAAA/0]'),
  text('pseudonyms', 'hmac-sha256:pseudonyms:AAAAAAAAAAAAAAAAAAAAAA'),
  text('masks', '****'),
  text('escapes', '\u0001'),
  members('different members', (index) => `"k${index}":"x"`),
  members('members of one key', () => '"a":"jane@example.org"'),
  members('bodies', () => '"msg":"jane@example.org"'),
  members('members whose keys hold something', (index) => `"j${index}@example.org":1`),
  members('members that are dropped', () => '"cvv":1'),
  members('members that are sealed', () => '"user":1'),
  { name: 'dots in a key', format: 'json-lines', make: (size) => Buffer.from(`{"${'.'.repeat(size)}":1}`) },
  bomb('empty resources', 'otlp-protobuf'),
  bomb('empty objects, a line each', 'json-lines'),
  { name: 'empty records of Forward', format: 'forward', make: entriesOfForward('920080') },
  { name: 'empty groups of Forward', format: 'forward', make: entriesOfForward('92d700ffffffff0000000080') },
]

function entriesOfForward(entry: string): (size: number) => Buffer {
  return (size) => writePack(arr(str('t'), bin(Buffer.from(entry.repeat((2 * size) / entry.length), 'hex'))))
}

const SMALL = 32 * 1024
const FACTOR = 4
/** Four times the bytes may take so many times the time: noise and memory, but no square. */
const MOST_GROWTH = 9

/** Names of shapes and engines for which four times the bytes took more than their time. */
export function superlinear(): string[] {
  return SHAPES.flatMap((shape) =>
    ENGINES.flatMap(({ name }, engine) => {
      const growth = Math.min(
        ...[0, 1, 2].map(() => measure(shape, engine, SMALL * FACTOR) / measure(shape, engine, SMALL)),
      )
      return growth > MOST_GROWTH
        ? [`${shape.name}, ${name}: ${growth.toFixed(1)} times the time for ${FACTOR} times the bytes`]
        : []
    }),
  )
}

/** Microseconds of processor time for sealing, sealing again and opening. */
function measure({ format, make }: Shape, engineAt: number, size: number): number {
  const { engine } = ENGINES[engineAt]!
  const input = make(size)
  const before = process.cpuUsage()
  const sealed = coded(() => engine.seal(input, format))
  if (sealed !== undefined) {
    coded(() => engine.seal(sealed.bytes, format))
    coded(() => open(sealed.bytes, format, { keys: PRIVATE_KEYS }))
  }
  const { user, system } = process.cpuUsage(before)
  // What takes less than this is noise.
  return Math.max(2000, user + system)
}
