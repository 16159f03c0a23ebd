import type { PathNode } from '../../rules/path-trie.ts'
import { NODE } from '../../rules/plan.ts'
import { FieldsealError } from '../errors.ts'
import { type Batch, KIND, OWNER_KIND } from './batch.ts'
import { TAG } from './otlp-schema.ts'
import { forEachText } from './protobuf-unknown.ts'
import { malformed, WIRE, WireReader } from './protobuf-wire.ts'

const NO_PLACE = { placeStart: -1, placeEnd: -1 }

/** A container gets a row of its own only where something may be done with it as a whole. */
const CONTAINER_FLAGS = NODE.WHOLE | NODE.KEY | NODE.SEALED_LIST

/**
 * Walks over an ExportLogsServiceRequest. Nothing is decoded: a value is a range of bytes and a path node.
 *
 * Fields may come in any order and more than once; where proto3 would let the last one win, each of them is reported,
 * since a reader of the bytes sees each of them.
 */
export class OtlpProtobufWalk {
  readonly #batch: Batch
  readonly #bytes: Buffer
  readonly #wire: WireReader
  readonly #addsRows: boolean
  readonly #skipsSmallNumbers: boolean
  readonly #body: PathNode
  readonly #attributes: PathNode
  readonly #resource: PathNode
  readonly #scope: PathNode
  readonly #severity: PathNode
  readonly #eventName: PathNode
  readonly #scopeName: PathNode
  readonly #scopeVersion: PathNode
  readonly #resourceSchema: PathNode
  readonly #scopeSchema: PathNode
  readonly #unknown: PathNode
  /** Owners are made when the first row needs them: empty messages cost nothing. */
  #resourceOwner = -1
  #scopeOwner = -1
  #owner = -1
  #ownerKind: 0 | 1 | 2 = OWNER_KIND.RECORD
  /** By kind of owner: what has to go where it must not be sent. */
  readonly #places = [NO_PLACE, NO_PLACE, NO_PLACE]
  #ownerStart = 0
  #ownerEnd = 0

  constructor(batch: Batch) {
    this.#batch = batch
    this.#bytes = batch.bytes
    this.#wire = new WireReader(batch.bytes)
    this.#addsRows = batch.hasRows
    this.#skipsSmallNumbers = batch.skipsSmallNumbers
    const { trie } = batch
    this.#body = trie.root('body')
    this.#attributes = trie.root('attributes')
    this.#resource = trie.root('resource')
    this.#scope = trie.root('scope')
    this.#severity = trie.root('severity')
    this.#eventName = trie.root('event_name')
    this.#scopeName = trie.root('scope.name')
    this.#scopeVersion = trie.root('scope.version')
    this.#resourceSchema = trie.root('resource.schema_url')
    this.#scopeSchema = trie.root('scope.schema_url')
    this.#unknown = trie.root('unknown')
  }

