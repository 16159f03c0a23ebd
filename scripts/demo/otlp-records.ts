/** What the demo looks at in a log record of OTLP, without the wrapping of its values. */
export interface PlainRecord {
  readonly severityText: string
  readonly body: string
  readonly attributes: Readonly<Record<string, unknown>>
}

interface KeyValue {
  readonly key: string
  readonly value: AnyValue
}

type AnyValue = Readonly<{
  stringValue?: string
  intValue?: number | string
  doubleValue?: number
  arrayValue?: { values: readonly AnyValue[] }
  kvlistValue?: { values: readonly KeyValue[] }
}>

interface Request {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly { severityText: string; body: AnyValue; attributes: readonly KeyValue[] }[]
    }[]
  }[]
}

/** The records of OTLP requests in JSON, one request a line, in order. */
export function plainRecords(requests: Buffer): PlainRecord[] {
  const lines = requests.toString().split('\n')
  return lines
    .filter((line) => line !== '')
    .flatMap((line) => (JSON.parse(line) as Request).resourceLogs)
    .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
    .map(({ severityText, body, attributes }) => ({
      severityText,
      body: String(plain(body)),
      attributes: plainMap(attributes),
    }))
}

function plain({ stringValue, intValue, doubleValue, arrayValue, kvlistValue }: AnyValue): unknown {
  if (arrayValue !== undefined) return arrayValue.values.map(plain)
  if (kvlistValue !== undefined) return plainMap(kvlistValue.values)
  return stringValue ?? doubleValue ?? (intValue === undefined ? undefined : Number(intValue))
}

function plainMap(entries: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, plain(value)]))
}
