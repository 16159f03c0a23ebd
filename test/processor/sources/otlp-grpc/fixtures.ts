import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2, constants } from 'node:http2'
import {
  type CallOptions,
  ChannelCredentials,
  Client,
  type ClientOptions,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js'
import { afterEach, onTestFinished } from 'vitest'
import { asItIs, EXPORT_LOGS, STATUS_DETAILS } from '../../../../processor/http/grpc.ts'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import {
  type OtlpGrpcSourceSettings,
  otlpGrpcSourceSettings,
} from '../../../../processor/sources/otlp-grpc/settings.ts'
import { otlpGrpcSource } from '../../../../processor/sources/otlp-grpc/source.ts'
import type { Deliver, Source } from '../../../../processor/sources/source.ts'
import { type RpcStatus, rpcStatus } from '../otlp-http/rpc-status.ts'
import { sourceContext } from '../suite.ts'

const started: Source[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map((source) => source.close()))
})

/** Settings as the configuration gives them. */
export function settingsOf(options: object = {}): OtlpGrpcSourceSettings {
  return otlpGrpcSourceSettings.parse({ type: 'otlp_grpc', listen: '127.0.0.1:0', ...options })
}

export interface Started {
  readonly source: Source<OtlpGrpcSourceSettings>
  readonly context: ReturnType<typeof sourceContext>
  readonly address: string
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
  const source = otlpGrpcSource(settingsOf(options), context)
  started.push(source)
  await source.start()
  const { address } = source
  return { source, context, address, port: Number(address.split(':').at(-1)), delivered }
}

/** What a client was told of a call. */
export interface Answered {
  readonly code: number
  readonly details: string
  readonly body: Buffer | undefined
  /** Of the trailers, where it is there. */
  readonly status: RpcStatus | undefined
}

/** A client of grpc-js on a connection of its own, which is closed when the test is over. */
export function clientTo(
  address: string,
  credentials: ChannelCredentials = ChannelCredentials.createInsecure(),
  options: ClientOptions = {},
): Client {
  const client = new Client(address, credentials, {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_send_message_length': -1,
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

export interface AskOptions extends CallOptions {
  readonly metadata?: Readonly<Record<string, string>>
  readonly path?: string
}

export function ask(
  client: Client,
  message: Buffer,
  { metadata = {}, path, ...options }: AskOptions = {},
): Promise<Answered> {
  const sent = new Metadata()
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value)
  return new Promise((resolve) => {
    client.makeUnaryRequest(path ?? EXPORT_LOGS, asItIs, asItIs, message, sent, options, (error, body) =>
      resolve(error === null ? { code: 0, details: '', body, status: undefined } : { ...told(error), body: undefined }),
    )
  })
}

function told({ code, details, metadata }: ServiceError): Omit<Answered, 'body'> {
  const [bytes] = metadata.get(STATUS_DETAILS)
  return { code, details, status: Buffer.isBuffer(bytes) ? rpcStatus(bytes, undefined) : undefined }
}

/** A message as it is on the wire: Compressed-Flag, Message-Length, message. */
export function framed(message: Buffer, compressed = false): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt8(Number(compressed), 0)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

/** A connection of Node's own HTTP/2, which sends what no client of gRPC would. */
export class RawClient {
  readonly session: ClientHttp2Session
  readonly closed: Promise<void>

  constructor(address: string, options: Parameters<typeof connectHttp2>[1] = {}, scheme = 'http') {
    this.session = connectHttp2(`${scheme}://${address}`, options)
    this.session.on('error', () => {})
    this.closed = new Promise((resolve) => this.session.once('close', () => resolve()))
    onTestFinished(() => this.session.destroy())
  }

  call(headers: Readonly<Record<string, string>> = {}): RawCall {
    return new RawCall(
      this.session.request({
        ':method': 'POST',
        ':path': EXPORT_LOGS,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...headers,
      }),
    )
  }
}

export class RawCall {
  readonly stream: ClientHttp2Stream
  /** Headers and trailers together, once the stream is closed. */
  readonly answer: Promise<Readonly<Record<string, unknown>>>
  /** Bytes that came. */
  body = Buffer.alloc(0)

  constructor(stream: ClientHttp2Stream) {
    this.stream = stream
    let seen: Record<string, unknown> = {}
    const see = (headers: object) => {
      seen = { ...seen, ...headers }
    }
    stream.on('response', see)
    stream.on('trailers', see)
    stream.on('data', (part: Buffer) => {
      this.body = Buffer.concat([this.body, part])
    })
    stream.on('error', () => {})
    this.answer = new Promise((resolve) => stream.once('close', () => resolve(seen)))
  }

  /** Resolves once it is sent. */
  write(part: Buffer): Promise<void> {
    return new Promise((resolve) => this.stream.write(part, () => resolve()))
  }

  end(part: Buffer = Buffer.alloc(0)): this {
    this.stream.end(part)
    return this
  }

  cancel(): void {
    this.stream.close(constants.NGHTTP2_CANCEL)
  }
}

/** ExportLogsServiceRequest with one record, whose body is a text. */
export function batchOf(text: string): Buffer {
  const field = (number: number, content: Buffer): Buffer => {
    const head: number[] = [(number << 3) | 2]
    let rest = content.length
    for (; rest > 0x7f; rest >>>= 7) head.push((rest & 0x7f) | 0x80)
    return Buffer.concat([Buffer.from([...head, rest]), content])
  }
  return field(1, field(2, field(2, field(5, field(1, Buffer.from(text))))))
}
