import { arrayHeader, eventTime, mapHeader } from '../message-pack/write.ts'
import { TAG } from '../otlp-schema.ts'
import { ByteWriter } from './byte-writer.ts'
import { GROUP_END, GROUP_START, NAME } from './forward-names.ts'
import { type LossCount, UNCOUNTED } from './losses.ts'
import { MessagePackOutput } from './message-pack-output.ts'
import { bytesOf, elementsOf, type Part, readContent, readEntry } from './otlp-parts.ts'
import type { Attributed, OtlpGroup, OtlpRecord } from './otlp-reader.ts'
import { LIST_KEY } from './sealed-parts.ts'

const ENTRY = arrayHeader(2)
const NO_MAP = mapHeader(0)

/** The entry with which a group ends. */
export const GROUP_ENDS = Buffer.concat([ENTRY, ENTRY, eventTime(GROUP_END, 0), NO_MAP, NO_MAP])

/** The entry with which a group begins: resource and scope of the records behind it. */
export function groupStart(
  { resource, scope }: OtlpGroup,
  ids: { readonly resource: number; readonly scope: number },
  limit: number,
  losses: LossCount,
): Buffer {
  const writer = new ByteWriter(256, limit)
  const output = new MessagePackOutput(writer, losses)
  writer.put(ENTRY)
  writer.put(ENTRY)
  writer.put(eventTime(GROUP_START, 0))
  output.map(3)
  output.name(NAME.SCHEMA)
  output.name('otlp')
  output.name(NAME.RESOURCE_ID)
  output.integer(ids.resource)
  output.name(NAME.SCOPE_ID)
  output.integer(ids.scope)
  output.map(2)
  output.name(NAME.RESOURCE)
  holder(output, resource, [[NAME.SCHEMA_URL, resource.schemaUrl]])
  output.name(NAME.SCOPE)
  holder(output, scope, [
    [NAME.SCOPE_NAME, scope.name],
    [NAME.VERSION, scope.version],
    [NAME.SCHEMA_URL, scope.schemaUrl],
  ])
  return writer.finish()
}

function holder(
  output: MessagePackOutput,
  { attributes, droppedAttributes }: Attributed,
  texts: readonly (readonly [name: string, text: Part | undefined])[],
): void {
  const given = texts.filter(([, text]) => text !== undefined && text.end > text.start)
  output.map(given.length + 1 + (droppedAttributes > 0 ? 1 : 0))
  for (const [name, text] of given) {
    output.name(name)
    output.text(bytesOf(text!))
  }
  output.name(NAME.ATTRIBUTES)
  output.entries(attributes, 0)
  if (droppedAttributes === 0) return
  output.name(NAME.DROPPED_ATTRIBUTES)
  output.integer(droppedAttributes)
}

/**
 * A record as fluent-bit has it: the body, and all else in the metadata (Forward protocol v1.5).
 *
 * @param entryTime - what the entry's time says.
 */
export function writeMetadata(output: MessagePackOutput, record: OtlpRecord, entryTime: bigint): void {
  const pairs: (readonly [name: string, write: () => void])[] = []
  const integer = (name: string, value: number | bigint, isThere: boolean) => {
    if (isThere) pairs.push([name, () => output.integer(value)])
  }
  const text = (name: string, part: Part | undefined) => {
    if (part !== undefined && part.end > part.start) pairs.push([name, () => output.text(bytesOf(part))])
  }
  const id = (name: string, part: Part | undefined) => {
    if (part !== undefined) pairs.push([name, () => output.binary(bytesOf(part))])
  }
  integer(NAME.OBSERVED_TIMESTAMP, record.observedTime, record.observedTime > 0n)
  integer(NAME.TIMESTAMP, record.time, record.time !== entryTime)
  integer(NAME.SEVERITY_NUMBER, record.severityNumber, record.severityNumber !== 0)
  text(NAME.SEVERITY_TEXT, record.severityText)
  if (record.attributes.length > 0) pairs.push([NAME.ATTRIBUTES, () => output.entries(record.attributes, 0)])
  integer(NAME.DROPPED_ATTRIBUTES, record.droppedAttributes, record.droppedAttributes > 0)
  id(NAME.TRACE_ID, record.traceId)
  id(NAME.SPAN_ID, record.spanId)
  integer(NAME.TRACE_FLAGS, record.flags, record.flags > 0)
  text(NAME.EVENT_NAME, record.eventName)
  output.map(1)
  output.name(NAME.OTLP)
  output.map(pairs.length)
  for (const [name, write] of pairs) {
    output.name(name)
    write()
  }
}

/** A map stands for itself, unless it would be taken for something else. */
export function writeBody(output: MessagePackOutput, body: Part | undefined): void {
  const content = body === undefined ? undefined : readContent(body, UNCOUNTED)
  if (body === undefined || content === undefined || content.tag === 0) {
    output.map(0)
    return
  }
  const entries = content.tag === TAG.ANY_MAP ? elementsOf(content, UNCOUNTED) : []
  const keys = entries.map((entry) => bytesOf(readEntry(entry, UNCOUNTED).key))
  const looksWrapped = keys.length === 1 && keys[0]!.toString('latin1') === NAME.LOG
  if (keys.length === 0 || looksWrapped || keys.some((key) => key.equals(LIST_KEY))) {
    output.map(1)
    output.name(NAME.LOG)
  }
  output.any(body, 0)
}