  request(): void {
    const wire = this.#wire
    const end = this.#batch.length
    let position = 0
    while (position < end) {
      const tag = wire.varint31(position, end)
      if (tag === TAG.REQUEST_RESOURCE_LOGS) {
        const length = wire.length(wire.at, end)
        const start = wire.at
        const placeStart = position
        position = start + length
        if (this.#addsRows) this.#places[OWNER_KIND.RESOURCE] = { placeStart, placeEnd: position }
        this.#resourceLogs(start, position)
      } else {
        position = this.#skip(tag, wire.at, end)
      }
    }
  }

  #resourceLogs(start: number, end: number): void {
    const wire = this.#wire
    this.#resourceOwner = -1
    let position = start
    while (position < end) {
      const tag = wire.varint31(position, end)
      if (tag === TAG.RESOURCE_LOGS_RESOURCE) {
        const length = wire.length(wire.at, end)
        const from = wire.at
        position = from + length
        this.#resourceMessage(from, position)
      } else if (tag === TAG.RESOURCE_LOGS_SCOPE_LOGS || tag === TAG.RESOURCE_LOGS_DEPRECATED_SCOPE_LOGS) {
        const length = wire.length(wire.at, end)
        const from = wire.at
        const placeStart = position
        position = from + length
        if (this.#addsRows) this.#places[OWNER_KIND.SCOPE] = { placeStart, placeEnd: position }
        this.#scopeLogs(from, position)
      } else if (tag === TAG.RESOURCE_LOGS_SCHEMA_URL && this.#resourceSchema.flags !== 0) {
        if (this.#addsRows && this.#resourceOwner < 0)
          this.#resourceOwner = this.#newOwner(OWNER_KIND.RESOURCE, -1, -1, false)
        position = this.#schemaUrl(this.#resourceSchema, this.#resourceOwner, position, end)
      } else {
        position = this.#skip(tag, wire.at, end)
      }
    }
  }

  #resourceMessage(start: number, end: number): void {
    this.#enter(OWNER_KIND.RESOURCE, this.#resourceOwner, start, end)
    this.#attributeFields(TAG.RESOURCE_ATTRIBUTES, this.#resource, start, end)
    this.#resourceOwner = this.#owner
  }

  #scopeLogs(start: number, end: number): void {
    const wire = this.#wire
    this.#scopeOwner = -1
    let position = start
    while (position < end) {
      const tag = wire.varint31(position, end)
      if (tag === TAG.SCOPE_LOGS_LOG_RECORDS) {
        const length = wire.length(wire.at, end)
        const from = wire.at
        const placeStart = position
        position = from + length
        if (this.#addsRows) this.#places[OWNER_KIND.RECORD] = { placeStart, placeEnd: position }
        this.#logRecord(from, position)
      } else if (tag === TAG.SCOPE_LOGS_SCOPE) {
        const length = wire.length(wire.at, end)
        const from = wire.at
        position = from + length
        this.#scopeMessage(from, position)
      } else if (tag === TAG.SCOPE_LOGS_SCHEMA_URL && this.#scopeSchema.flags !== 0) {
        if (this.#addsRows && this.#scopeOwner < 0) this.#scopeOwner = this.#newOwner(OWNER_KIND.SCOPE, -1, -1, false)
        position = this.#schemaUrl(this.#scopeSchema, this.#scopeOwner, position, end)
      } else {
        position = this.#skip(tag, wire.at, end)
      }
    }
  }

  #scopeMessage(start: number, end: number): void {
    this.#enter(OWNER_KIND.SCOPE, this.#scopeOwner, start, end)
    const wire = this.#wire
    let position = start
    while (position < end) {
      const tag = wire.varint31(position, end)
      const node = tag === TAG.SCOPE_NAME ? this.#scopeName : tag === TAG.SCOPE_VERSION ? this.#scopeVersion : undefined
      if (node !== undefined && node.flags !== 0) {
        const length = wire.length(wire.at, end)
        this.#batch.add(KIND.TEXT, wire.at, wire.at + length, node, this.#owned(), wire.at, position)
        position = wire.at + length
      } else if (node !== undefined || tag === TAG.SCOPE_ATTRIBUTES) {
        position = wire.skip(tag, wire.at, end)
      } else {
        position = this.#skip(tag, wire.at, end)
      }
    }
    this.#attributeFields(TAG.SCOPE_ATTRIBUTES, this.#scope, start, end)
    this.#scopeOwner = this.#owner
  }

  /** The attributes of a resource or scope. */
  #attributeFields(wanted: number, root: PathNode, start: number, end: number): void {
    const wire = this.#wire
    let previous: PathNode | undefined
    let position = start
    while (position < end) {
      const tag = wire.varint31(position, end)
      if (tag === wanted) {
        const length = wire.length(wire.at, end)
        const from = wire.at
        previous = this.#keyValue(from, from + length, root, previous, position, 0)
        position = from + length
      } else if (wanted === TAG.RESOURCE_ATTRIBUTES) {
        position = this.#skip(tag, wire.at, end)
      } else {
        // The other fields of a scope have been looked at.
        position = wire.skip(tag, wire.at, end)
      }
    }
  }

