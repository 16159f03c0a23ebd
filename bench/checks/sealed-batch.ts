import { isDeepStrictEqual } from 'node:util'
import type { Batch, Planted } from '../workloads/batch.ts'
import { type AnyValue, type DecodedRecord, decodeRequest, recordsOf } from './otlp-messages.ts'

const SEALED_ATTRIBUTE = 'fieldseal.sealed'
const PLACEHOLDER = /\[sealed:[a-z0-9_.-]+:([\w-]{8})\/(\d+)\]/

/** Opens one JWE in General JSON Serialization for one recipient. @throws where it does not open. */
export type Open = (jwe: string) => Promise<string> | string

/** An opener and how many of the planted values of a batch it is tried on. */
export interface NamedOpener {
  readonly name: string
  readonly open: Open
  readonly atMost: number
}

const attribute = (record: DecodedRecord, key: string): AnyValue | undefined =>
  record.attributes?.find((entry) => entry.key === key)?.value

const sealedElements = (record: DecodedRecord): string[] =>
  (attribute(record, SEALED_ATTRIBUTE)?.arrayValue?.values ?? []).map((element) => element.stringValue ?? '')

/** The record without what sealing may change: the planted place and `fieldseal.sealed`. */
function untouchedPart(record: DecodedRecord, planted: Planted | undefined): DecodedRecord {
  const attributes = (record.attributes ?? [])
    .filter((entry) => entry.key !== SEALED_ATTRIBUTE)
    .map((entry) => (planted?.place === 'attribute' && entry.key === planted.key ? { key: entry.key } : entry))
  return planted?.place === 'body' ? { ...record, body: {}, attributes } : { ...record, attributes }
}

/** The JWE that a planted value went into, and what opening it must give for the record to be whole again. */
function sealedForm(
  before: DecodedRecord,
  after: DecodedRecord,
  planted: Planted,
): { jwe: string; restored: (plaintext: string) => boolean } {
  if (planted.place === 'attribute') {
    const jwe = attribute(after, planted.key)?.stringValue ?? ''
    return { jwe, restored: (plaintext) => plaintext === planted.value }
  }
  const text = after.body?.stringValue ?? ''
  const [placeholder, id, part] = PLACEHOLDER.exec(text) ?? ['', '', '']
  const jwe =
    sealedElements(after).find((element) => (JSON.parse(element) as { tag: string }).tag.startsWith(id || '?')) ?? ''
  return {
    jwe,
    restored: (plaintext) => {
      const parts = JSON.parse(plaintext) as Record<string, { text: string } | undefined>
      const original = parts[part ?? '']?.text
      return original === planted.value && text.replace(placeholder, () => original) === before.body?.stringValue
    },
  }
}

/**
 * Compares what came out of the engine with what went in, by protobufjs: nothing planted is left in the clear, nothing
 * else changed, no record is lost, and each sealed value opens with each opener to what was planted.
 *
 * @returns the problems, without the values; empty where all is well.
 */
export async function checkSealedBatch(
  batch: Batch,
  output: Uint8Array,
  openers: readonly NamedOpener[],
): Promise<string[]> {
  const problems: string[] = []
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.byteLength)
  if (batch.planted.length === 0 && !bytes.equals(batch.bytes)) problems.push('a batch without matches was changed')
  const before = recordsOf(decodeRequest(batch.bytes))
  const after = recordsOf(decodeRequest(bytes))
  if (after.length !== batch.records) return [...problems, `${after.length} records came out of ${batch.records}`]

  const plantedAt = new Map(batch.planted.map((planted) => [planted.record, planted]))
  for (const [index, record] of before.entries()) {
    const planted = plantedAt.get(index)
    if (!isDeepStrictEqual(untouchedPart(record, planted), untouchedPart(after[index] as DecodedRecord, planted)))
      problems.push(`record ${index}: more was changed than the planted value`)
  }
  for (const [count, planted] of batch.planted.entries()) {
    if (bytes.includes(planted.value)) problems.push(`record ${planted.record}: the planted value is in the clear`)
    for (const opener of openers.filter(({ atMost }) => count < atMost))
      if (
        !(await opens(
          before[planted.record] as DecodedRecord,
          after[planted.record] as DecodedRecord,
          planted,
          opener.open,
        ))
      )
        problems.push(`record ${planted.record}: ${opener.name} does not open it to the planted value`)
  }
  return problems
}

async function opens(before: DecodedRecord, after: DecodedRecord, planted: Planted, open: Open): Promise<boolean> {
  try {
    const { jwe, restored } = sealedForm(before, after, planted)
    return restored(await open(jwe))
  } catch {
    return false
  }
}
