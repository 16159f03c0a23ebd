import type { Socket } from 'node:net'
import { FieldsealError } from '../../errors.ts'
import { encodeAck } from '../../forward/ack.ts'
import type { ByteBudget, ConnectionBudget } from '../../pipeline/byte-budget.ts'
import type { Deliver } from '../source.ts'
import type { Credentials } from './credentials.ts'
import { Deliveries } from './deliveries.ts'
import { type Framed, Framing, type Oversized } from './framing.ts'
import { Intake } from './intake.ts'
import { Reception } from './reception.ts'
import type { ForwardSourceSettings } from './settings.ts'
import type { Tally } from './tally.ts'

/** Bytes that are read while a unit is passed on. Small messages gather meanwhile, and go together. */
const READ_AHEAD = 256 * 1024
/** Bytes of acknowledgements that a client may leave unread before nothing more is read of it. */
const UNREAD = 64 * 1024
/** What clients read at once: Fluent Bit takes a part of an acknowledgement for a failure. */
const ACK_BYTES = 1024
/** A PING, with names as long as they may be. */
const PING_BYTES = 3 * 1024
/** Milliseconds between two looks at whether there is room. */
const ROOM_MS = 50
/** Milliseconds for which a connection that is done stays open, for the client to read what was written last. */
const LINGER_MS = 2000

const NIL = 0xc0

/** What connections have in common. */
export interface ConnectionParts {
  readonly settings: ForwardSourceSettings
  readonly deliver: Deliver
  readonly tally: Tally
  /** Bytes that have come, and wait unreserved until there is room. */
  readonly unreserved: ByteBudget
  /** Something has been settled or closed. */
  readonly changed: () => void
}

/**
 * One client. What it sends is taken in order, and no faster than it can be passed on. Denies by default: nothing is a
 * message before the handshake, where there is one, has succeeded.
 */
export class Connection {
  readonly #parts: ConnectionParts
  readonly #socket: Socket
  readonly #deliveries: Deliveries
  readonly #intake: Intake
  readonly #messages: Framing
  /** Until the client has shown who it is. */
  #reception: Reception | undefined
  #framing: Framing
  readonly #clientGone = new AbortController()
  readonly #ended = new AbortController()
  /** What has come and is not taken yet, from `#at` on. */
  #input: Buffer | undefined
  #at = 0
  /** A value that is whole, and for which there was no room. */
  #untaken: Framed | Oversized | undefined
  #room: NodeJS.Timeout | undefined
  #unreserved = 0
  /** Nothing more is read; but where `#completing` the message that has begun. */
  #closing = false
  #completing = false
  /** Nothing more is taken, of what has come either. */
  #stopped = false
  #linger: NodeJS.Timeout | undefined
  /** When what is waited for began: a handshake, a message, an idle time. */
  #since = performance.now()

