import type { Socket } from 'node:net'
import type { ListenAddress } from '../../config/network.ts'
import { decodeAck } from '../../forward/ack.ts'
import { decodeHelo } from '../../forward/handshake.ts'
import type { SmallValue } from '../../forward/small-value.ts'
import { Answers } from './answers.ts'
import { dial, type Tls } from './dial.ts'
import { type Failure, failureOf } from './failure.ts'
import { Greeting, type Identity } from './greeting.ts'

/**
 * Milliseconds without a chunk after which a connection is closed. Servers that close earlier are noticed; one that does
 * so just when a chunk is on its way costs a repetition.
 */
const IDLE_MS = 30_000
/** Milliseconds that a connection gets to be closed in good order. */
const FAREWELL_MS = 1_000
/** Acknowledgements in a row that nobody waits for: of chunks whose time was up, or given twice. */
const MOST_UNEXPECTED = 64

/**
 * What became of a chunk. `unsent`: nothing of it was written. `stale`: the connection had served others before it was
 * lost, and may have been closed as idle.
 */
export type Outcome = 'accepted' | 'unsent' | 'stale' | Failure

/** A message as it is sent. */
export interface Chunk {
  /** By which it is acknowledged; undefined where it is accepted once it is written. */
  readonly id: string | undefined
  readonly parts: readonly Uint8Array[]
  /** Called once. From then on nothing of `parts` is read any more. */
  readonly ended: (outcome: Outcome) => void
}

export interface ConnectionSettings {
  readonly address: ListenAddress
  readonly tls: Tls | undefined
  /** Where there is one, nothing is sent before the server has proved that it has the same key. */
  readonly identity: Identity | undefined
  /** Milliseconds to be made, with TLS and handshake. */
  readonly connectTimeout: number
  /** Milliseconds for a chunk to be written and acknowledged. */
  readonly ackTimeout: number
}

export interface ConnectionOwner {
  /** The server wants one message for each connection. */
  single(): void
  /** Once at most, before the chunks are told. */
  failed(failure: Failure): void
  /** It takes no more chunks. Those under way may still go on. */
  left(connection: Connection): void
  /** Its socket is closed. */
  gone(connection: Connection): void
}

interface UnderWay {
  readonly chunk: Chunk
  timer: NodeJS.Timeout | undefined
  written: boolean
  acknowledged: boolean
}

/**
 * One connection to a server. Chunks are written one after the other; several may wait for their acknowledgement, which
 * come in any order.
 */
export class Connection {
  readonly #settings: ConnectionSettings
  readonly #owner: ConnectionOwner
  readonly #socket: Socket
  readonly #answers = new Answers()
  readonly #greeting: Greeting | undefined
  /** Until it is open: for the whole of it. Later: while it is idle. */
  #timer: NodeJS.Timeout | undefined
  #connected = false
  #open = false
  /** Takes no more chunks. */
  #left = false
  #closed = false
  #failed = false
  #served = false
  #unexpected = 0
  /** Not yet begun to be written. */
  #queue: Chunk[] = []
  #writing: UnderWay | undefined
  readonly #unacknowledged = new Map<string, UnderWay>()

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
  }

  send(chunk: Chunk): void {
    this.#queue.push(chunk)
    if (this.#open) this.#writeNext()
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
    this.#timer = undefined
    this.#writeNext()
  }

  #heard(bytes: Buffer): void {
    if (this.#closed) return
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
    const step = this.#greeting?.take(value)
    if (step === undefined) {
      this.#fail('garbled')
    } else if ('failure' in step) {
      this.#fail(step.failure)
    } else if ('say' in step) {
      this.#socket.write(step.say)
    } else {
      if (!step.keepalive) {
        this.#owner.single()
        this.#leave(1)
      }
      this.#opened()
    }
  }

  #takeAck(value: SmallValue): void {
    const id = decodeAck(value)?.toString('latin1')
    if (id === undefined) {
      this.#fail(decodeHelo(value) === undefined ? 'garbled' : 'greeted')
      return
    }
    const entry = this.#unacknowledged.get(id)
    if (entry === undefined) {
      this.#unexpected += 1
      if (this.#unexpected > MOST_UNEXPECTED) this.#fail('flooding')
      return
    }
    this.#unexpected = 0
    this.#unacknowledged.delete(id)
    entry.acknowledged = true
    this.#settle(entry)
  }

  #writeNext(): void {
    if (this.#writing !== undefined || this.#closed) return
    const chunk = this.#queue.shift()
    if (chunk === undefined) {
      this.#rest()
      return
    }
    clearTimeout(this.#timer)
    const { id, parts } = chunk
    const entry: UnderWay = { chunk, timer: undefined, written: false, acknowledged: id === undefined }
    entry.timer = setTimeout(() => this.#expire(entry), this.#settings.ackTimeout)
    this.#writing = entry
    if (id !== undefined) this.#unacknowledged.set(id, entry)
    // In one call of the system, where it takes them.
    this.#socket.cork()
    for (const part of parts.slice(0, -1)) this.#socket.write(part)
    this.#socket.write(parts.at(-1)!, (error) => {
      if (error === undefined || error === null) this.#written(entry)
    })
    this.#socket.uncork()
  }

  #written(entry: UnderWay): void {
    entry.written = true
    this.#writing = undefined
    this.#settle(entry)
    this.#writeNext()
  }

  /** An acknowledgement can be seen before Node says that the last bytes are written: only then they are free. */
  #settle(entry: UnderWay): void {
    if (this.#closed || !entry.written || !entry.acknowledged) return
    clearTimeout(entry.timer)
    this.#served = true
    entry.chunk.ended('accepted')
    this.#rest()
  }

  #expire(entry: UnderWay): void {
    if (!entry.written) {
      this.#fail('stuck')
      return
    }
    // Others may still be acknowledged, and would have to be sent twice; but this server gets no more.
    if (entry.chunk.id !== undefined) this.#unacknowledged.delete(entry.chunk.id)
    this.#report('late')
    this.#leave(0)
    entry.chunk.ended('late')
    this.#rest()
  }

  /** Gives back what is not written, but for so many. */
  #leave(keep: number): void {
    if (!this.#left) {
      this.#left = true
      this.#owner.left(this)
    }
    for (const chunk of this.#queue.splice(keep)) chunk.ended('unsent')
  }

  #rest(): void {
    if (this.#closed || this.#writing !== undefined || this.#queue.length > 0 || this.#unacknowledged.size > 0) return
    if (this.#left) {
      this.#end()
    } else {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#end(), IDLE_MS).unref()
    }
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

  /** Closes it at once: from here on Node and the system read nothing of what was to be written. */
  #fail(failure: Failure): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#timer)
    this.#socket.destroy()
    const writing = this.#writing
    const lost = new Set(this.#unacknowledged.values())
    if (writing !== undefined) lost.add(writing)
    this.#unacknowledged.clear()
    this.#writing = undefined
    const stale = failure === 'closed' && this.#served
    const idle = failure === 'closed' && this.#open && lost.size === 0 && this.#queue.length === 0
    if (!stale && !idle) this.#report(failure)
    const outcome = stale ? 'stale' : failure
    const unsent = this.#queue
    this.#queue = []
    this.#leave(0)
    for (const { timer } of lost) clearTimeout(timer)
    for (const { chunk } of lost) chunk.ended(outcome)
    for (const chunk of unsent) chunk.ended(this.#open ? 'unsent' : outcome)
  }
}
