import { TAG } from '../otlp-schema.ts'
import { AttributeNames, bodyMember, isLevelName, levelOfNumber, MEMBER } from './line-fields.ts'
import { type LossCount, UNCOUNTED } from './losses.ts'
import { bytesOf, elementsOf, type Part, readContent, readEntry } from './otlp-parts.ts'
import type { Attributed, OtlpGroup, OtlpRecord } from './otlp-reader.ts'
import { LIST_KEY, sealedId } from './sealed-parts.ts'
import { isoText } from './time.ts'

/** What a member of a flattened record is; keys are text that may hold anything. */
export type MemberValue =
  /** The content of an AnyValue. */
  | { readonly kind: 'any'; readonly value: Part }
  | { readonly kind: 'text'; readonly text: Part }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'map'; readonly members: readonly Member[] }
  | { readonly kind: 'list'; readonly values: readonly Part[] }

export interface Member {
  readonly key: Buffer
  readonly value: MemberValue
}

/** What the records of a group have in common. */
export interface FlattenedGroup {
  readonly resource: Member | undefined
  readonly scope: Member | undefined
  /** JWEs of parts in texts of resource and scope, which stand in the list of the record: it is the only one there. */
  readonly sealed: readonly Part[]
}

function member(name: string, value: MemberValue): Member {
  return { key: Buffer.from(name), value }
}

function text(name: string, part: Part | undefined): Member[] {
  return part === undefined || part.start === part.end ? [] : [member(name, { kind: 'text', text: part })]
}

function count(number: number): Member[] {
  return number === 0 ? [] : [member(MEMBER.DROPPED_ATTRIBUTES, { kind: 'number', number })]
}

/** Flattens OTLP records: the fields of a record become members beside its attributes. */
export class Flattening {
  readonly #names: AttributeNames
  readonly #body: string
  readonly #losses: LossCount

  constructor(bodyKeys: readonly string[], losses: LossCount) {
    this.#names = new AttributeNames(bodyKeys)
    this.#body = bodyMember(bodyKeys)
    this.#losses = losses
  }

