import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeRequest, requestType } from '../../bench/checks/otlp-messages.ts'

/** The JSON lines of the sample. */
export function jsonLines(): Buffer {
  return readFileSync(join(import.meta.dirname, 'sample.jsonl'))
}

/** The same records as OTLP requests in JSON. */
export function otlpJson(): Buffer[] {
  return readFileSync(join(import.meta.dirname, 'sample.otlp.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line))
}

/** The same requests in protobuf, written by protobufjs. */
export function otlpProtobuf(): Buffer[] {
  return otlpJson().map((request) => {
    const message = JSON.parse(request.toString(), (key, value) =>
      // Ids are hexadecimal in OTLP's JSON, unlike other bytes.
      key === 'traceId' || key === 'spanId' ? Buffer.from(value, 'hex') : value,
    )
    return Buffer.from(requestType.encode(requestType.fromObject(message)).finish())
  })
}

/** What protobufjs reads in a request, as JSON. */
export function protobufAsJson(request: Buffer): Buffer {
  return Buffer.from(JSON.stringify(decodeRequest(request)))
}