  #logRecord(start: number, end: number): void {
    const batch = this.#batch
    const wire = this.#wire
    const bytes = this.#bytes
    wire.record = batch.records
    if (end - start > batch.limits.record) {
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the record is over limits.record', {
        record: batch.records,
        offset: start,
      })
    }
    if (!batch.wantsRecord(start, end)) {
      batch.records += 1
      return
    }
    this.#enter(OWNER_KIND.RECORD, -1, start, end)
    let previous: PathNode | undefined
    let position = start
    while (position < end) {
      const field = position
      // Nearly all tags and lengths are one byte; the reader's own loop takes the others.
      let tag = bytes[position]!
      if (tag < 0x80) {
        position += 1
      } else {
        tag = wire.varint31(position, end)
        position = wire.at
      }
      switch (tag) {
        case TAG.RECORD_ATTRIBUTES: {
          let length = position < end ? bytes[position]! : 0x80
          if (length < 0x80 && length < end - position) {
            position += 1
          } else {
            length = wire.length(position, end)
            position = wire.at
          }
          const from = position
          position = from + length
          previous = this.#keyValue(from, position, this.#attributes, previous, field, 0)
          break
        }
        case TAG.RECORD_BODY: {
          const length = wire.length(position, end)
          const from = wire.at
          position = from + length
          this.#anyValue(from, position, this.#body, field, 0)
          break
        }
        case TAG.RECORD_SEVERITY_NUMBER: {
          const stop = position < end && bytes[position]! < 0x80 ? position + 1 : wire.skipVarint(position, end)
          if (this.#severity.flags !== 0)
            batch.add(KIND.VARINT, position, stop, this.#severity, this.#owned(), position, field)
          position = stop
          break
        }
        // What every record has and no rule looks at.
        case TAG.RECORD_TIME:
        case TAG.RECORD_OBSERVED_TIME:
          position += 8
          break
        case TAG.RECORD_FLAGS:
          position += 4
          break
        case TAG.RECORD_TRACE_ID:
        case TAG.RECORD_SPAN_ID:
          if (position < end && bytes[position]! < 0x80) position += 1 + bytes[position]!
          else position = wire.skip(tag, position, end)
          break
        case TAG.RECORD_SEVERITY_TEXT:
        case TAG.RECORD_EVENT_NAME: {
          const node = tag === TAG.RECORD_EVENT_NAME ? this.#eventName : this.#severity
          const length = wire.length(position, end)
          const from = wire.at
          position = from + length
          if (node.flags !== 0) batch.add(KIND.TEXT, from, position, node, this.#owned(), from, field)
          break
        }
        default:
          position = this.#skip(tag, position, end)
      }
      if (position > end) throw malformed('a field is cut off', field, wire.record)
    }
    batch.records += 1
  }

  /** A KeyValue; returns its path node, the next sibling's `previous`. */
  #keyValue(
    start: number,
    end: number,
    parent: PathNode,
    previous: PathNode | undefined,
    entry: number,
    depth: number,
  ): PathNode {
    const { trie } = this.#batch
    const bytes = this.#bytes
    // The usual form: the key, then the value, each with a length of one byte, and nothing else.
    if (start + 1 < end && bytes[start] === TAG.KEY && bytes[start + 1]! < 0x80) {
      const keyStart = start + 2
      const keyEnd = keyStart + bytes[start + 1]!
      const from = keyEnd + 2
      if (
        from <= end &&
        bytes[keyEnd] === TAG.VALUE &&
        bytes[keyEnd + 1]! < 0x80 &&
        from + bytes[keyEnd + 1]! === end
      ) {
        const node = trie.child(parent, previous, this.#batch.view, keyStart, keyEnd)
        // Most values are one string: what #anyValue would do comes down to this.
        const text = from + 2
        if (text <= end && bytes[from] === TAG.ANY_STRING && bytes[from + 1] === end - text) {
          if (node.flags !== 0) this.#batch.add(KIND.TEXT, text, end, node, this.#owned(), from, entry)
        } else if (this.#addsRows || (node.flags & ~NODE.SCAN) !== 0 || !this.#isPlain(from, end)) {
          this.#anyValue(from, end, node, entry, depth)
        }
        return node
      }
    }
    return this.#unusualKeyValue(start, end, parent, previous, entry, depth)
  }

  /** Whether an AnyValue is nothing but a boolean or a whole number that no detector needs to see. */
  #isPlain(start: number, end: number): boolean {
    const bytes = this.#bytes
    if (bytes[end - 1]! >= 0x80) return false
    const size = end - start
    if (bytes[start] === TAG.ANY_BOOL) return size === 2
    if (bytes[start] !== TAG.ANY_INT || !this.#skipsSmallNumbers) return false
    // Two bytes of a varint are 14 bits.
    return size === 2 || (size === 3 && bytes[start + 1]! >= 0x80)
  }

  /** The value may stand before the key, either may be absent, and the value may be there twice. */
  #unusualKeyValue(
    start: number,
    end: number,
    parent: PathNode,
    previous: PathNode | undefined,
    entry: number,
    depth: number,
  ): PathNode {
    const wire = this.#wire
    let keyStart = start
    let keyEnd = start
    let keys = 0
    const values: number[] = []
    let position = start
    while (position < end) {
      const tag = wire.varint31(position, end)
      if (tag === TAG.KEY || tag === TAG.VALUE) {
        const length = wire.length(wire.at, end)
        position = wire.at + length
        if (tag === TAG.VALUE) {
          values.push(wire.at, position)
        } else {
          keys += 1
          // Only one of them could be looked at and acted on.
          if (keys > 1) throw malformed('a key is there twice', position, wire.record)
          keyStart = wire.at
          keyEnd = position
        }
      } else {
        position = this.#skip(tag, wire.at, end)
      }
    }
    const node = this.#batch.trie.child(parent, previous, this.#batch.view, keyStart, keyEnd)
    for (let i = 0; i < values.length; i += 2) this.#anyValue(values[i]!, values[i + 1]!, node, entry, depth)
    if (values.length === 0 && (node.flags & NODE.KEY) !== 0)
      this.#batch.add(KIND.NULL, end, end, node, this.#owned(), end, entry)
    return node
  }

  #anyValue(start: number, end: number, node: PathNode, entry: number, depth: number): void {
    const batch = this.#batch
    const bytes = this.#bytes
    const wire = this.#wire
    const flags = node.flags
    let seen = false
    let position = start
    while (position < end) {
      const field = position
      let tag = bytes[position]!
      if (tag < 0x80) {
        position += 1
      } else {
        tag = wire.varint31(position, end)
        position = wire.at
      }
      let kind: number
      let from = position
      switch (tag) {
        case TAG.ANY_STRING:
        case TAG.ANY_BYTES: {
          kind = tag === TAG.ANY_STRING ? KIND.TEXT : KIND.BYTES
          // Most strings are short; a length of one byte is read here.
          let length = position < end ? bytes[position]! : 0x80
          if (length < 0x80 && length < end - position) {
            from = position + 1
          } else {
            length = wire.length(position, end)
            from = wire.at
          }
          position = from + length
          break
        }
        case TAG.ANY_INT:
        case TAG.ANY_BOOL:
          kind = tag === TAG.ANY_INT ? KIND.VARINT : KIND.BOOLEAN
          // One byte holds every boolean and most integers.
          position = position < end && bytes[position]! < 0x80 ? position + 1 : wire.skipVarint(position, end)
          break
        case TAG.ANY_DOUBLE:
          kind = KIND.DOUBLE
          position += 8
          if (position > end) throw malformed('a field is cut off', from, wire.record)
          break
        case TAG.ANY_ARRAY:
        case TAG.ANY_MAP: {
          const length = wire.length(position, end)
          from = wire.at
          position = from + length
          this.#container(tag === TAG.ANY_MAP, from, position, node, entry, depth, field)
          seen = true
          continue
        }
        default:
          position = this.#skip(tag, position, end)
          continue
      }
      seen = true
      if (flags !== 0) batch.add(kind, from, position, node, this.#owned(), field, entry)
    }
    if (!seen && (flags & NODE.KEY) !== 0) batch.add(KIND.NULL, start, end, node, this.#owned(), start, entry)
  }

  #container(
    isMap: boolean,
    start: number,
    end: number,
    node: PathNode,
    entry: number,
    depth: number,
    token: number,
  ): void {
    const batch = this.#batch
    const wire = this.#wire
    if (depth >= batch.limits.depth) {
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', 'the record is nested deeper than limits.depth', {
        record: batch.records,
        offset: start,
      })
    }
    let row = -1
    if ((node.flags & CONTAINER_FLAGS) !== 0) {
      row = batch.add(isMap ? KIND.MAP : KIND.ARRAY, token, end, node, this.#owned(), token, entry)
      if (row >= 0 && !isMap && (node.flags & NODE.SEALED_LIST) !== 0) batch.owners[this.#owner]!.sealedList = row
    }
    const element = isMap ? undefined : batch.trie.element(node)
    let previous: PathNode | undefined
    let position = start
    while (position < end) {
      const field = position
      const tag = wire.varint31(position, end)
      if (tag === TAG.VALUES) {
        const length = wire.length(wire.at, end)
        const from = wire.at
        position = from + length
        if (element === undefined) previous = this.#keyValue(from, position, node, previous, field, depth + 1)
        else this.#anyValue(from, position, element, field, depth + 1)
      } else {
        position = this.#skip(tag, wire.at, end)
      }
    }
    if (row >= 0) batch.closeContainer(row, end)
  }

  /** @returns where the field ends whose tag stands at `field`. */
  #schemaUrl(node: PathNode, owner: number, field: number, end: number): number {
    const wire = this.#wire
    const length = wire.length(wire.at, end)
    const start = wire.at
    this.#batch.add(KIND.TEXT, start, start + length, node, owner, field, field)
    return start + length
  }

  /** Passes a field that is not known. Its text goes on, and is looked at by the leak scan alone. */
  #skip(tag: number, start: number, end: number): number {
    const next = this.#wire.skip(tag, start, end)
    if (this.#unknown.flags !== 0 && (tag & 7) === WIRE.LEN)
      forEachText(this.#bytes, this.#wire.at, next, (from, to) =>
        this.#batch.add(KIND.BYTES, from, to, this.#unknown, this.#owned(), from, from),
      )
    return next
  }

  #enter(kind: 0 | 1 | 2, owner: number, start: number, end: number): void {
    this.#ownerKind = kind
    this.#owner = owner
    this.#ownerStart = start
    this.#ownerEnd = end
    if (owner >= 0) {
      const known = this.#batch.owners[owner]!
      known.start = start
      known.end = end
    }
  }

  /** The index of the owner that is being walked; -1 where rows are not added. */
  #owned(): number {
    return this.#addsRows && this.#owner < 0 ? this.#makeOwner() : this.#owner
  }

  #makeOwner(): number {
    const isRecord = this.#ownerKind === OWNER_KIND.RECORD
    this.#owner = this.#newOwner(this.#ownerKind, this.#ownerStart, this.#ownerEnd, isRecord)
    return this.#owner
  }

  #newOwner(kind: 0 | 1 | 2, start: number, end: number, linked: boolean): number {
    // Resource and scope may be sent after what belongs to them.
    if (kind !== OWNER_KIND.RESOURCE && this.#resourceOwner < 0)
      this.#resourceOwner = this.#newOwner(OWNER_KIND.RESOURCE, -1, -1, false)
    if (linked) {
      if (this.#scopeOwner < 0) this.#scopeOwner = this.#newOwner(OWNER_KIND.SCOPE, -1, -1, false)
    }
    return (
      this.#batch.owners.push({
        kind,
        record: this.#batch.records,
        resource: kind === OWNER_KIND.RESOURCE ? -1 : this.#resourceOwner,
        scope: linked ? this.#scopeOwner : -1,
        start,
        end,
        sealedList: -1,
        attributesStart: -1,
        attributesEnd: -1,
        ...this.#places[kind]!,
      }) - 1
    )
  }
}
