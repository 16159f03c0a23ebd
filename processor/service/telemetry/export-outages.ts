import type { Log } from '../../telemetry/log.ts'

/** `ExportResultCode.SUCCESS` of the OpenTelemetry SDK. */
const SUCCESS = 0

interface Exporter<Items> {
  export(items: Items, done: (result: { readonly code: number; readonly error?: Error }) => void): void
}

/**
 * Has an exporter say in the log when what is measured stops getting through, and when it gets through again: the SDK keeps
 * that to itself.
 *
 * @param what - `metrics` or `traces`, for people.
 * @returns the exporter.
 */
export function reportingOutages<Items, E extends Exporter<Items>>(
  exporter: E,
  what: 'metrics' | 'traces',
  log: Log,
): E {
  const send: E['export'] = exporter.export.bind(exporter)
  let lasts = false
  exporter.export = (items, done) =>
    send(items, (result) => {
      const fails = result.code !== SUCCESS
      if (fails !== lasts) {
        lasts = fails
        // What the exporter says of the error may hold the backend's answer.
        if (fails) log('telemetry-failed', `${what} cannot be sent over OTLP`, { telemetry: what })
        else log('telemetry-recovered', `${what} are sent over OTLP again`, { telemetry: what })
      }
      done(result)
    })
  return exporter
}
