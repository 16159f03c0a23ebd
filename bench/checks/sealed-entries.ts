import { isDeepStrictEqual } from 'node:util'
import { decodeMulti, ExtensionCodec } from '@msgpack/msgpack'
import type { Batch, Planted } from '../workloads/batch.ts'
import type { NamedOpener } from './sealed-batch.ts'

const SEALED_FIELD = 'fieldseal.sealed'
const PLACEHOLDER = /\[sealed:[a-z0-9_.-]+:([\w-]{8})\/(\d+)\]/

type Fields = Record<string, unknown>
type Entry = readonly [time: string, record: Fields]

const extensions = new ExtensionCodec()
extensions.register({ type: 0, encode: () => null, decode: (bytes) => Buffer.from(bytes).toString('hex') })

const entriesOf = (bytes: Buffer): Entry[] => [...decodeMulti(bytes, { extensionCodec: extensions })] as Entry[]

/** The record without what sealing may change. */
function untouched(record: Fields, planted: Planted | undefined): Fields {
  const place = planted?.place === 'body' ? 'message' : planted?.key
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== SEALED_FIELD && key !== place))
}

/** The JWE of a planted value, and whether what it opens to makes the record whole again. */
function sealedForm(
  before: Fields,
  after: Fields,
  planted: Planted,
): readonly [string, (plaintext: string) => boolean] {
  if (planted.place === 'attribute') return [String(after[planted.key]), (plaintext) => plaintext === planted.value]
  const text = String(after.message)
  const [placeholder, id, part] = PLACEHOLDER.exec(text) ?? ['', '?', '']
  const elements = (after[SEALED_FIELD] ?? []) as string[]
  const jwe = elements.find((element) => (JSON.parse(element) as { tag: string }).tag.startsWith(id as string)) ?? ''
  const restored = (plaintext: string): boolean => {
    const original = (JSON.parse(plaintext) as Record<string, { text: string }>)[part as string]?.text
    return original === planted.value && text.replace(placeholder, () => original) === before.message
  }
  return [jwe, restored]
}

/**
 * As `checkSealedBatch`, for entries of Fluent Forward, by @msgpack/msgpack.
 *
 * @returns the problems, without the values; empty where all is well.
 */
export async function checkSealedEntries(
  batch: Batch,
  output: Buffer,
  openers: readonly NamedOpener[],
): Promise<string[]> {
  const problems: string[] = []
  if (batch.planted.length === 0 && !output.equals(batch.bytes)) problems.push('entries without matches were changed')
  const before = entriesOf(batch.bytes)
  const after = entriesOf(output)
  if (after.length !== before.length) return [...problems, `${after.length} entries came out of ${before.length}`]
  const plantedAt = new Map(batch.planted.map((planted) => [planted.record, planted]))
  for (const [index, [time, record]] of before.entries()) {
    const [timeAfter, recordAfter] = after[index] as Entry
    const planted = plantedAt.get(index)
    if (time !== timeAfter || !isDeepStrictEqual(untouched(record, planted), untouched(recordAfter, planted)))
      problems.push(`entry ${index}: more was changed than the planted value`)
  }
  for (const [count, planted] of batch.planted.entries()) {
    if (output.includes(planted.value)) problems.push(`entry ${planted.record}: the planted value is in the clear`)
    const [jwe, restored] = sealedForm(before[planted.record]![1], after[planted.record]![1], planted)
    for (const { name, open, atMost } of openers) {
      if (count >= atMost) continue
      const isWhole = await Promise.resolve()
        .then(() => open(jwe))
        .then(restored)
        .catch(() => false)
      if (!isWhole) problems.push(`entry ${planted.record}: ${name} does not get the value back`)
    }
  }
  return problems
}
