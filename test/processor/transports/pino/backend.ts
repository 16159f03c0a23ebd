import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface AnyValue {
  readonly stringValue?: string
  readonly intValue?: string | number
  readonly kvlistValue?: { readonly values: readonly KeyValue[] }
}

interface KeyValue {
  readonly key: string
  readonly value: AnyValue
}

/** One record as OTLP's JSON has it. */
export interface Received {
  readonly timeUnixNano: string
  readonly severityNumber: number
  readonly severityText: string
  readonly body: AnyValue
  readonly attributes: readonly KeyValue[]
  readonly traceId?: string
  readonly spanId?: string
}

/** A backend of OTLP over HTTP that keeps the bytes of all requests. */
export class Backend {
  readonly bodies: Buffer[] = []
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      this.bodies.push(Buffer.concat(chunks))
      this.answer(response)
      this.#hasCome()
    })
  })
  #hasCome: () => void = () => {}

  answer: (response: ServerResponse) => void = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/logs`
  }

  /** Resolves when so many records have come: a transport that ends blocks this thread, and could wait for us then. */
  async received(count: number): Promise<Received[]> {
    while (this.records().length < count) {
      await new Promise<void>((resolve) => {
        this.#hasCome = resolve
      })
    }
    return this.records()
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  get text(): string {
    return Buffer.concat(this.bodies).toString()
  }

  records(): Received[] {
    return this.bodies.flatMap((body) =>
      JSON.parse(body.toString()).resourceLogs.flatMap((group: { scopeLogs: { logRecords: Received[] }[] }) =>
        group.scopeLogs.flatMap(({ logRecords }) => logRecords),
      ),
    )
  }
}
