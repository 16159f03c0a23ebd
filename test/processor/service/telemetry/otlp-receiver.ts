import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface ReceivedRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A span as OTLP's JSON has it. */
export interface ReceivedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly kind: number
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[]
  readonly status?: { readonly code?: number }
}

/** Takes whatever is sent over OTLP/HTTP, and answers each request as it is told. */
export class OtlpReceiver {
  readonly requests: ReceivedRequest[] = []
  address = ''
  answer = '{}'
  /** What is answered on these paths. */
  readonly statuses = new Map<string, number>()
  #arrived = () => {}

  static async started(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver()
    const server = createServer(async (request, response) => {
      const body = (await buffer(request)).toString('latin1')
      receiver.requests.push({ path: request.url ?? '', headers: request.headers, body })
      response
        .writeHead(receiver.statuses.get(request.url ?? '') ?? 200, { 'content-type': 'application/json' })
        .end(receiver.answer)
      receiver.#arrived()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    receiver.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return receiver
  }

  at(path: string): ReceivedRequest[] {
    return this.requests.filter((request) => request.path === path)
  }

  /** Waits until this is so, looking whenever something has come. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
    }
  }

  get spans(): ReceivedSpan[] {
    type Spans = { resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[] }
    return this.at('/v1/traces').flatMap(({ body }) =>
      (JSON.parse(body) as Spans).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    )
  }
}
