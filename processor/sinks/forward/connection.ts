import type { Socket } from 'node:net'
import type { ListenAddress } from '../../config/network.ts'
import { decodeAck } from '../../forward/ack.ts'
import { decodeHelo } from '../../forward/handshake.ts'
import type { SmallValue } from '../../forward/small-value.ts'
import { Answers, beginsWithHelo } from './answers.ts'
import { dial, type Tls } from './dial.ts'
import { type Failure, failureOf } from './failure.ts'
import { Greeting, type Identity } from './greeting.ts'
import { type Chunk, Transmission, type TransmissionOwner } from './transmission.ts'

/**
 * Milliseconds without a chunk after which a connection is closed. Servers that close earlier are noticed; one that does
 * so just when a chunk is on its way costs a repetition.
 */
const IDLE_MS = 30_000
/** Milliseconds that a connection gets to be closed in good order. */
const FAREWELL_MS = 1_000
/** Acknowledgements in a row that nobody waits for: of chunks whose time was up, or given twice. */
const MOST_UNEXPECTED = 64
/** Bytes that a server may say between two chunks where nothing is expected of it. */
const MOST_IDLE_TALK = 64 * 1024

export interface ConnectionSettings {
  readonly address: ListenAddress
  readonly tls: Tls | undefined
  /** Where there is one, nothing is sent before the server has proved that it has the same key. */
  readonly identity: Identity | undefined
  /** Milliseconds to be made, with TLS and handshake. */
  readonly connectTimeout: number
  /** Whether chunks have ids, by which they are acknowledged. */
  readonly acknowledged: boolean
  /** Milliseconds for a chunk to be written and acknowledged. */
  readonly ackTimeout: number
}

export interface ConnectionOwner {
  /** Whether the server wants one message for each connection. */
  single(wanted: boolean): void
  /** Once at most, before the chunks are told. */
  failed(failure: Failure): void
  /** It takes no more chunks. Those under way may still go on. */
  left(connection: Connection): void
  /** Its socket is closed. */
  gone(connection: Connection): void
}

/** One connection to a server, from the first attempt to make it. */
export class Connection implements TransmissionOwner {
  readonly #settings: ConnectionSettings
  readonly #owner: ConnectionOwner
  readonly #socket: Socket
  readonly #transmission: Transmission
  readonly #answers = new Answers()
  readonly #greeting: Greeting | undefined
  /** Until it is open: for all that this takes. Later: while it is idle. */
  #timer: NodeJS.Timeout | undefined
  #connected = false
  #open = false
  #left = false
  #closed = false
  #failed = false
  #served = false
  #unexpected = 0
  #overheard = false

  constructor(settings: ConnectionSettings, owner: ConnectionOwner) {
    this.#settings = settings
    this.#owner = owner
    this.#greeting = settings.identity === undefined ? undefined : new Greeting(settings.identity)
    this.#timer = setTimeout(() => this.#fail('slow'), settings.connectTimeout)
    const socket = dial(settings.address, settings.tls, () => this.#ready())
    socket.on('data', (bytes: Buffer) => this.#heard(bytes))
    socket.on('error', (error) => this.#fail(failureOf(error, this.#connected)))
    // Whoever has said all that there was to say acknowledges nothing any more.
    socket.on('end', () => this.#fail('closed'))
    socket.on('close', () => {
      this.#fail('closed')
      owner.gone(this)
    })
    this.#socket = socket
    this.#transmission = new Transmission(socket, settings.ackTimeout, this)
  }

  send(chunk: Chunk): void {
    if (this.#open) clearTimeout(this.#timer)
    if (!this.#settings.acknowledged) this.#unexpected = 0
    this.#transmission.add(chunk)
  }

  /** With no chunk under way. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) {
        resolve()
        return
      }
      this.#socket.once('close', resolve)
      this.#end()
    })
  }

  #ready(): void {
    this.#connected = true
    if (this.#greeting === undefined) this.#opened()
  }

  #opened(): void {
    this.#open = true
    clearTimeout(this.#timer)
    this.#transmission.open()
    this.rested()
  }

  #heard(bytes: Buffer): void {
    if (this.#closed) return
    if (this.#open && !this.#settings.acknowledged) {
      this.#overhear(bytes)
      return
    }
    try {
      this.#answers.read(bytes, (value) => {
        if (this.#open) this.#takeAck(value)
        else this.#greet(value)
        return !this.#closed
      })
    } catch {
      // What it has said is not repeated.
      this.#fail('garbled')
    }
  }

  #greet(value: SmallValue): void {
    const step = this.#greeting?.take(value) ?? { failure: 'garbled' }
    if ('failure' in step) {
      this.#fail(step.failure)
    } else if ('say' in step) {
      this.#socket.write(step.say)
    } else {
      this.#owner.single(!step.keepalive)
      if (!step.keepalive) this.#leave(1)
      this.#opened()
    }
  }

  #takeAck(value: SmallValue): void {
    const id = decodeAck(value)?.toString('latin1')
    if (id === undefined) {
      this.#fail(decodeHelo(value) === undefined ? 'garbled' : 'greeted')
    } else if (this.#transmission.acknowledge(id)) {
      this.#unexpected = 0
    } else {
      this.#unexpected += 1
      if (this.#unexpected > MOST_UNEXPECTED) this.#fail('flooding')
    }
  }

  /**
   * Nothing is expected of the server. A connection that is closed with something unread in it is reset, and what had
   * been accepted could be lost: so it is read. But a server that begins a handshake drops all that it gets.
   */
  #overhear(bytes: Buffer): void {
    this.#unexpected += bytes.length
    if (this.#unexpected > MOST_IDLE_TALK) this.#fail('flooding')
    else if (!this.#overheard && beginsWithHelo(bytes)) this.#fail('greeted')
    this.#overheard = true
  }

  served(): void {
    this.#served = true
  }

  stuck(): void {
    this.#fail('stuck')
  }

  /** Others may still be acknowledged, and would have to be sent twice; but this connection gets no more. */
  late(): void {
    this.#report('late')
    this.#leave(0)
  }

  rested(): void {
    if (this.#closed || !this.#transmission.isEmpty) return
    if (this.#left) {
      this.#end()
    } else {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#end(), IDLE_MS).unref()
    }
  }

  /** Gives back what is not begun, but for so many. */
  #leave(keep: number): void {
    this.#retire()
    this.#transmission.giveBack(keep)
  }

  #retire(): void {
    if (this.#left) return
    this.#left = true
    this.#owner.left(this)
  }

  /** In good order, with nothing under way. */
  #end(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#timer)
    this.#leave(0)
    const timer = setTimeout(() => this.#socket.destroy(), FAREWELL_MS)
    this.#socket.once('close', () => clearTimeout(timer))
    this.#socket.destroySoon()
  }

  #report(failure: Failure): void {
    if (this.#failed) return
    this.#failed = true
    this.#owner.failed(failure)
  }

  /** At once. A server that closes a connection on which nothing is under way has not failed. */
  #fail(failure: Failure): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#timer)
    this.#socket.destroy()
    const closed = failure === 'closed' && this.#open
    const stale = closed && this.#served
    if (!stale && !(closed && this.#transmission.isEmpty)) this.#report(failure)
    this.#retire()
    this.#transmission.end(stale ? 'stale' : failure)
  }
}
