import { requestType } from '../../../bench/checks/otlp-messages.ts'
import { encodeVarint } from '../../../processor/formats/protobuf-wire.ts'

const strings = (values: Record<string, string>) =>
  Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))

/** One request as a stream of the format has it, with text bodies and the attributes of a resource. */
export function otlpSample(
  resource: Record<string, string>,
  records: readonly { readonly body: string }[],
  format: 'otlp-json' | 'otlp-protobuf',
): Buffer {
  const logRecords = records.map(({ body }) => ({ body: { stringValue: body } }))
  const request = { resourceLogs: [{ resource: { attributes: strings(resource) }, scopeLogs: [{ logRecords }] }] }
  if (format === 'otlp-json') return Buffer.from(`${JSON.stringify(request)}\n`)
  const bytes = requestType.encode(requestType.fromObject(request)).finish()
  return Buffer.concat([encodeVarint(bytes.length), bytes])
}
