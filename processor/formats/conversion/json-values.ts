import { CHAR, type JsonScanner } from '../json-scanner.ts'
import { decodeEscapes, hasLoneSurrogate } from '../json-string.ts'
import { TAG } from '../otlp-schema.ts'
import { AnyValues } from './any-values.ts'
import type { LossCount } from './losses.ts'
import { asBuffer, type ProtobufWriter } from './protobuf-writer.ts'

const NULL_START = 0x6e
const TRUE_START = 0x74
const INTEGER = /^-?\d+$/
/** Characters of the longest integer of 64 bits. Of longer ones the value is not worked out: that takes their square. */
const LONGEST_INTEGER = 20
/** Significant digits that every double keeps (IEEE 754, `DBL_DIG`). */
const SURE_DIGITS = 15

/** Writes JSON values as the content of AnyValues. */
export class JsonValues extends AnyValues {
  readonly scanner: JsonScanner
  readonly #losses: LossCount
  #scratch = Buffer.alloc(256)

  constructor(scanner: JsonScanner, writer: ProtobufWriter, losses: LossCount) {
    super(writer)
    this.scanner = scanner
    this.#losses = losses
  }

  /** The inside of a string that was scanned last, without its escapes; valid until the next one is asked for. */
  text(start: number, end: number): Buffer {
    const bytes = this.scanner.bytes as Buffer
    if (!this.scanner.escaped) return bytes.subarray(start, end)
    if (hasLoneSurrogate(bytes, start, end)) this.#losses.add('text_replaced')
    if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc(end - start)
    return this.#scratch.subarray(0, decodeEscapes(bytes, start, end, this.#scratch, 0))
  }

  protected override value(start: number, depth: number): number {
    const { scanner } = this
    const writer = this.writer
    const byte = scanner.peek(start)
    if (byte === CHAR.QUOTE) {
      const end = scanner.scanString(start + 1)
      writer.text(TAG.ANY_STRING, this.text(start + 1, end))
      return end + 1
    }
    if (byte === CHAR.OPEN_BRACE) {
      const map = writer.open(TAG.ANY_MAP)
      const end = scanner.members(start, depth, (keyStart, keyEnd, value) =>
        this.entry(TAG.VALUES, this.text(keyStart, keyEnd), value, depth + 1),
      )
      writer.close(map)
      return end
    }
    if (byte === CHAR.OPEN_BRACKET) {
      const array = writer.open(TAG.ANY_ARRAY)
      const end = scanner.elements(start, depth, (value) => this.field(TAG.VALUES, value, depth + 1))
      writer.close(array)
      return end
    }
    if (byte < 0x61) {
      const end = scanner.scanNumber(start)
      this.#number(asBuffer(scanner.bytes).toString('latin1', start, end))
      return end
    }
    const end = scanner.scanLiteral(start)
    if (byte !== NULL_START) writer.varint(TAG.ANY_BOOL, byte === TRUE_START ? 1 : 0)
    return end
  }

  /** An integer of 64 bits, a double that is the same number, or the digits as a text. */
  #number(text: string): void {
    const writer = this.writer
    if (INTEGER.test(text) && text !== '-0') {
      const value = text.length <= LONGEST_INTEGER ? BigInt(text) : undefined
      if (value !== undefined && value === BigInt.asIntN(64, value)) {
        writer.int64(TAG.ANY_INT, value)
        return
      }
    } else if (isExact(text)) {
      writer.double(TAG.ANY_DOUBLE, Number(text))
      return
    }
    this.#losses.add('number_as_text')
    writer.text(TAG.ANY_STRING, Buffer.from(text, 'latin1'))
  }
}

/** Whether a double written anew has the digits of the text, leading and trailing zeros apart. */
function isExact(text: string): boolean {
  const value = Number(text)
  if (!Number.isFinite(value)) return false
  const digits = digitsOf(text)
  if (value === 0) return digits === ''
  return digits.length <= SURE_DIGITS || digitsOf(String(value)) === digits
}

function digitsOf(text: string): string {
  const [mantissa = ''] = text.toLowerCase().split('e')
  return mantissa.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '')
}
