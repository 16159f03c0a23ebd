import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { decodeMultiStream } from '@msgpack/msgpack'
import { forwardMessage } from './numbered.ts'
import type { Outcome } from './repeating-sender.ts'

/** A client of Fluent Forward that asks for acknowledgements, and keeps its connection for as long as it is there. */
export class ForwardSender {
  readonly #port: number
  #socket: Socket | undefined
  #acknowledgements: AsyncGenerator<unknown> | undefined

  constructor(port: number) {
    this.#port = port
  }

  /** Sends these records once, as one chunk. */
  async send(numbers: readonly number[]): Promise<Outcome> {
    if (!(await this.#connect())) return 'not sent'
    const chunk = Buffer.from(`chunk ${numbers[0]}`).toString('base64')
    this.#socket?.write(forwardMessage(numbers, chunk))
    const { value, done } = await this.#acknowledgements!.next().catch(() => ({ value: undefined, done: true }))
    if (done === true) {
      this.close()
      return 'not told'
    }
    if (!isDeepStrictEqual(value, { ack: chunk }))
      throw new Error(`${JSON.stringify(value)} acknowledges something else than ${chunk}`)
    return 'accepted'
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  async #connect(): Promise<boolean> {
    if (this.#socket !== undefined) return true
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    try {
      await once(socket, 'connect')
    } catch {
      return false
    }
    socket.on('error', () => {})
    this.#socket = socket
    this.#acknowledgements = decodeMultiStream(socket as AsyncIterable<Buffer>)
    return true
  }
}
