import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, onTestFinished } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import {
  type OtlpHttpSourceSettings,
  otlpHttpSourceSettings,
} from '../../../../processor/sources/otlp-http/settings.ts'
import { otlpHttpSource } from '../../../../processor/sources/otlp-http/source.ts'
import type { Deliver, Source } from '../../../../processor/sources/source.ts'
import { sourceContext } from '../suite.ts'

export const PROTOBUF = 'application/x-protobuf'
export const JSON_TYPE = 'application/json'

const started: Source[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map((source) => source.close()))
})

/** Settings as the configuration gives them. */
export function settingsOf(options: object = {}): OtlpHttpSourceSettings {
  return otlpHttpSourceSettings.parse({ type: 'otlp_http', listen: '127.0.0.1:0', ...options })
}

export interface Started {
  readonly source: Source<OtlpHttpSourceSettings>
  readonly context: ReturnType<typeof sourceContext>
  readonly port: number
  /** What was delivered, oldest first. */
  readonly delivered: Buffer[]
}

/** A source that listens, and is closed when the test is over. */
export async function startSource({
  options = {},
  deliver = async () => accepted(),
  limits = { total: 256 * 1024 * 1024 },
}: {
  options?: object
  deliver?: Deliver
  limits?: { total?: number; connection?: number }
} = {}): Promise<Started> {
  const delivered: Buffer[] = []
  const context = sourceContext((batch) => {
    delivered.push(Buffer.from(batch.bytes))
    return deliver(batch)
  }, limits)
  const source = otlpHttpSource(settingsOf(options), context)
  started.push(source)
  await source.start()
  return { source, context, port: Number(source.address.split(':').at(-1)), delivered }
}

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Asked {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent with its length; parts are sent in chunks. */
  readonly body?: Buffer | readonly Buffer[]
  readonly agent?: Agent
}

/** One request of Node's own client, on a connection of its own unless an agent says otherwise. */
export function ask(
  port: number,
  { method = 'POST', path = '/v1/logs', headers, body, agent }: Asked = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const own = agent ?? new Agent({ keepAlive: false })
    const length = Buffer.isBuffer(body) ? { 'Content-Length': String(body.length) } : {}
    const options = {
      port,
      host: '127.0.0.1',
      method,
      path,
      agent: own,
      headers: { 'Content-Type': PROTOBUF, ...length, ...headers },
    }
    const request = httpRequest(options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
      response.once('error', reject)
    })
    request.once('error', reject)
    for (const part of Array.isArray(body) ? (body as Buffer[]) : []) request.write(part)
    request.end(Buffer.isBuffer(body) ? body : undefined)
  })
}

/** A connection that says what it is told to, and keeps what comes. */
export class RawClient {
  readonly socket: Socket
  text = ''
  ended = false
  readonly closed: Promise<void>

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (part) => {
      this.text += part.toString('latin1')
    })
    this.socket.on('end', () => {
      this.ended = true
    })
    // A reset is an end like any other.
    this.socket.on('error', () => {})
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()))
    onTestFinished(() => {
      this.socket.destroy()
    })
  }

  write(part: string | Buffer): Promise<void> {
    return new Promise((resolve) => this.socket.write(part, () => resolve()))
  }

  /** Resolves once this many answers have come. Answers of these tests name their length. */
  async answers(count: number): Promise<string[]> {
    for (;;) {
      const found = splitAnswers(this.text)
      if (found.length >= count) return found
      if (this.socket.closed) throw new Error(`closed after ${found.length} answers`)
      await new Promise<void>((resolve) => {
        const done = () => {
          this.socket.off('data', done)
          this.socket.off('close', done)
          resolve()
        }
        this.socket.on('data', done)
        this.socket.on('close', done)
      })
    }
  }
}

function splitAnswers(text: string): string[] {
  const answers: string[] = []
  let rest = text
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return answers
    const length = Number(/^content-length: (\d+)$/im.exec(rest.slice(0, end))?.[1] ?? 0)
    if (rest.length < end + 4 + length) return answers
    answers.push(rest.slice(0, end + 4 + length))
    rest = rest.slice(end + 4 + length)
  }
}

/** The head of a request, and its body where there is one. */
export function rawRequest(body: Buffer | string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const bytes = Buffer.from(body)
  const all = { Host: 'x', 'Content-Type': PROTOBUF, 'Content-Length': String(bytes.length), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`POST /v1/logs HTTP/1.1\r\n${lines.join('')}\r\n`), bytes])
}
