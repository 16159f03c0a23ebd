import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { decodeMultiStream, encode } from '@msgpack/msgpack'
import { ConnectionBatches, type Journal, type Kept } from './kept-batches.ts'

/** What a receiver of Fluent Forward may do with a message. */
export const FORWARD_BEHAVIOURS = [
  'acknowledge',
  'acknowledge-late',
  'acknowledge-in-pieces',
  'acknowledge-twice',
  'acknowledge-then-close',
  'read-slowly',
  'close-before-message',
  'hang-up-in-message',
  'hang-up-before-storing',
  'drop-then-acknowledge-another',
  'drop-then-cut-acknowledgement',
  'drop-then-talk-nonsense',
  'store-then-say-nothing',
  'store-then-close',
  'store-then-hang-up',
] as const
export type ForwardBehaviour = (typeof FORWARD_BEHAVIOURS)[number]

/** Milliseconds that it takes where it is slow: far below what a sink waits. */
const LATE = 100
const SLOW = 20

/** A receiver of Fluent Forward that keeps what it gets, and behaves as it is told. It shares no code with the sink. */
export class ForwardBackend {
  readonly stored: Kept[] = []
  readonly counts = new Map<ForwardBehaviour, number>()
  /** What was dealt for a message that never came. */
  readonly #undealt: ForwardBehaviour[] = []
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((socket) => this.#serve(socket))
  #next: () => ForwardBehaviour

  readonly #journal: Journal | undefined

  private constructor(next: () => ForwardBehaviour, journal: Journal | undefined) {
    this.#next = next
    this.#journal = journal
  }

  static async start(
    next: () => ForwardBehaviour = () => 'acknowledge',
    port = 0,
    journal?: Journal,
  ): Promise<ForwardBackend> {
    const backend = new ForwardBackend(next, journal)
    await once(backend.#server.listen(port, '127.0.0.1'), 'listening')
    return backend
  }

  get endpoint(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Forgets what it has, and behaves like this from now on: from the second message of a connection that is open. */
  reset(next: () => ForwardBehaviour): void {
    this.stored.length = 0
    this.counts.clear()
    this.#undealt.length = 0
    this.#next = next
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
    void new Conversation(socket, new ConnectionBatches(this.stored, this.#journal), this).run()
  }

  deal(): ForwardBehaviour {
    return this.#undealt.pop() ?? this.#next()
  }

  /** It comes again, with another message. */
  undeal(behaviour: ForwardBehaviour): void {
    this.#undealt.push(behaviour)
  }

  dealInsteadOf(behaviour: ForwardBehaviour): ForwardBehaviour {
    const other = this.#next()
    this.undeal(behaviour)
    return other === behaviour ? this.dealInsteadOf(other) : other
  }

  count(behaviour: ForwardBehaviour): void {
    this.counts.set(behaviour, (this.counts.get(behaviour) ?? 0) + 1)
  }
}

/** One connection. What is done with a message is decided before it comes. */
class Conversation {
  readonly #socket: Socket
  readonly #batches: ConnectionBatches
  readonly #backend: ForwardBackend
  #behaviour: ForwardBehaviour = 'acknowledge'
  /** Whether anything has come since it was decided what is done with the next message. */
  #begun = false
  /** Whether the sender is not to be told anything any more. */
  #over = false

  constructor(socket: Socket, batches: ConnectionBatches, backend: ForwardBackend) {
    this.#socket = socket
    this.#batches = batches
    this.#backend = backend
  }

  async run(): Promise<void> {
    const messages = decodeMultiStream(this.#bytes())
    try {
      while (!this.#over) {
        this.#behaviour = this.#backend.deal()
        this.#begun = false
        if (this.#behaviour === 'close-before-message') this.#closeBefore()
        else if (!(await this.#take(await messages.next()))) return
      }
      // What is not read would reset the connection, and take back what was said last.
      while ((await messages.next()).done !== true) {}
    } catch {
      // It was lost amid a message.
      if (!this.#over) this.#backend.undeal(this.#behaviour)
    }
  }

  async *#bytes(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#socket as AsyncIterable<Buffer>) {
      if (!this.#over && this.#behaviour === 'read-slowly') await wait(SLOW)
      this.#begun = true
      yield chunk
      // More is asked for, so that a message has begun, and is not whole.
      if (!this.#over && this.#begun && this.#behaviour === 'hang-up-in-message') return this.#hangUp()
    }
  }

  /** @returns false where there was no message. */
  async #take({ value, done }: IteratorResult<unknown>): Promise<boolean> {
    if (done === true) {
      if (!this.#over) this.#backend.undeal(this.#behaviour)
      return false
    }
    // It was too short for that: the next one may be longer.
    if (this.#behaviour === 'hang-up-in-message') this.#behaviour = this.#backend.dealInsteadOf(this.#behaviour)
    if (this.#behaviour === 'close-before-message') this.#closeBefore()
    else await this.#answer(value as Message)
    return true
  }

  async #answer(message: Message): Promise<void> {
    const behaviour = this.#behaviour
    const ack = Buffer.from(encode({ ack: message[2].chunk }))
    if (behaviour === 'hang-up-before-storing') {
      this.#hangUp()
    } else if (behaviour.startsWith('drop-then')) {
      this.#dismiss(ack)
    } else {
      const kept = this.#batches.keep({ format: 'forward', bytes: plainMessage(message), rejected: 0 })
      if (behaviour.startsWith('store-then')) this.#withhold()
      else await this.#acknowledge(kept, ack)
    }
  }

  #dismiss(ack: Buffer): void {
    this.#backend.count(this.#behaviour)
    if (this.#behaviour === 'drop-then-acknowledge-another') {
      this.#socket.write(encode({ ack: randomBytes(16).toString('base64') }))
    } else if (this.#behaviour === 'drop-then-cut-acknowledgement') {
      this.#socket.write(ack.subarray(0, ack.length / 2))
      this.#end()
    } else {
      this.#over = true
      this.#socket.write(encode('stored, thank you'))
    }
  }

  #withhold(): void {
    if (this.#behaviour === 'store-then-hang-up') {
      this.#hangUp()
    } else {
      this.#backend.count(this.#behaviour)
      if (this.#behaviour === 'store-then-close') this.#end()
    }
  }

  async #acknowledge(kept: Kept, ack: Buffer): Promise<void> {
    if (this.#behaviour === 'acknowledge-late') await wait(LATE)
    // Whoever has gone is told nothing.
    if (this.#socket.destroyed || !this.#socket.writable) return
    this.#backend.count(this.#behaviour)
    this.#batches.acknowledge(kept)
    const pieces = this.#behaviour === 'acknowledge-in-pieces' ? Array.from(ack, (byte) => Buffer.of(byte)) : [ack]
    for (const piece of pieces) {
      this.#socket.write(piece)
      await turn()
    }
    if (this.#behaviour === 'acknowledge-twice') this.#socket.write(ack)
    if (this.#behaviour === 'acknowledge-then-close') this.#end()
  }

  #closeBefore(): void {
    this.#backend.count(this.#behaviour)
    this.#end()
  }

  /** In good order: what was written before is read. */
  #end(): void {
    this.#over = true
    this.#socket.end()
  }

  #hangUp(): void {
    this.#backend.count(this.#behaviour)
    this.#over = true
    this.#batches.reset()
    this.#socket.resetAndDestroy()
  }
}

type Message = [tag: string, entries: Uint8Array, option: { chunk: string; size: number; compressed?: 'gzip' }]

function plainMessage([tag, entries, { size, compressed }]: Message): Buffer {
  return Buffer.from(encode([tag, compressed === 'gzip' ? gunzipSync(entries) : entries, { size }]))
}