  constructor(socket: Socket, budget: ConnectionBudget, credentials: Credentials | undefined, parts: ConnectionParts) {
    const { settings, deliver, tally } = parts
    this.#parts = parts
    this.#socket = socket
    this.#messages = new Framing(budget, settings.max_message)
    this.#framing = this.#messages
    this.#deliveries = new Deliveries({
      deliver,
      tally,
      hold: settings.hold,
      acknowledgeRejected: settings.rejected === 'acknowledge',
      clientGone: this.#clientGone.signal,
      ended: this.#ended.signal,
      acknowledge: (chunks) => this.#acknowledge(chunks),
      withhold: () => this.finish(false),
      settled: () => this.#settled(),
    })
    const limits = { message: settings.max_message, inflated: settings.max_inflated }
    this.#intake = new Intake(this.#deliveries, budget, limits)
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.on('drain', () => this.#settled())
    socket.on('end', () => this.finish(false))
    // Told by `close`.
    socket.on('error', () => {})
    socket.once('close', () => this.#closed())
    if (credentials !== undefined) {
      this.#reception = new Reception(credentials, settings.keepalive)
      this.#framing = new Framing(budget, PING_BYTES)
      this.#write(this.#reception.helo)
    }
  }

  /** Whether a message is not settled, or its acknowledgement not sent. */
  get underWay(): boolean {
    if (this.#deliveries.busy || this.#pending) return true
    const { destroyed, writableFinished, writableLength } = this.#socket
    return !destroyed && (this.#completing || (this.#closing ? !writableFinished : writableLength > 0))
  }

  get closed(): boolean {
    return this.#socket.destroyed && !this.underWay
  }

  /** Whether what has come is not all taken. */
  get #pending(): boolean {
    return this.#input !== undefined || this.#untaken !== undefined
  }

  #received(chunk: Buffer): void {
    // Read so that the client is not reset before it has its last acknowledgement.
    if (this.#stopped || (this.#closing && !this.#completing)) return
    if (!this.#framing.started) this.#since = performance.now()
    this.#input = chunk
    this.#at = 0
    this.#process()
  }

  /** Takes what has come. What there is no room for waits. */
  #process(): void {
    try {
      while (!this.#stopped && this.#pending) {
        if (this.#takeNext()) continue
        this.#deliveries.run()
        this.#waitForRoom()
        return
      }
    } catch (error) {
      this.#sendAway(error instanceof FieldsealError ? error : internal())
    }
    this.#input = undefined
    this.#endWaiting()
    this.#deliveries.run()
    this.#goOn()
    if (this.#closing) this.#parts.changed()
  }

  /** @returns false where there is no room. */
  #takeNext(): boolean {
    if (this.#untaken === undefined) {
      const input = this.#input as Buffer
      // Before it is read: a chunk that is copied as a whole is freed, and has no length then.
      const { length } = input
      if (!this.#framing.started && this.#passesOver(input[this.#at] as number))
        return this.#advance(this.#at + 1, length)
      const frame = this.#framing.read(input, this.#at)
      if (frame === 'no room') return false
      this.#advance(frame.next, length)
      if (frame.value === undefined) return true
      this.#completing = false
      if (this.#reception !== undefined) return this.#receive(this.#reception, frame.value)
      this.#untaken = frame.value
    }
    if (!this.#intake.take(this.#untaken)) return false
    this.#untaken = undefined
    if (!this.#parts.settings.keepalive) this.#stop()
    return true
  }

  #advance(next: number, length: number): true {
    this.#at = next
    if (next === length) this.#input = undefined
    return true
  }

  /** Whether the byte at which a value begins is a value of its own that says nothing. */
  #passesOver(first: number): boolean {
    if (this.#reception !== undefined) return false
    if (first === NIL) return true
    if ((first & 0xf0) === 0x90 || first === 0xdc || first === 0xdd) return false
    // As MessagePack these are the numbers 123 and 91.
    const isJson = first === 0x7b || first === 0x5b
    throw new FieldsealError(
      'FIELDSEAL_INPUT_MALFORMED',
      isJson ? 'it sends JSON, as old Fluentd took it; only MessagePack is read' : 'it does not send Fluent Forward',
    )
  }

  #receive(reception: Reception, value: Framed | Oversized): true {
    const answer = 'oversized' in value ? undefined : reception.answer(value.bytes)
    if ('reservation' in value) value.reservation?.release()
    if (answer !== undefined) this.#write(answer.pong)
    if (answer?.authenticated !== true)
      throw new FieldsealError(
        'FIELDSEAL_UNAUTHENTICATED',
        'it has not shown that it knows the key, or user and password',
      )
    this.#reception = undefined
    this.#framing = this.#messages
    this.#since = performance.now()
    return true
  }

  #waitForRoom(): void {
    this.#socket.pause()
    const bytes = this.#input?.length ?? 0
    if (this.#room === undefined) {
      if (!this.#parts.unreserved.take(bytes)) {
        this.#refuseRoom()
        return
      }
      this.#unreserved = bytes
    }
    this.#room = setTimeout(() => this.#process(), ROOM_MS)
    this.#room.unref()
  }

  #endWaiting(): void {
    clearTimeout(this.#room)
    this.#room = undefined
    this.#parts.unreserved.give(this.#unreserved)
    this.#unreserved = 0
  }

  #refuseRoom(): void {
    const error = new FieldsealError('FIELDSEAL_BUSY', 'there is no room for what it sends')
    if (this.#nobodyElseHasIt) this.#parts.tally.lost(1, error)
    this.#sendAway(error)
  }

  /** Whether a whole message waits for room that its client will not send again. */
  get #nobodyElseHasIt(): boolean {
    return this.#untaken !== undefined && !this.#intake.keptByClient
  }

  /** Reads on, or closes where there is nothing more to be done. */
  #goOn(): void {
    if (this.#closing && !this.#completing) this.#endOnceSettled()
    else if (this.#full) this.#socket.pause()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }

  get #full(): boolean {
    if (this.#socket.writableLength > UNREAD) return true
    return this.#deliveries.busy && this.#deliveries.waitingBytes + this.#framing.held > READ_AHEAD
  }

  #settled(): void {
    this.#since = performance.now()
    if (!this.#pending) this.#goOn()
    this.#parts.changed()
  }

  /** Each acknowledgement goes out whole, in one write: with others where there are some, below 1 KiB. */
  #acknowledge(chunks: readonly Buffer[]): void {
    let together: Buffer[] = []
    let length = 0
    for (const chunk of chunks) {
      const ack = encodeAck(chunk)
      if (length + ack.length > ACK_BYTES && length > 0) {
        this.#write(Buffer.concat(together))
        together = []
        length = 0
      }
      together.push(ack)
      length += ack.length
    }
    if (length > 0) this.#write(Buffer.concat(together))
  }

  #write(bytes: Buffer): void {
    if (!this.#socket.destroyed && !this.#socket.writableEnded) this.#socket.write(bytes)
  }

  /**
   * Takes no more messages, and closes once those under way are settled.
   *
   * @param complete - whether a message that has begun may come to its end.
   */
  finish(complete: boolean): void {
    this.#closing = true
    this.#completing = complete && this.#reception === undefined && this.#framing.started && !this.#socket.destroyed
    if (!this.#pending) this.#goOn()
    this.#parts.changed()
  }

  #stop(): void {
    this.#stopped = true
    this.#closing = true
    this.#completing = false
    this.#untaken = undefined
    this.#input = undefined
  }

  #sendAway(error: FieldsealError): void {
    this.#parts.tally.clientRefused(error)
    if (this.#untaken !== undefined && 'reservation' in this.#untaken) this.#untaken.reservation?.release()
    this.#stop()
    this.#endWaiting()
    this.#goOn()
  }

  #endOnceSettled(): void {
    this.#abandonPart()
    if (this.#deliveries.busy || this.#socket.destroyed || this.#linger !== undefined) return
    this.#socket.end()
    // Whoever closes on a client that still sends resets it, and takes back what it has not read yet.
    this.#socket.resume()
    this.#linger = setTimeout(() => this.#socket.destroy(), LINGER_MS)
  }

  #abandonPart(): void {
    if (this.#reception === undefined && this.#framing.started) this.#parts.tally.incomplete()
    this.#framing.abandon()
  }

  #closed(): void {
    clearTimeout(this.#linger)
    this.#clientGone.abort()
    this.#completing = false
    this.#closing = true
    // What has come and wants no acknowledgement is passed on all the same: nobody else has it.
    if (!this.#pending) this.#abandonPart()
    this.#parts.changed()
  }

  /** Closes where the client has taken too long. */
  checkTime(now: number): void {
    const { handshake_timeout, message_timeout, idle_timeout, hold } = this.#parts.settings
    const waited = now - this.#since
    if (this.#closing || this.#socket.destroyed) return
    if (this.#reception !== undefined) {
      if (waited > handshake_timeout) this.#tooSlow('its handshake did not come within handshake_timeout')
    } else if (this.#socket.writableLength > UNREAD) {
      if (waited > message_timeout) this.#socket.destroy()
    } else if (this.#room !== undefined) {
      if (waited > (this.#nobodyElseHasIt ? hold : message_timeout)) this.#refuseRoom()
    } else if (this.#framing.started) {
      if (waited > message_timeout && !this.#full) this.#tooSlow('its message did not come within message_timeout')
    } else if (waited > idle_timeout && !this.#deliveries.busy) {
      this.finish(false)
    }
  }

  #tooSlow(message: string): void {
    this.#sendAway(new FieldsealError('FIELDSEAL_BUSY', message))
  }

  /** Ends it, without answers. What is not passed on is lost where it wanted no acknowledgement. */
  destroy(): void {
    this.#ended.abort()
    this.#clientGone.abort()
    this.#deliveries.abandon()
    if (this.#nobodyElseHasIt)
      this.#parts.tally.lost(1, new FieldsealError('FIELDSEAL_DRAINING', 'the service has stopped'))
    this.#stop()
    this.#endWaiting()
    this.#socket.destroy()
  }
}

function internal(): FieldsealError {
  return new FieldsealError('FIELDSEAL_INTERNAL', 'reading a message failed')
}
