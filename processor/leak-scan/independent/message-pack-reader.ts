import { booleanOf, MOST_DEPTH, NOTHING, numberOf, type Plain, UnreadableError, type ValueBudget } from './content.ts'
import { asUtf8 } from './utf8.ts'

/** What a value begins with, by MessagePack's specification ("Formats"). */
export interface Header {
  readonly type: 'nil' | 'boolean' | 'integer' | 'float' | 'text' | 'binary' | 'array' | 'map' | 'extension'
  /** Bytes of the content; elements of an array, pairs of a map. */
  readonly size: number
  /** Where the content starts. */
  readonly content: number
  /** Of an extension; of a boolean or a short integer its value. */
  readonly value: number
}

/** Reads MessagePack, forward only. Counts and lengths are believed only as far as there are bytes for them. */
export class MessagePackReader {
  readonly #bytes: Buffer
  readonly #budget: ValueBudget
  at = 0

  constructor(bytes: Buffer, budget: ValueBudget) {
    this.#bytes = bytes
    this.#budget = budget
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length
  }

  /** The header of the value that comes next; what follows it comes next then. */
  header(): Header {
    const first = this.#unsigned(1)
    if (first <= 0x7f) return this.#made('integer', 0, first)
    if (first >= 0xe0) return this.#made('integer', 0, first - 0x100)
    if (first <= 0x8f) return this.#made('map', first & 0x0f)
    if (first <= 0x9f) return this.#made('array', first & 0x0f)
    if (first <= 0xbf) return this.#made('text', first & 0x1f)
    if (first === 0xc0) return this.#made('nil', 0)
    if (first === 0xc2 || first === 0xc3) return this.#made('boolean', 0, first & 1)
    if (first >= 0xc4 && first <= 0xc6) return this.#made('binary', this.#unsigned(1 << (first - 0xc4)))
    if (first >= 0xc7 && first <= 0xc9) return this.#extension(this.#unsigned(1 << (first - 0xc7)))
    if (first === 0xca || first === 0xcb) return this.#made('float', first === 0xca ? 4 : 8)
    // The value says that the bytes have a sign.
    if (first >= 0xcc && first <= 0xcf) return this.#made('integer', 1 << (first - 0xcc), 0)
    if (first >= 0xd0 && first <= 0xd3) return this.#made('integer', 1 << (first - 0xd0), 1)
    if (first >= 0xd4 && first <= 0xd8) return this.#extension(1 << (first - 0xd4))
    if (first >= 0xd9 && first <= 0xdb) return this.#made('text', this.#unsigned(1 << (first - 0xd9)))
    if (first === 0xdc || first === 0xdd) return this.#made('array', this.#unsigned(first === 0xdc ? 2 : 4))
    if (first === 0xde || first === 0xdf) return this.#made('map', this.#unsigned(first === 0xde ? 2 : 4))
    throw new UnreadableError('a value has no type')
  }

  /** The content of a text, binary or extension whose header was read last. */
  content({ content, size }: Header): Buffer {
    return this.#bytes.subarray(content, content + size)
  }

  value(depth = 0): Plain {
    this.#budget.take()
    const header = this.header()
    switch (header.type) {
      case 'nil':
        return NOTHING
      case 'boolean':
        return booleanOf(header.value === 1)
      case 'integer':
        return { kind: 'number', bytes: Buffer.from(this.#integer(header)) }
      case 'float':
        return numberOf(String(this.#float(header)))
      case 'text':
        return { kind: 'text', bytes: asUtf8(this.content(header)) }
      case 'binary':
      case 'extension':
        return { kind: 'bytes', bytes: asUtf8(this.content(header)) }
      case 'array':
        return { kind: 'array', items: this.#items(header.size, deeper(depth)) }
      case 'map':
        return { kind: 'map', entries: this.#entries(header.size, deeper(depth)) }
    }
  }

  /** Passes over the value that comes next, however deep it is. */
  skip(): void {
    for (let pending = 1; pending > 0; pending -= 1) {
      const { type, size } = this.header()
      if (type === 'array') pending += size
      else if (type === 'map') pending += 2 * size
    }
  }

  #items(count: number, depth: number): Plain[] {
    const items: Plain[] = []
    for (let i = 0; i < count; i += 1) items.push(this.value(depth))
    return items
  }

  #entries(count: number, depth: number): [string, Plain][] {
    const entries: [string, Plain][] = []
    for (let i = 0; i < count; i += 1) entries.push([keyText(this.value(depth)), this.value(depth)])
    return entries
  }

  #integer({ size, content, value }: Header): string {
    if (size === 0) return String(value)
    if (size === 8)
      return String(value === 1 ? this.#bytes.readBigInt64BE(content) : this.#bytes.readBigUInt64BE(content))
    return String(value === 1 ? this.#bytes.readIntBE(content, size) : this.#bytes.readUIntBE(content, size))
  }

  #float({ size, content }: Header): number {
    return size === 4 ? this.#bytes.readFloatBE(content) : this.#bytes.readDoubleBE(content)
  }

  #extension(size: number): Header {
    const type = this.#unsigned(1)
    return this.#made('extension', size, type)
  }

  #made(type: Header['type'], size: number, value = 0): Header {
    const isContainer = type === 'array' || type === 'map'
    // An element has a byte at least, a pair two.
    const least = type === 'map' ? 2 * size : size
    if (least > this.#bytes.length - this.at) throw new UnreadableError('a value goes beyond the end')
    const content = this.at
    if (!isContainer) this.at += size
    return { type, size, content, value }
  }

  #unsigned(width: number): number {
    if (this.at + width > this.#bytes.length) throw new UnreadableError('a value is cut off')
    const value = this.#bytes.readUIntBE(this.at, width)
    this.at += width
    return value
  }
}

/** A key as a text; of a map or array what is in it, a line each. */
function keyText(key: Plain): string {
  switch (key.kind) {
    case 'nothing':
      return 'nil'
    case 'array':
      return key.items.map(keyText).join('\n')
    case 'map':
      return key.entries.map(([name, value]) => `${name}\n${keyText(value)}`).join('\n')
    default:
      return key.bytes.toString('utf8')
  }
}

function deeper(depth: number): number {
  if (depth >= MOST_DEPTH) throw new UnreadableError('a record that is too deep')
  return depth + 1
}
