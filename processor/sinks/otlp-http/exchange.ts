import type { Dispatcher } from 'undici'
import { type Failure, failureOf } from './failure.ts'

/** What a backend may send ahead of its answer (RFC 9110 section 15.2); a flood of it would have no end. */
const MOST_INFORMATIONAL = 8

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** What an exchange needs to know of the connection that it goes over. */
export interface Carrier {
  /** Whether a reply has come over it before. */
  readonly used: boolean
  /** Bytes of the request that the system has not yet taken. */
  readonly unsent: number
  /** Closes it, with all that is under way on it. */
  reset(): void
}

/**
 * One request and its answer. Either `failure` is set, or `status` is from 200 on.
 *
 * The status line decides: what comes behind it can be cut off, endless or late without changing what was said.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** 0 where there was none. */
  status = 0
  failure: Failure | undefined
  /** The connection was lost before the first byte of an answer, after it had served others: nobody may have seen it. */
  stale = false
  /** Of the reply, where its header is plain. */
  retryAfter: string | undefined
  contentType = ''
  /** Of a success: whole, and not compressed; otherwise empty. */
  body: Buffer | undefined

  readonly #carrier: Carrier
  readonly #done: (exchange: Exchange) => void
  readonly #timer: NodeJS.Timeout
  #chunks: Buffer[] | undefined
  #informational = 0
  #reused = false
  #sent = false
  #answered = false
  #finished = false

  /**
   * @param timeout - milliseconds for connecting, sending and receiving together
   * @param done - called once
   */
  constructor(carrier: Carrier, timeout: number, done: (exchange: Exchange) => void) {
    this.#carrier = carrier
    this.#done = done
    this.#timer = setTimeout(tooLate, timeout, this)
  }

  onRequestStart(): void {
    this.#sent = true
    this.#reused = this.#carrier.used
  }

  onResponseStarted(): void {
    this.#answered = true
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (this.#finished) return
    if (status < 200) {
      this.#informational += 1
      if (this.#informational > MOST_INFORMATIONAL) this.#breakOff(controller, 'garbled')
      return
    }
    const success = status < 300
    if (this.#carrier.unsent > 0) {
      // An error may come early, and what is left need not be sent (RFC 9112 section 9.5). A success cannot: nobody
      // has stored what has not been sent.
      if (success) this.#breakOff(controller, 'early')
      else this.#answer(status, headers)
      this.#carrier.reset()
      this.#finish()
      return
    }
    this.#answer(status, headers)
    if (success && headers['content-encoding'] === undefined) this.#chunks = []
  }

  #answer(status: number, headers: Headers): void {
    this.status = status
    const { 'retry-after': retryAfter, 'content-type': contentType } = headers
    if (typeof retryAfter === 'string') this.retryAfter = retryAfter
    if (typeof contentType === 'string') this.contentType = contentType
  }

  #breakOff(controller: Dispatcher.DispatchController, failure: Failure): void {
    this.failure = failure
    controller.abort(new Error(failure))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks?.push(chunk)
  }

  onResponseEnd(): void {
    const chunks = this.#chunks
    if (chunks !== undefined && chunks.length > 0) this.body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
    if (this.#finishes()) this.#done(this)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.status === 0 && this.failure === undefined) {
      this.failure = failureOf(error, this.#sent)
      this.stale = this.failure === 'closed' && this.#reused && !this.#answered
    }
    this.#finish()
  }

  /** The time is up. */
  expire(): void {
    if (this.status === 0) this.failure ??= 'late'
    this.#carrier.reset()
    this.#finish()
  }

  /** Not at once: undici is still tidying up after what went wrong, and takes no new request amid that. */
  #finish(): void {
    if (this.#finishes()) setImmediate(this.#done, this)
  }

  #finishes(): boolean {
    if (this.#finished) return false
    this.#finished = true
    clearTimeout(this.#timer)
    return true
  }
}

function tooLate(exchange: Exchange): void {
  exchange.expire()
}
