import { requestType } from '../../bench/checks/otlp-messages.ts'
import { privateKeyFromJwk } from '../../processor/jwe/private-keys.ts'
import { openerOf } from '../../processor/open.ts'
import type { Stored } from './backend.ts'
import { PRIVATE_KEYS } from './fieldseal.ts'

/** What has arrived of numbered records. */
export interface Arrivals {
  /** How often each record is there, by its number. */
  readonly times: ReadonlyMap<number, number>
  /** Numbers of records that the backend said it does not want. */
  readonly rejected: ReadonlySet<number>
  /** Records that came more often than once. */
  readonly duplicates: number
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
export function arrivals(stored: readonly Pick<Stored, 'format' | 'bytes' | 'rejected'>[]): Arrivals {
  const opener = openerOf(PRIVATE_KEYS.map(privateKeyFromJwk))
  const times = new Map<number, number>()
  const rejected = new Set<number>()
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
      }
    }
  } finally {
    opener.close()
  }
  const total = [...times.values()].reduce((sum, count) => sum + count, 0)
  return { times, rejected, duplicates: total - times.size }
}

/** Numbers of the records that are there, sealed or not: looks at no more than what is never sealed. */
export function numbersIn(stored: readonly Pick<Stored, 'format' | 'bytes'>[]): Set<number> {
  return new Set(
    stored.flatMap(({ format, bytes }) =>
      recordsOf(format, bytes).map((record) => Number(attribute(record, 'sequence')?.intValue)),
    ),
  )
}

function recordsOf(format: Stored['format'], bytes: Buffer): Record[] {
  const request =
    format === 'otlp-json'
      ? JSON.parse(bytes.toString())
      : requestType.toObject(requestType.decode(bytes), { longs: String })
  return request.resourceLogs.flatMap(({ scopeLogs }: { scopeLogs: { logRecords: Record[] }[] }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords),
  )
}

/** The number of a record that holds what was sent, and whose address is sealed. */
function checked(opened: Record, sealed: Record): number {
  const number = Number(attribute(opened, 'sequence')?.intValue)
  const address = `customer-${number}@example.com`
  const inBody = number % 2 === 0
  const body = inBody ? `order ${number} of ${address} was paid` : `order ${number} was paid`
  const customer = inBody ? undefined : address
  if (opened.body?.stringValue !== body || attribute(opened, 'customer')?.stringValue !== customer)
    throw new Error(`record ${number} opens to something else: ${JSON.stringify(opened)}`)
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
