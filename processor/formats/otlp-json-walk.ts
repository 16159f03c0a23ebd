import type { PathNode, PathRoot } from '../../rules/path-trie.ts'
import { NODE } from '../../rules/plan.ts'
import { FieldsealError } from '../errors.ts'
import { type Batch, KIND, OWNER_KIND, type Owner } from './batch.ts'
import { CHAR, JsonScanner } from './json-scanner.ts'
import { decodeEscapes } from './json-string.ts'
import { fieldName } from './otlp-json-name.ts'

const CONTAINER_FLAGS = NODE.WHOLE | NODE.KEY | NODE.SEALED_LIST
/** The second name is that of a field which is reserved today, and which the OpenTelemetry Collector reads still. */
const SCOPE_LOGS: ReadonlySet<string> = new Set(['scopeLogs', 'deprecatedScopeLogs'])
const INTEGER = /^-?\d{1,20}$/
const REAL = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/
const NULL_START = 0x6e
const PADDING = 0x3d
const BASE64 = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_'))
/** Fields without text of anybody's: they are read by their names alone, and looked at where they look otherwise. */
const PLAIN_FIELDS: ReadonlyMap<string, RegExp> = new Map([
  ['timeUnixNano', /^"?\d{0,20}"?$/],
  ['observedTimeUnixNano', /^"?\d{0,20}"?$/],
  ['droppedAttributesCount', /^"?\d{0,10}"?$/],
  ['flags', /^"?\d{0,10}"?$/],
  ['traceId', /^"(?:[0-9A-Fa-f]{32})?"$/],
  ['spanId', /^"(?:[0-9A-Fa-f]{16})?"$/],
])
const LONGEST_PLAIN = 34
const NUMERIC_KINDS = { boolValue: KIND.BOOLEAN, intValue: KIND.NUMBER, doubleValue: KIND.REAL } as const

/** Base64 in either alphabet (RFC 4648 sections 4 and 5), padded or not: protobuf's JSON mapping takes all of it. */
function isBase64(bytes: Uint8Array, start: number, end: number): boolean {
  let last = end
  while (last > start && end - last < 2 && bytes[last - 1] === PADDING) last -= 1
  for (let position = start; position < last; position += 1) {
    if (!BASE64.has(bytes[position]!)) return false
  }
  return (last - start) % 4 !== 1
}

/** Walks over an ExportLogsServiceRequest in OTLP's JSON encoding. A row's token is the object of its AnyValue. */
export class OtlpJsonWalk {
  readonly #batch: Batch
  readonly #scanner: JsonScanner
  readonly #unknownField: PathNode
  #resourceOwner = -1
  #scopeOwner = -1

  constructor(batch: Batch) {
    this.#batch = batch
    // Each level of a value takes up to four levels of JSON.
    this.#scanner = new JsonScanner(batch.bytes, batch.length, batch.limits.depth * 4 + 16)
    this.#unknownField = batch.trie.root('unknown')
  }

