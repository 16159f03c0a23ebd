import { type MatchPercent, type Planted, RECORDS_PER_BATCH } from './batch.ts'
import { serviceOf, serviceRecords } from './service-logs.ts'

/** Records as JSON lines, with what is hidden in them. */
export interface Lines {
  readonly bytes: Buffer
  readonly records: number
  readonly planted: readonly Planted[]
}

/** The records of W2 as a logger of JSON writes them, one a line: what lies in log files. About 760 bytes a record. */
export function serviceLogLines(seed: number, percent: MatchPercent): Lines {
  const generated = serviceRecords(seed, percent)
  const lines = generated.map(({ record }, item) => {
    const attributes = record.attributes.map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value])
    const line = {
      level: record.severityText.toLowerCase(),
      time: Number(record.timeUnixNano / 1_000_000n),
      'service.name': serviceOf(item),
      trace_id: record.traceId.toString('hex'),
      span_id: record.spanId.toString('hex'),
      ...Object.fromEntries(attributes),
      msg: record.body,
    }
    return `${JSON.stringify(line)}\n`
  })
  return {
    bytes: Buffer.from(lines.join('')),
    records: RECORDS_PER_BATCH,
    planted: generated.flatMap(({ planted }, record) => (planted === undefined ? [] : [{ record, ...planted }])),
  }
}
