import { connect, type Socket } from 'node:net'
import { decode, decodeMulti, decodeMultiStream, encode } from '@msgpack/msgpack'
import { afterEach, onTestFinished } from 'vitest'
import { accepted } from '../../../../processor/pipeline/settlement.ts'
import { type ForwardSourceSettings, forwardSourceSettings } from '../../../../processor/sources/forward/settings.ts'
import { type ForwardSource, forwardSource } from '../../../../processor/sources/forward/source.ts'
import type { Deliver } from '../../../../processor/sources/source.ts'
import { sourceContext } from '../suite.ts'

const started: ForwardSource[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map((source) => source.close()))
})

/** Settings as the configuration gives them. */
export function settingsOf(options: object = {}): ForwardSourceSettings {
  return forwardSourceSettings.parse({ type: 'forward', listen: '127.0.0.1:0', ...options })
}

export interface Started {
  readonly source: ForwardSource
  readonly context: ReturnType<typeof sourceContext>
  readonly port: number
  /** What was delivered, oldest first. */
  readonly delivered: Buffer[]
}

export interface StartOptions {
  readonly options?: object
  readonly deliver?: Deliver
  readonly limits?: { total?: number; connection?: number }
}

/** A source that listens, and is closed when the test is over. */
export async function startSource({
  options = {},
  deliver = async () => accepted(),
  limits = { total: 256 * 1024 * 1024 },
}: StartOptions = {}): Promise<Started> {
  const delivered: Buffer[] = []
  const context = sourceContext((batch) => {
    delivered.push(Buffer.from(batch.bytes))
    return deliver(batch)
  }, limits)
  const source = forwardSource(settingsOf(options), context)
  started.push(source)
  await source.start()
  return { source, context, port: Number(source.address.split(':').at(-1)), delivered }
}

/** A connection that says what it is told to, and keeps what comes. */
export class RawClient {
  readonly socket: Socket
  received = Buffer.alloc(0)
  /** What came in each event of the socket. */
  readonly parts: Buffer[] = []
  readonly closed: Promise<void>
  ended = false

  constructor(port: number, socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })) {
    this.socket = socket
    this.socket.setNoDelay(true)
    this.socket.on('data', (part: Buffer) => {
      this.parts.push(part)
      this.received = Buffer.concat([this.received, part])
    })
    this.socket.on('end', () => {
      this.ended = true
      this.socket.end()
    })
    // A reset is an end like any other.
    this.socket.on('error', () => {})
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()))
    onTestFinished(() => {
      this.socket.destroy()
    })
  }

  write(part: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.socket.write(part, () => resolve()))
  }

  /** Everything that came, decoded: as much as is whole. */
  async values(): Promise<unknown[]> {
    const values: unknown[] = []
    const stream = (async function* (bytes: Uint8Array) {
      yield bytes
    })(this.received)
    try {
      for await (const value of decodeMultiStream(stream)) values.push(value)
    } catch {
      // The last one is not whole.
    }
    return values
  }

  /** Resolves once so many values have come, or the connection has ended. */
  async until(count: number): Promise<unknown[]> {
    for (;;) {
      const values = await this.values()
      if (values.length >= count || this.socket.closed || this.ended) return values
      await new Promise<void>((resolve) => {
        const done = () => {
          for (const event of ['data', 'close', 'end']) this.socket.off(event, done)
          resolve()
        }
        for (const event of ['data', 'close', 'end']) this.socket.on(event, done)
      })
    }
  }

  /** Chunks that were acknowledged so far. */
  async acks(): Promise<string[]> {
    return (await this.values()).flatMap((value) => (value as { ack?: string }).ack ?? [])
  }
}

export const record = (text: string): object => ({ log: text })
export const messageMode = (text: string, option?: object): Buffer =>
  Buffer.from(encode(['app.log', 1700000000, record(text), ...(option === undefined ? [] : [option])]))
export const forwardMode = (texts: readonly string[], option?: object): Buffer =>
  Buffer.from(
    encode(['app.log', texts.map((text) => [1700000000, record(text)]), ...(option === undefined ? [] : [option])]),
  )
export const entriesOf = (texts: readonly string[]): Buffer =>
  Buffer.concat(texts.map((text) => encode([1700000000, record(text)])))
export const packedMode = (texts: readonly string[], option?: object): Buffer =>
  Buffer.from(encode(['app.log', entriesOf(texts), ...(option === undefined ? [] : [option])]))

/** The same with the stream of entries as str, as Fluentd has it. */
export function packedAsText(entries: Buffer, option?: object): Buffer {
  const header = Buffer.from([0xdb, 0, 0, 0, 0])
  header.writeUInt32BE(entries.length, 1)
  const head = Buffer.concat([Buffer.from([option === undefined ? 0x92 : 0x93]), encode('app.log'), header, entries])
  return option === undefined ? head : Buffer.concat([head, encode(option)])
}

/** Texts of the records of a message, whatever its mode. */
export function textsOf(bytes: Uint8Array): string[] {
  const [, second, third] = decode(bytes, { rawStrings: true, mapKeyConverter: String }) as [unknown, unknown, unknown]
  const text = (item: unknown): string => Buffer.from((item as { log: Uint8Array }).log).toString()
  if (second instanceof Uint8Array)
    return [...decodeMulti(second, { rawStrings: true })].map((entry) => text((entry as unknown[])[1]))
  if (Array.isArray(second)) return second.map(([, item]) => text(item))
  return [text(third)]
}
