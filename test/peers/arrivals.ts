import { decode, decodeMulti } from '@msgpack/msgpack'
import { requestType } from '../../bench/checks/otlp-messages.ts'
import { privateKeyFromJwk } from '../../processor/jwe/private-keys.ts'
import { openerOf } from '../../processor/open.ts'
import { PRIVATE_KEYS } from './fieldseal.ts'
import { numberedRecord } from './numbered.ts'

/** A batch that a backend has stored. */
export interface StoredBatch {
  /** Of Forward: one message in PackedForward mode, not compressed. */
  readonly format: 'otlp-json' | 'otlp-protobuf' | 'forward'
  readonly bytes: Buffer
  /** So many records at the end the backend did not want, and said so. */
  readonly rejected: number
  /** Whether the sender is sure to have had the word that the backend has it. */
  readonly acknowledged?: boolean
}

/** What has arrived of numbered records. */
export interface Arrivals {
  /** How often each record is there, by its number. */
  readonly times: ReadonlyMap<number, number>
  /** Numbers of records that the backend said it does not want. */
  readonly rejected: ReadonlySet<number>
  /** Records that came more often than once. */
  readonly duplicates: number
  /** Of each record, for each time that it came, whether that was acknowledged. */
  readonly acknowledgements: ReadonlyMap<number, readonly boolean[]>
}

interface Record {
  readonly body?: { readonly stringValue?: string }
  readonly attributes: readonly { readonly key: string; readonly value: { stringValue?: string; intValue?: unknown } }[]
}

const CLEAR = /customer-\d+@example\.com/

/**
 * Opens everything, and reads it with parsers that are not ours.
 *
 * @throws Error where an address is in the clear, a value does not open, or a record holds anything but what was sent.
 */
export function arrivals(stored: readonly StoredBatch[]): Arrivals {
  const opener = openerOf(PRIVATE_KEYS.map(privateKeyFromJwk))
  const times = new Map<number, number>()
  const rejected = new Set<number>()
  const acknowledgements = new Map<number, boolean[]>()
  try {
    for (const batch of stored) {
      if (CLEAR.test(batch.bytes.toString('latin1'))) throw new Error('an address is in the clear')
      const sealed = recordsOf(batch.format, batch.bytes)
      const { bytes, unopened } = opener.open(batch.bytes, batch.format)
      if (unopened > 0) throw new Error(`${unopened} values do not open`)
      for (const [at, record] of recordsOf(batch.format, bytes).entries()) {
        const number = checked(record, sealed[at]!)
        if (at < sealed.length - batch.rejected) times.set(number, (times.get(number) ?? 0) + 1)
        else rejected.add(number)
        const words = acknowledgements.get(number) ?? []
        acknowledgements.set(number, [...words, batch.acknowledged === true])
      }
    }
  } finally {
    opener.close()
  }
  const total = [...times.values()].reduce((sum, count) => sum + count, 0)
  return { times, rejected, duplicates: total - times.size, acknowledgements }
}

/** Numbers of the records that are there, sealed or not: looks at no more than what is never sealed. */
export function numbersIn(stored: readonly Pick<StoredBatch, 'format' | 'bytes'>[]): Set<number> {
  return new Set(
    stored.flatMap(({ format, bytes }) =>
      recordsOf(format, bytes).map((record) => Number(attribute(record, 'sequence')?.intValue)),
    ),
  )
}

function recordsOf(format: StoredBatch['format'], bytes: Buffer): Record[] {
  if (format === 'forward') return forwardRecordsOf(bytes)
  const request =
    format === 'otlp-json'
      ? JSON.parse(bytes.toString())
      : requestType.toObject(requestType.decode(bytes), { longs: String })
  return request.resourceLogs.flatMap(({ scopeLogs }: { scopeLogs: { logRecords: Record[] }[] }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords),
  )
}

function forwardRecordsOf(bytes: Buffer): Record[] {
  const [, entries] = decode(bytes) as [string, Uint8Array]
  return Array.from(decodeMulti(entries), (entry) => {
    const [, { message, ...fields }] = entry as [unknown, { [key: string]: unknown; message: string }]
    const attributes = Object.entries(fields).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? { stringValue: value } : { intValue: value },
    }))
    return { body: { stringValue: message }, attributes }
  })
}

/** The number of a record that holds what was sent, and whose address is sealed. */
function checked(opened: Record, sealed: Record): number {
  const number = Number(attribute(opened, 'sequence')?.intValue)
  const { text, customer } = numberedRecord(number)
  if (opened.body?.stringValue !== text || attribute(opened, 'customer')?.stringValue !== customer)
    throw new Error(`record ${number} opens to something else: ${JSON.stringify(opened)}`)
  const inBody = customer === undefined
  const where = inBody ? sealed.body?.stringValue : attribute(sealed, 'customer')?.stringValue
  if (!(inBody ? /^order \d+ of \[sealed:email:[\w-]{8}\/0\] was paid$/ : /^\{"protected":"/).test(where ?? ''))
    throw new Error(`the address of record ${number} is not sealed: ${JSON.stringify(sealed)}`)
  return number
}

function attribute({ attributes }: Record, name: string) {
  return attributes.find(({ key }) => key === name)?.value
}

/** Numbers that the sender was told are accepted, and that are neither there nor refused by the backend for good. */
export function lost(accepted: readonly number[], { times, rejected }: Arrivals): number[] {
  return accepted.filter((number) => !times.has(number) && !rejected.has(number))
}

/**
 * Numbers of records that came more often than at-least-once delivery allows: again although the backend had
 * acknowledged them, and their client had not sent them again. What came of one sending is copies that were not
 * acknowledged, and at most one that was, behind them: so each acknowledged copy is of another sending, and so is one
 * that is not and has none behind it.
 *
 * @param sendings - how often the client has sent a record.
 */
export function unexplained({ acknowledgements }: Arrivals, sendings: (number: number) => number): number[] {
  return [...acknowledgements.entries()].flatMap(([number, words]) => {
    const needed = words.filter((acknowledged) => acknowledged).length + (words.at(-1) === false ? 1 : 0)
    return needed > sendings(number) ? [number] : []
  })
}
