import { Buffer } from 'node:buffer'
import type { Entry, LogRequest, Value } from './log-request.ts'
import type { Random } from './random.ts'

/**
 * Protobuf as a tree of fields that can be changed and written, whether or not what comes out is valid. It is written
 * from the encoding guide alone, and shares nothing with the code under test.
 */
export interface Field {
  number: number
  /** Wire type. */
  wire: number
  content: Field[] | Uint8Array | bigint
  /** Bytes that the written length is off by. */
  lengthError?: number
  /** Bytes more than needed for the tag. */
  longTag?: number
}

const message = (number: number, content: Field[]): Field => ({ number, wire: 2, content })
const bytes = (number: number, content: Uint8Array): Field => ({ number, wire: 2, content })
const string = (number: number, text: string): Field => bytes(number, Buffer.from(text))
const varint = (number: number, content: bigint): Field => ({ number, wire: 0, content })

function double(number: number, value: number): Field {
  const content = Buffer.alloc(8)
  content.writeDoubleLE(value)
  return { number, wire: 1, content }
}

function anyValue(value: Value): Field[] {
  switch (value.type) {
    case 'string':
      return [string(1, value.text)]
    case 'bool':
      return [varint(2, value.value ? 1n : 0n)]
    case 'int':
      return [varint(3, value.value)]
    case 'double':
      return [double(4, value.value)]
    case 'array':
      return [
        message(
          5,
          value.items.map((item) => message(1, anyValue(item))),
        ),
      ]
    case 'map':
      return [
        message(
          6,
          value.entries.map((entry) => message(1, keyValue(entry))),
        ),
      ]
    case 'bytes':
      return [bytes(7, value.bytes)]
    case 'empty':
      return []
  }
}

function keyValue({ key, value }: Entry): Field[] {
  return [string(1, key), message(2, anyValue(value))]
}

export function protobufTree({ resources }: LogRequest): Field[] {
  return resources.map((resource) =>
    message(1, [
      message(
        1,
        resource.attributes.map((entry) => message(1, keyValue(entry))),
      ),
      ...resource.scopes.map((scope) =>
        message(2, [
          message(1, [string(1, scope.name), ...scope.attributes.map((entry) => message(3, keyValue(entry)))]),
          ...scope.records.map((record) =>
            message(2, [
              varint(2, BigInt(record.severity)),
              message(5, anyValue(record.body)),
              ...record.attributes.map((entry) => message(6, keyValue(entry))),
            ]),
          ),
        ]),
      ),
    ]),
  )
}

function writeVarint(value: bigint, extra = 0): number[] {
  const out: number[] = []
  let rest = BigInt.asUintN(64, value)
  do {
    out.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  } while (rest > 0n)
  for (let i = 0; i < extra; i += 1) out.push(0x80)
  out[out.length - 1]! &= 0x7f
  return out
}

export function writeProtobuf(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.map(({ number, wire, content, lengthError = 0, longTag }) => {
      const tag = Buffer.from(writeVarint(BigInt(number * 8 + wire), longTag))
      if (typeof content === 'bigint') return Buffer.concat([tag, Buffer.from(writeVarint(content))])
      const inner = Array.isArray(content) ? writeProtobuf(content) : content
      if (wire !== 2) return Buffer.concat([tag, inner])
      return Buffer.concat([tag, Buffer.from(writeVarint(BigInt(Math.max(0, inner.length + lengthError)))), inner])
    }),
  )
}

/** All lists of fields in the tree, itself included. */
function lists(fields: Field[]): Field[][] {
  return [fields, ...fields.flatMap(({ content }) => (Array.isArray(content) ? lists(content) : []))]
}

const UNKNOWN: readonly (() => Field)[] = [
  () => varint(99, 300n),
  () => string(15, 'unknown'),
  () => ({ number: 60, wire: 5, content: Buffer.from([1, 2, 3, 4]) }),
  () => ({ number: 61, wire: 1, content: Buffer.alloc(8) }),
  // A group: start, a field inside, end.
  () => ({
    number: 62,
    wire: 3,
    content: Buffer.concat([Buffer.from([0x08, 0x01]), Buffer.from(writeVarint(62n * 8n + 4n))]),
  }),
]

/** Changes one place of the tree. With `valid`, what comes out is still a request by the rules of protobuf. */
export function mutateProtobuf(random: Random, fields: Field[], other: readonly Field[], valid: boolean): void {
  const list = random.pick(lists(fields))
  const at = random.below(list.length + 1)
  const field = list[at]
  const choice = random.below(valid ? 5 : 11)
  if (choice === 0) {
    list.splice(at, 0, random.pick(UNKNOWN)())
    return
  }
  if (field === undefined) return
  const with_ = random.below(list.length)
  switch (choice) {
    case 1:
      list[at] = list[with_]!
      list[with_] = field
      break
    case 2:
      list.splice(at, 1)
      break
    case 3:
      field.longTag = 1 + random.below(2)
      break
    case 4:
      list.splice(with_, 0, structuredClone(field))
      break
    case 5:
      field.number = random.below(13)
      break
    case 6:
      field.wire = random.below(8)
      break
    case 7:
      field.lengthError = random.pick([-1, 1, -5, 100, 2 ** 31, 2 ** 40])
      break
    case 8:
      list.splice(at, 1, ...structuredClone(random.pick(lists(other as Field[]))).slice(0, 3))
      break
    case 9:
      if (typeof field.content === 'bigint') field.content = BigInt(random.seed()) << 31n
      else if (!Array.isArray(field.content)) field.content = Buffer.from([0xc3, 0x28, ...field.content])
      break
    default:
      field.content = random.oneIn(2) ? [structuredClone(field)] : Buffer.from([random.below(256), random.below(256)])
  }
}
