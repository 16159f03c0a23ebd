import { relative } from 'node:path'
import { loadConfig } from '../../processor/config/load.ts'
import { FieldsealError } from '../../processor/errors.ts'

/** A request of OTLP (opentelemetry-proto, logs/v1/logs.proto) with one record. */
const REQUEST = {
  resourceLogs: [
    {
      scopeLogs: [
        { logRecords: [{ body: { stringValue: 'user jane.doe@example.com paid with 4111 1111 1111 1111' } }] },
      ],
    },
  ],
}

/** Commands to type while the service runs; empty where the configuration has no way in, or no file as a way out. */
export function whatToTry(config: string): string {
  const settings = load(config)?.settings
  const source = Object.values(settings?.sources ?? {}).find(({ type }) => type === 'otlp_http')
  const sink = Object.values(settings?.sinks ?? {}).find(({ type }) => type === 'file')
  const recipient = Object.values(settings?.recipients ?? {}).find((entry) => 'jwk' in entry)?.jwk
  if (source?.type !== 'otlp_http' || sink?.type !== 'file' || typeof recipient !== 'string') return ''
  const { host, port } = source.listen
  const file = relative('.', sink.path)
  const key = recipient.replace('.pub.jwk', '.jwk')
  return `
In another terminal, once the service has started: send a record,

  curl http://${host}:${port}/v1/logs -H 'content-type: application/json' -d '${JSON.stringify(REQUEST)}'

see what is left of it, and open it again:

  tail -n 1 ${file}
  tail -n 1 ${file} | npm run -s fieldseal -- open -f otlp-json -k ${key}

Ctrl-C ends the service. What follows is its log.

`
}

function load(config: string) {
  try {
    return loadConfig(config, { env: process.env })
  } catch (error) {
    // `fieldseal run` says what is wrong.
    if (error instanceof FieldsealError) return undefined
    throw error
  }
}
