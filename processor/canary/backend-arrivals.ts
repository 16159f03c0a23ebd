import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import { isLoopback, type ListenAddress } from '../config/network.ts'
import { FieldsealError } from '../errors.ts'
import { otlpProtobufToJson } from '../formats/otlp-protobuf-to-json.ts'
import type { Arrivals } from './arrivals.ts'

const MOST_WIRE_BYTES = 64 << 20
const MOST_BYTES = 256 << 20
const DECODERS: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  zstd: promisify(zstdDecompress),
}

/** A backend of a sink of type `otlp_http`, which takes everything and keeps nothing. */
export class BackendArrivals implements Arrivals {
  readonly #listen: ListenAddress
  #server: Server | undefined

  constructor(listen: ListenAddress) {
    this.#listen = listen
  }

  /** `127.0.0.1:4320`; empty before `start`. */
  get address(): string {
    const address = this.#server?.address() as AddressInfo | null | undefined
    if (address === null || address === undefined) return ''
    return `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
  }

  async start(take: (json: string) => void): Promise<void> {
    const { host, port } = this.#listen
    if (!isLoopback(this.#listen))
      throw new FieldsealError('FIELDSEAL_LISTEN_FAILED', '--listen is for a loopback address: it knows no TLS')
    const server = createServer((request, response) => {
      answer(request, response, take).catch(() => response.destroy())
    })
    this.#server = server
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('error', () =>
      reject(new FieldsealError('FIELDSEAL_LISTEN_FAILED', `--listen: ${host}:${port} cannot be listened on`)),
    )
    server.listen({ host, port }, resolve)
    await promise
  }

  async close(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    const { promise, resolve } = Promise.withResolvers<void>()
    server.close(() => resolve())
    server.closeAllConnections()
    await promise
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, take: (json: string) => void): Promise<void> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MOST_WIRE_BYTES) return void response.writeHead(413, { connection: 'close' }).end()
    parts.push(part)
  }
  const type = request.headers['content-type'] ?? ''
  try {
    const bytes = await decoded(Buffer.concat(parts), request.headers['content-encoding'])
    take((type.startsWith('application/json') ? bytes : otlpProtobufToJson(bytes)).toString())
  } catch {
    return void response.writeHead(400).end()
  }
  response.writeHead(200, { 'content-type': type })
  response.end(type.startsWith('application/json') ? '{}' : undefined)
}

async function decoded(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return bytes
  const decoder = DECODERS[encoding]
  if (decoder === undefined) throw new FieldsealError('FIELDSEAL_REQUEST_INVALID', 'an encoding that it does not know')
  return decoder(bytes, { maxOutputLength: MOST_BYTES })
}
