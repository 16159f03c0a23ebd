import {
  type Batch,
  type GeneratedRecord,
  type MatchPercent,
  plantingPlan,
  RECORDS_PER_BATCH,
  type Workload,
} from './batch.ts'
import { emailAddress } from './email-address.ts'
import { encodeRequest } from './otlp-request.ts'
import { SeededRandom } from './random.ts'

const START_UNIX_NANO = 1_790_000_000_000_000_000n
const SEVERITY_INFO3 = 11

/**
 * W0: the log record of the OpenTelemetry Collector's testbed (testbed/testbed/data_providers.go), about 159 bytes:
 * a counter as body, six attributes, no resource attributes, no trace.
 */
export const testbed: Workload = {
  name: 'W0',
  title: 'testbed records, 6 attributes',

  batch(seed: number, percent: MatchPercent): Batch {
    const random = new SeededRandom(0x5730_0000 ^ seed)
    const places = plantingPlan(random, percent)
    const generated = Array.from({ length: RECORDS_PER_BATCH }, (_, item): GeneratedRecord => {
      const place = places.get(item)
      const value = place === undefined ? '' : emailAddress(random)
      const counter = `Load Generator Counter #${seed * RECORDS_PER_BATCH + item}`
      const record = {
        timeUnixNano: START_UNIX_NANO + BigInt(seed * RECORDS_PER_BATCH + item) * 1000n,
        severityNumber: SEVERITY_INFO3,
        severityText: 'INFO3',
        body: place === 'body' ? `${counter} ${value}` : counter,
        attributes: [
          ['batch_index', `batch_${seed}`],
          ['item_index', `item_${item}`],
          ['a', place === 'attribute' ? value : 'test'],
          ['b', 5],
          ['c', 3n],
          ['d', true],
        ],
        flags: 1,
        traceId: Buffer.alloc(0),
        spanId: Buffer.alloc(0),
      } as const
      return place === undefined ? { record } : { record, planted: { place, key: place === 'body' ? '' : 'a', value } }
    })
    return {
      bytes: encodeRequest([{ resource: [], scopeName: '', records: generated.map(({ record }) => record) }]),
      records: RECORDS_PER_BATCH,
      planted: generated.flatMap(({ planted }, record) => (planted === undefined ? [] : [{ record, ...planted }])),
    }
  },
}