  group({ resource, scope }: OtlpGroup): FlattenedGroup {
    const ofResource = this.#split(resource)
    const ofScope = this.#split(scope)
    return {
      resource: this.#holder(MEMBER.RESOURCE, ofResource, [
        ...text('schema_url', resource.schemaUrl),
        ...count(resource.droppedAttributes),
      ]),
      scope: this.#holder(MEMBER.SCOPE, ofScope, [
        ...text('name', scope.name),
        ...text('version', scope.version),
        ...text('schema_url', scope.schemaUrl),
        ...count(scope.droppedAttributes),
      ]),
      sealed: [...ofResource.sealed, ...ofScope.sealed],
    }
  }

  /** A resource or scope as a member; none where there is nothing to say. */
  #holder(name: string, { attributes }: Split, fields: readonly Member[]): Member | undefined {
    if (attributes.length + fields.length === 0) return undefined
    const map: MemberValue = { kind: 'map', members: attributes }
    return member(name, { kind: 'map', members: [...fields, member('attributes', map)] })
  }

  /** Attributes of a resource or scope, and apart from them the JWEs of parts. */
  #split({ attributes }: Attributed): Split {
    const others: Member[] = []
    const sealed: Part[] = []
    for (const attribute of attributes) {
      const { key, value } = readEntry(attribute, this.#losses)
      const items = bytesOf(key).equals(LIST_KEY) ? this.#listOf(value) : undefined
      const isOurs = items !== undefined && items.length > 0 && items.every((item) => this.#isSealed(item))
      if (isOurs) sealed.push(...items)
      else others.push({ key: bytesOf(key), value: { kind: 'any', value } })
    }
    return { attributes: others, sealed }
  }

  #listOf(value: Part): Part[] | undefined {
    const content = readContent(value, UNCOUNTED)
    return content.tag === TAG.ANY_ARRAY ? elementsOf(content, UNCOUNTED) : undefined
  }

  #isSealed(item: Part): boolean {
    const content = readContent(item, UNCOUNTED)
    return content.tag === TAG.ANY_STRING && sealedId(bytesOf(content)) !== undefined
  }

  /** @param withTime - false where the time stands beside the members. */
  record(record: OtlpRecord, group: FlattenedGroup, withTime: boolean): Member[] {
    const members: Member[] = []
    const time = (name: string, value: bigint) => {
      if (value > 0n) members.push(member(name, { kind: 'string', text: isoText(value) }))
    }
    if (withTime) time(MEMBER.TIME, record.time)
    time(MEMBER.OBSERVED_TIME, record.observedTime)
    members.push(...severity(record))
    if (record.body !== undefined && readContent(record.body, UNCOUNTED).tag !== 0)
      members.push(member(this.#body, { kind: 'any', value: record.body }))
    members.push(...text(MEMBER.EVENT_NAME, record.eventName), ...trace(record))
    this.#attributes(record, group, members)
    members.push(...count(record.droppedAttributes))
    if (group.resource !== undefined) members.push(group.resource)
    if (group.scope !== undefined) members.push(group.scope)
    return members
  }

  #attributes({ attributes }: OtlpRecord, { sealed }: FlattenedGroup, members: Member[]): void {
    let listed = sealed.length === 0
    for (const attribute of attributes) {
      const { key, value } = readEntry(attribute, this.#losses)
      const bytes = bytesOf(key)
      const items = !listed && bytes.equals(LIST_KEY) ? this.#listOf(value) : undefined
      if (items !== undefined) {
        listed = true
        members.push({ key: LIST_KEY, value: { kind: 'list', values: [...items, ...sealed] } })
      } else {
        members.push({ key: this.#memberKey(bytes), value: { kind: 'any', value } })
      }
    }
    if (!listed) members.push({ key: LIST_KEY, value: { kind: 'list', values: sealed } })
  }

  #memberKey(key: Buffer): Buffer {
    const name = key.toString('latin1')
    const renamed = this.#names.memberOf(name)
    return renamed === name ? key : Buffer.from(renamed, 'latin1')
  }
}

interface Split {
  readonly attributes: readonly Member[]
  readonly sealed: readonly Part[]
}

/** `level` for people, and what it does not say. */
function severity({ severityNumber: number, severityText }: OtlpRecord): Member[] {
  const given = severityText === undefined ? '' : bytesOf(severityText).toString('latin1')
  const derived = levelOfNumber(number)
  const level = isLevelName(given) ? given : derived
  const members: Member[] = []
  if (level !== undefined) members.push(member(MEMBER.LEVEL, { kind: 'string', text: level }))
  if (number !== 0 || level !== undefined) members.push(member(MEMBER.SEVERITY_NUMBER, { kind: 'number', number }))
  // What a reader takes from the level and the number alone need not be there.
  const isSaid = given === '' || (given === level && given !== derived)
  return isSaid ? members : [...members, ...text(MEMBER.SEVERITY_TEXT, severityText)]
}

/** As in log formats that are not OTLP ("Trace Context in non-OTLP Log Formats"). */
function trace({ traceId, spanId, flags }: OtlpRecord): Member[] {
  const id = (name: string, part: Part | undefined) =>
    part === undefined ? [] : [member(name, { kind: 'string', text: bytesOf(part).toString('hex') })]
  const digits = flags < 0x100 ? 2 : 8
  const written: MemberValue = { kind: 'string', text: flags.toString(16).padStart(digits, '0') }
  return [
    ...id(MEMBER.TRACE_ID, traceId),
    ...id(MEMBER.SPAN_ID, spanId),
    ...(flags === 0 ? [] : [member(MEMBER.TRACE_FLAGS, written)]),
  ]
}
