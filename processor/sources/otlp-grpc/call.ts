import { constants, type ServerHttp2Stream } from 'node:http2'
import { type Metadata, ServerInterceptingCall, type ServerInterceptingCallInterface } from '@grpc/grpc-js'
import { FieldsealError } from '../../errors.ts'
import type { Reservation } from '../../pipeline/byte-budget.ts'
import { Room } from '../otlp-http/room.ts'
import { type Connection, STREAM_WINDOW } from './connection.ts'
import { type Gate, refusalAtGate } from './gate.ts'
import { readMessage } from './message.ts'
import { type CallRefusal, callRefusal, refusalOfBatch, statusOf } from './refusal.ts'

/** What the handler is given of a call whose message has come. */
export interface Received {
  readonly bytes: Buffer
  readonly reservation: Reservation
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** What a call takes by itself, with its headers: about, and rather too much. */
const CALL_BYTES = 8 * 1024

/** Members that grpc-js 1.14.7 has, and does not declare for others: see below why they are needed. */
interface GrpcCall {
  readonly stream?: ServerHttp2Stream
  readonly incomingEncoding?: string
}

/**
 * One call, from its headers until its stream is closed.
 *
 * grpc-js would gather the message of a call, and inflate all of it, before anybody is asked; with 64 MiB for each of the
 * calls of each connection, there would be no bound on memory. So the message is read here, from the stream below, and
 * what grpc-js does with what it has read is left to it. How much there can be at any time: each call holds its window
 * and itself in the budget from the turn on in which its headers come, and every further byte before it is kept; what
 * cannot be held is answered at once. Outside of the budget stays what Node keeps for each connection: at most
 * `grpc-node.max_session_memory`, for at most `max_connections`.
 */
export class ExportCall extends ServerInterceptingCall {
  readonly #gate: Gate
  readonly #connection: Connection | undefined
  readonly #stream: ServerHttp2Stream | undefined
  readonly #encoding: string
  readonly #abort = new AbortController()
  #listener: Parameters<ServerInterceptingCallInterface['start']>[0] | undefined
  #held: Reservation | undefined
  #timer: NodeJS.Timeout | undefined
  #reading = false
  #over = false

  constructor(call: ServerInterceptingCallInterface, gate: Gate) {
    super(call)
    const { stream, incomingEncoding = 'identity' } = call as GrpcCall
    this.#gate = gate
    this.#stream = stream
    this.#encoding = incomingEncoding
    this.#connection = gate.connection(call.getConnectionInfo())
    if (stream === undefined || this.#connection === undefined) return
    // It is paused, and begins with `startRead`.
    stream.removeAllListeners('data')
    this.#connection.begin(stream.session as Parameters<Connection['begin']>[0])
    stream.once('close', () => this.#closed())
  }

  override start(listener: Parameters<ServerInterceptingCallInterface['start']>[0]): void {
    this.#listener = listener
    super.start({
      onReceiveMetadata: (metadata) => this.#begin(metadata, listener.onReceiveMetadata.bind(listener)),
      onReceiveMessage: (message) => listener.onReceiveMessage(message),
      onReceiveHalfClose: () => listener.onReceiveHalfClose(),
      onCancel: () => {
        this.#cancelled()
        listener.onCancel()
      },
    })
  }

  #begin(metadata: Metadata, admit: (metadata: Metadata) => void): void {
    const connection = this.#connection
    if (connection === undefined || this.#stream === undefined) {
      // The connection is gone, or grpc-js is not what it was: nobody is let in whom nobody has looked at.
      this.refuse(refusalOfBatch(new FieldsealError('FIELDSEAL_INTERNAL', 'the call cannot be read')))
      return
    }
    const refusal = refusalAtGate(this.#gate, connection, metadata) ?? this.#hold(connection)
    if (refusal !== undefined) {
      this.refuse(refusal)
      return
    }
    this.#timer = setTimeout(() => {
      const error = new FieldsealError('FIELDSEAL_BUSY', 'the message did not come within request_timeout')
      this.refuse(refusalOfBatch(error))
    }, this.#gate.timeout)
    admit(metadata)
  }

  #hold(connection: Connection): CallRefusal | undefined {
    this.#held = connection.budget.reservation()
    const room = new Room(this.#held, this.#gate.room)
    if (room.reserve(STREAM_WINDOW + CALL_BYTES)) return undefined
    return callRefusal(room.refusal as Exclude<Room['refusal'], undefined>)
  }

  /** The first one is for the message, the second one for its end, which has come by then. */
  override startRead(): void {
    if (this.#reading) {
      this.#listener?.onReceiveHalfClose()
    } else {
      this.#reading = true
      void this.#read(this.#connection as Connection, this.#stream as ServerHttp2Stream)
    }
  }

  async #read({ budget }: Connection, stream: ServerHttp2Stream): Promise<void> {
    const reservation = budget.reservation()
    const { limits, room } = this.#gate
    let message: Buffer | CallRefusal | undefined
    try {
      message = await readMessage(stream, this.#encoding, limits, new Room(reservation, room))
    } catch {
      // Memory that the system does not give, for all that is known.
      message = refusalOfBatch(new FieldsealError('FIELDSEAL_INTERNAL', 'a message could not be read'))
    }
    if (this.#over || !Buffer.isBuffer(message)) {
      reservation.release()
      if (message !== undefined && !this.#over) this.refuse(message as CallRefusal)
      return
    }
    clearTimeout(this.#timer)
    this.#held?.shrink(STREAM_WINDOW)
    this.#listener?.onReceiveMessage({ bytes: message, reservation, signal: this.#abort.signal } satisfies Received)
  }

  refuse(refusal: CallRefusal): void {
    this.sendStatus(statusOf(refusal))
  }

  override sendMessage(message: Buffer, callback: () => void): void {
    this.#answered()
    super.sendMessage(message, callback)
  }

  override sendStatus(status: Parameters<ServerInterceptingCallInterface['sendStatus']>[0]): void {
    this.#answered()
    super.sendStatus(status)
    // What is still to come is of no use, and there may be any amount of it (RFC 9113 section 8.1).
    if (this.#stream?.readableEnded === false) this.#stream.close(constants.NGHTTP2_NO_ERROR)
  }

  #answered(): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    if (this.#stream === undefined || this.#stream.closed) return
    // A client that does not take its answers would hold them here for good.
    this.#timer = setTimeout(() => this.#connection?.destroy(), this.#gate.timeout)
  }

  /** The deadline of the call has passed, or its client has gone; or it is over, which is known. */
  #cancelled(): void {
    if (this.#over) return
    this.#abort.abort()
    this.#answered()
    this.#stream?.close(constants.NGHTTP2_NO_ERROR)
  }

  #closed(): void {
    if (!this.#over) this.#abort.abort()
    this.#over = true
    clearTimeout(this.#timer)
    this.#held?.release()
    this.#connection?.end()
  }
}