  request(): void {
    const scanner = this.#scanner
    const start = scanner.skipSpace(0)
    const owner = this.#newOwner(OWNER_KIND.RESOURCE)
    const end = this.#object(start, owner, (name, value) =>
      name === 'resourceLogs' ? this.#list(value, (item) => this.#resourceLogs(item)) : undefined,
    )
    this.#batch.forgetOwner(owner, 0)
    if (scanner.skipSpace(end) !== scanner.end) throw scanner.malformed('something follows the request', end)
  }

  /**
   * Goes through an object; `visit` gives a value's end, or undefined for one that is not known.
   *
   * @param owner - of what is not known.
   */
  #object(
    start: number,
    owner: number,
    visit: (name: string, value: number, entry: number) => number | undefined,
  ): number {
    const scanner = this.#scanner
    scanner.expect(CHAR.OPEN_BRACE, start, 'an object')
    return scanner.members(start, 0, (keyStart, keyEnd, value) => {
      const name = fieldName(this.#text(keyStart, keyEnd, scanner.escaped))
      return visit(name, value, keyStart - 1) ?? this.#unknown(name, keyStart, keyEnd, value, owner)
    })
  }

  /** A member that is none of what is looked at otherwise: its texts and keys are looked at by the leak scan alone. */
  #unknown(name: string, keyStart: number, keyEnd: number, value: number, owner: number): number {
    const scanner = this.#scanner
    if (this.#unknownField.flags === 0) return scanner.skipValue(value, 1)
    const form = PLAIN_FIELDS.get(name)
    if (form === undefined) {
      this.#unknownText(KIND.ESCAPED, keyStart, keyEnd, owner)
      return this.#unknownValue(value, owner, 1)
    }
    const end = scanner.skipValue(value, 1)
    const isPlain = end - value <= LONGEST_PLAIN && form.test(this.#batch.bytes.toString('latin1', value, end))
    return isPlain ? end : this.#unknownValue(value, owner, 1)
  }

  #unknownText(kind: number, start: number, end: number, owner: number): void {
    this.#batch.add(kind, start, end, this.#unknownField, owner, start, start)
  }

  #unknownValue(start: number, owner: number, depth: number): number {
    const scanner = this.#scanner
    const byte = scanner.peek(start)
    if (byte === CHAR.OPEN_BRACKET)
      return scanner.elements(start, depth, (item) => this.#unknownValue(item, owner, depth + 1))
    if (byte === CHAR.OPEN_BRACE)
      return scanner.members(start, depth, (keyStart, keyEnd, value) => {
        this.#unknownText(KIND.ESCAPED, keyStart, keyEnd, owner)
        return this.#unknownValue(value, owner, depth + 1)
      })
    const end = scanner.skipValue(start, depth)
    if (byte === CHAR.QUOTE) this.#unknownText(KIND.ESCAPED, start + 1, end - 1, owner)
    else if (byte < 0x61) this.#unknownText(KIND.NUMBER, start, end, owner)
    return end
  }

  #text(start: number, end: number, escaped: boolean): string {
    if (!escaped) return this.#batch.bytes.toString('utf8', start, end)
    const target = Buffer.alloc(end - start)
    return target.toString('utf8', 0, decodeEscapes(this.#batch.bytes, start, end, target, 0))
  }

  /** An array; protobuf's JSON mapping takes null for an empty one. */
  #list(start: number, visit: (item: number) => number): number {
    const scanner = this.#scanner
    if (scanner.peek(start) === NULL_START) return scanner.scanLiteral(start)
    scanner.expect(CHAR.OPEN_BRACKET, start, 'an array')
    return scanner.elements(start, 0, visit)
  }

  #isNull(start: number): boolean {
    return this.#scanner.peek(start) === NULL_START
  }

  #resourceLogs(start: number): number {
    const rows = this.#batch.count
    const owner = this.#newOwner(OWNER_KIND.RESOURCE)
    this.#resourceOwner = owner
    const place = this.#batch.owners[owner]!
    place.placeStart = start
    const end = this.#object(start, owner, (name, value, entry) => {
      if (name === 'resource' && !this.#isNull(value))
        return this.#attributed(this.#resourceOwner, value, 'resource', () => undefined)
      if (name === 'schemaUrl') return this.#field('resource.schema_url', value, owner, entry)
      return SCOPE_LOGS.has(name) ? this.#list(value, (item) => this.#scopeLogs(item)) : undefined
    })
    place.placeEnd = end
    this.#batch.forgetOwner(owner, rows)
    return end
  }

  #scopeLogs(start: number): number {
    const rows = this.#batch.count
    const owner = this.#newOwner(OWNER_KIND.SCOPE)
    this.#scopeOwner = owner
    const place = this.#batch.owners[owner]!
    place.placeStart = start
    const end = this.#object(start, owner, (name, value, entry) => {
      if (name === 'logRecords') return this.#list(value, (item) => this.#logRecord(item))
      if (name === 'schemaUrl') return this.#field('scope.schema_url', value, owner, entry)
      if (name !== 'scope' || this.#isNull(value)) return undefined
      return this.#attributed(this.#scopeOwner, value, 'scope', (field, at, entry) => {
        if (field === 'name') return this.#field('scope.name', at, this.#scopeOwner, entry)
        return field === 'version' ? this.#field('scope.version', at, this.#scopeOwner, entry) : undefined
      })
    })
    place.placeEnd = end
    this.#batch.forgetOwner(owner, rows)
    return end
  }

  #logRecord(start: number): number {
    const batch = this.#batch
    this.#scanner.record = batch.records
    const rows = batch.count
    if (batch.hasRows) {
      // In the second walk the record is known to be sound; whether it matters can be told once its end is known.
      const end = this.#scanner.skipValue(start, 0)
      if (!batch.wantsRecord(start, end)) {
        batch.records += 1
        return end
      }
    }
    const owner = this.#newOwner(OWNER_KIND.RECORD)
    const place = batch.owners[owner]!
    place.placeStart = start
    const end = this.#attributed(owner, start, 'attributes', (name, value, entry) => {
      if (name === 'body') return this.#anyValue(value, batch.trie.root('body'), owner, entry, 0)
      if (name === 'severityNumber' || name === 'severityText') return this.#field('severity', value, owner, entry)
      return name === 'eventName' ? this.#field('event_name', value, owner, entry) : undefined
    })
    place.placeEnd = end
    if (end - start > batch.limits.record) {
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the record is over limits.record', {
        record: batch.records,
        offset: start,
      })
    }
    batch.forgetOwner(owner, rows)
    batch.records += 1
    return end
  }

  /** A field that is read and never altered. */
  #field(root: PathRoot, start: number, owner: number, entry: number): number {
    const node = this.#batch.trie.root(root)
    if (node.flags === 0 || this.#isNull(start)) return this.#scanner.skipValue(start, 1)
    return this.#scalar(start, node, owner, start, entry)
  }

  #newOwner(kind: 0 | 1 | 2): number {
    const isRecord = kind === OWNER_KIND.RECORD
    const owner: Owner = {
      kind,
      record: this.#batch.records,
      resource: kind === OWNER_KIND.RESOURCE ? -1 : this.#resourceOwner,
      scope: isRecord ? this.#scopeOwner : -1,
      start: -1,
      end: -1,
      sealedList: -1,
      attributesStart: -1,
      attributesEnd: -1,
      placeStart: -1,
      placeEnd: -1,
    }
    return this.#batch.owners.push(owner) - 1
  }

  /** An object that has attributes. */
  #attributed(
    index: number,
    start: number,
    root: 'attributes' | 'resource' | 'scope',
    visit: (name: string, value: number, entry: number) => number | undefined,
  ): number {
    const owner = this.#batch.owners[index]!
    const node = this.#batch.trie.root(root)
    let previous: PathNode | undefined
    owner.start = start
    owner.end = this.#object(start, index, (name, value, entry) => {
      if (name !== 'attributes') return visit(name, value, entry)
      if (owner.attributesStart >= 0) throw this.#scanner.malformed('attributes are there twice', entry)
      owner.attributesStart = value
      owner.attributesEnd = this.#list(value, (item) => {
        const read = this.#keyValue(item, node, previous, index, 0)
        previous = read.node
        return read.end
      })
      return owner.attributesEnd
    })
    return owner.end
  }

  /** `{"key": …, "value": …}`, in any order. */
  #keyValue(
    start: number,
    parent: PathNode,
    previous: PathNode | undefined,
    owner: number,
    depth: number,
  ): { readonly node: PathNode; readonly end: number } {
    const scanner = this.#scanner
    let node: PathNode | undefined
    let pending = -1
    let values = 0
    const end = this.#object(start, owner, (name, value) => {
      if (name === 'key') {
        if (node !== undefined) throw scanner.malformed('a key is there twice', value)
        const keyStart = scanner.expect(CHAR.QUOTE, value, 'a string')
        const keyEnd = scanner.scanString(keyStart)
        node = this.#child(parent, previous, keyStart, keyEnd)
        return keyEnd + 1
      }
      if (name !== 'value') return undefined
      values += 1
      if (values > 1) throw scanner.malformed('a value is there twice', value)
      if (node !== undefined) return this.#anyValue(value, node, owner, start, depth)
      pending = value
      return scanner.skipValue(value, 1)
    })
    node ??= this.#child(parent, previous, start, start)
    if (pending >= 0) this.#anyValue(pending, node, owner, start, depth)
    if (values === 0 && (node.flags & NODE.KEY) !== 0)
      this.#batch.add(KIND.NULL, start, start, node, owner, start, start)
    return { node, end }
  }

  #child(parent: PathNode, previous: PathNode | undefined, keyStart: number, keyEnd: number): PathNode {
    const { bytes, trie, view } = this.#batch
    if (keyEnd === keyStart || !this.#scanner.escaped) return trie.child(parent, previous, view, keyStart, keyEnd)
    const target = new Uint8Array(keyEnd - keyStart)
    const length = decodeEscapes(bytes, keyStart, keyEnd, target, 0)
    return trie.child(parent, previous, new DataView(target.buffer), 0, length)
  }

  #anyValue(start: number, node: PathNode, owner: number, entry: number, depth: number): number {
    const scanner = this.#scanner
    if (this.#isNull(start)) {
      if ((node.flags & NODE.KEY) !== 0) this.#batch.add(KIND.NULL, start, start, node, owner, start, entry)
      return scanner.scanLiteral(start)
    }
    let seen = 0
    let isKnown = true
    const end = this.#object(start, owner, (name, value) => {
      if (!name.endsWith('Value') || this.#isNull(value)) return undefined
      seen += 1
      if (seen > 1) throw scanner.malformed('a value has two types', value)
      switch (name) {
        case 'stringValue':
          scanner.expect(CHAR.QUOTE, value, 'a string')
          return this.#scalar(value, node, owner, start, entry)
        case 'boolValue':
        case 'intValue':
        case 'doubleValue':
          return this.#scalar(value, node, owner, start, entry, NUMERIC_KINDS[name])
        case 'bytesValue':
          scanner.expect(CHAR.QUOTE, value, 'a string')
          return this.#scalar(value, node, owner, start, entry, KIND.BASE64)
        case 'arrayValue':
        case 'kvlistValue':
          return this.#container(name === 'kvlistValue', value, node, owner, start, entry, depth)
        default:
          isKnown = false
          return undefined
      }
    })
    if ((seen === 0 || !isKnown) && (node.flags & NODE.KEY) !== 0)
      this.#batch.add(KIND.NULL, start, end, node, owner, start, entry)
    return end
  }

  /** A string, number or boolean; `kind` for what stands in a string and is none. */
  #scalar(start: number, node: PathNode, owner: number, token: number, entry: number, kind?: number): number {
    const scanner = this.#scanner
    if (scanner.peek(start) === CHAR.QUOTE) {
      const end = scanner.scanString(start + 1)
      if (kind === KIND.BOOLEAN || (kind !== undefined && scanner.escaped))
        throw scanner.malformed('a string that stands for no such value', start)
      const form = kind === KIND.NUMBER ? INTEGER : kind === KIND.REAL ? REAL : undefined
      if (form !== undefined && !form.test(this.#batch.bytes.toString('latin1', start + 1, end))) {
        throw scanner.malformed('a number in a string is none', start)
      }
      // What is no base64 would be neither seen by a detector nor come back as it was.
      if (kind === KIND.BASE64 && !isBase64(this.#batch.bytes, start + 1, end))
        throw scanner.malformed('bytes that are no base64', start)
      if (node.flags !== 0)
        this.#batch.add(kind ?? (scanner.escaped ? KIND.ESCAPED : KIND.TEXT), start + 1, end, node, owner, token, entry)
      return end + 1
    }
    const isLiteral = scanner.peek(start) >= 0x61
    if (isLiteral !== (kind === KIND.BOOLEAN)) throw scanner.malformed('a value of another type', start)
    const end = isLiteral ? scanner.scanLiteral(start) : scanner.scanNumber(start)
    if (node.flags !== 0)
      this.#batch.add(isLiteral ? KIND.BOOLEAN : (kind ?? KIND.NUMBER), start, end, node, owner, token, entry)
    return end
  }

  #container(
    isMap: boolean,
    start: number,
    node: PathNode,
    owner: number,
    token: number,
    entry: number,
    depth: number,
  ): number {
    const batch = this.#batch
    const scanner = this.#scanner
    if (depth >= batch.limits.depth) {
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', 'the record is nested deeper than limits.depth', {
        record: batch.records,
        offset: start,
      })
    }
    const row =
      (node.flags & CONTAINER_FLAGS) === 0
        ? -1
        : batch.add(isMap ? KIND.MAP : KIND.ARRAY, token, token, node, owner, token, entry)
    if (row >= 0 && !isMap && (node.flags & NODE.SEALED_LIST) !== 0) batch.owners[owner]!.sealedList = row
    const element = isMap ? undefined : batch.trie.element(node)
    let previous: PathNode | undefined
    let valuesSeen = false
    const end = this.#object(start, owner, (name, value) => {
      if (name !== 'values') return undefined
      if (valuesSeen) throw scanner.malformed('values are there twice', value)
      valuesSeen = true
      return this.#list(value, (item) => {
        if (element !== undefined) return this.#anyValue(item, element, owner, item, depth + 1)
        const read = this.#keyValue(item, node, previous, owner, depth + 1)
        previous = read.node
        return read.end
      })
    })
    if (row >= 0) batch.closeContainer(row, scanner.skipValue(token, 0))
    return end
  }
}
