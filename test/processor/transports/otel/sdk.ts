import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import * as three from '@opentelemetry/sdk-logs'
import * as zero from 'sdk-logs-0'
import type { FormatName } from '../../../../processor/index.ts'
import type { LogRecord } from '../../../conformance/model.ts'
import { fromOtlpJson } from '../../../conformance/otlp-json-way.ts'
import { fromProtobuf } from '../../../conformance/protobuf-way.ts'

/** The two lines of the SDK. They do the same; their types differ in names. */
export const LINES = [
  { line: '3.1', sdk: three },
  { line: '0.223', sdk: zero as unknown as typeof three },
] as const

export type Sdk = typeof three
export type Exporter = three.LogRecordExporter
export type Record = three.ReadableLogRecord

/** A backend for OTLP over HTTP, which keeps every body that it is sent. */
export class Backend {
  readonly bodies: Buffer[] = []
  readonly #server: Server

  constructor() {
    this.#server = createServer(async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part)
      this.bodies.push(Buffer.concat(parts))
      response.writeHead(200, { 'content-type': request.headers['content-type'] }).end()
    })
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/logs`
  }

  /** What came since it was last asked. */
  take(): Buffer[] {
    return this.bodies.splice(0)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** The real exporters over HTTP, and the format of what they send. */
export const OTLP: readonly {
  readonly format: FormatName
  readonly exporter: (url: string) => Exporter
  /** Independent of the product. */
  readonly read: (bytes: Buffer) => LogRecord[]
}[] = [
  { format: 'otlp-protobuf', exporter: (url) => new ProtobufExporter({ url }), read: fromProtobuf },
  { format: 'otlp-json', exporter: (url) => new JsonExporter({ url }), read: fromOtlpJson },
]

/** An exporter that keeps what it gets, and answers as it is told. */
export class Probe implements Exporter {
  readonly exported: Record[][] = []
  readonly calls: string[] = []
  answer: Parameters<Parameters<Exporter['export']>[1]>[0] = { code: 0 }

  export(records: Record[], callback: Parameters<Exporter['export']>[1]): void {
    this.exported.push(records)
    callback(this.answer)
  }

  async forceFlush(): Promise<void> {
    this.calls.push('forceFlush')
  }

  async shutdown(): Promise<void> {
    this.calls.push('shutdown')
  }

  get records(): Record[] {
    return this.exported.flat()
  }
}

/** A value in more levels than an engine takes. */
export function deep(value: unknown): object {
  let nested: object = [value]
  for (let level = 0; level < 100; level += 1) nested = [nested]
  return nested
}
