import type { ObjectEngine } from '../../engine.ts'
import { FieldsealError } from '../../errors.ts'
import { SealedLogRecord } from '../otel/record.ts'
import { checkUrl, exporterTo, type OtlpBackend, takes } from '../otlp-backend.ts'
import type { Outcomes } from '../outcomes.ts'
import type { Destination } from './destination.ts'
import { logRecordOf, type PinoNames } from './otlp-record.ts'

/**
 * A backend that is sent sealed records by OTLP over HTTP, one request at a time, each with all that has come meanwhile. What
 * it has not taken when the exporter gives up is counted as `FIELDSEAL_SINK_UNAVAILABLE`.
 *
 * @param engine - takes a second look: at the resource, and at each record by its paths in OTLP.
 * @throws FieldsealError `FIELDSEAL_PEER_MISSING`, `FIELDSEAL_CONFIG_INVALID`
 */
export async function otlpDestination(
  backend: OtlpBackend,
  names: PinoNames,
  engine: ObjectEngine,
  outcomes: Outcomes,
): Promise<Destination> {
  checkUrl(backend.url, 'otlp.url')
  const exporter = await exporterTo(backend)
  const attributes = { ...backend.resource }
  const recordOf = (line: string): SealedLogRecord[] => {
    try {
      const { record } = engine.sealLogRecord(logRecordOf(line, names, attributes, Date.now()))
      return [new SealedLogRecord(record)]
    } catch (error) {
      const own = outcomes.failed(error)
      if (outcomes.onFailure === 'throw') throw own
      return []
    }
  }
  return {
    async write(lines) {
      const records = lines.flatMap(recordOf)
      if (records.length === 0 || (await takes(exporter, records))) return
      // They are sealed and lost; a program does not end for a backend that is away.
      const error = new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'the backend of `otlp.url` has not taken a record')
      for (const _ of records) outcomes.failed(error)
    },
    flush: async () => exporter.forceFlush?.(),
    close: () => exporter.shutdown(),
  }
}
