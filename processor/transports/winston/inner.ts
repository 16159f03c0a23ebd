import type { EventEmitter } from 'node:events'
import type { Writable } from 'node:stream'
import { FieldsealError } from '../../errors.ts'
import { type Info, LEVEL } from './info.ts'

/** What winston takes as a transport: a stream of objects, or an object with a method `log`. */
export type InnerTransport = Writable | NodeJS.WritableStream | ObjectTransport

/** `log(info, next)`; with more parameters it is called as winston 2 did: `log(level, message, meta, next)`. */
export interface ObjectTransport {
  // biome-ignore lint/suspicious/noExplicitAny: both signatures, whatever their parameters are declared as
  log(...args: any[]): unknown
  close?(): void
}

/** A transport behind another one. */
export interface Inner {
  /** @param next - called once it takes more. */
  write(info: Info, next: () => void): void
  /** Ends it; calls back when it has written all, or has failed. */
  end(done: () => void): void
  /** A logger begins to write, or stops. */
  attach(logger: unknown): void
  detach(logger: unknown): void
  on(event: string, listener: (...args: unknown[]) => void): void
}

/** @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` where it is no transport. */
export function innerOf(inner: InnerTransport): Inner {
  if (isWritable(inner)) return new StreamInner(inner)
  if (typeof inner === 'object' && inner !== null && 'log' in inner && typeof inner.log === 'function')
    return new ObjectInner(inner)
  throw new FieldsealError(
    'FIELDSEAL_CONFIG_INVALID',
    '`inner` is a transport of winston: a stream of objects, or an object with a method `log`',
  )
}

function isWritable(inner: InnerTransport): inner is Writable {
  if (typeof inner !== 'object' || inner === null || !('write' in inner) || typeof inner.write !== 'function')
    return false
  // A transport's state tells; streams of bytes cannot take records.
  const { writableObjectMode, _writableState: state } = inner as {
    writableObjectMode?: boolean
    _writableState?: { objectMode?: boolean }
  }
  if (writableObjectMode === true || state?.objectMode === true) return true
  throw new FieldsealError(
    'FIELDSEAL_CONFIG_INVALID',
    '`inner` is a stream of bytes: put it into `new transports.Stream({ stream })` of winston',
  )
}

class StreamInner implements Inner {
  readonly #stream: Writable

  constructor(stream: Writable) {
    this.#stream = stream
  }

  // One at a time: a transport of winston that has several at once says that it is done before it is.
  write(info: Info, next: () => void): void {
    let isDone = false
    const done = () => {
      if (isDone) return
      isDone = true
      next()
    }
    try {
      this.#stream.write(info, done)
    } catch (error) {
      // Its format has thrown.
      done()
      throw error
    }
  }

  end(done: () => void): void {
    const stream = this.#stream
    if (stream.destroyed || (stream as { _writableState?: { finished?: boolean } })._writableState?.finished === true) {
      done()
      return
    }
    onceAny(stream, ['finish', 'error', 'close'], done)
    stream.end()
  }

  // A transport learns by these events whose levels it has.
  attach(logger: unknown): void {
    Object.assign(this.#stream, { levels: (logger as { levels?: unknown }).levels, parent: logger })
    this.#stream.emit('pipe', logger as never)
  }

  detach(logger: unknown): void {
    this.#stream.emit('unpipe', logger as never)
  }

  on(event: string, listener: (...args: unknown[]) => void): void {
    this.#stream.on(event, listener)
  }
}

class ObjectInner implements Inner {
  readonly #transport: ObjectTransport & Partial<EventEmitter>

  constructor(transport: ObjectTransport) {
    this.#transport = transport
  }

  write(info: Info, next: () => void): void {
    if (this.#transport.log.length <= 2) {
      this.#transport.log(info, next)
      return
    }
    this.#transport.log(info[LEVEL], info.message, info, () => {})
    next()
  }

  end(done: () => void): void {
    this.#close()
    done()
  }

  attach(): void {}

  detach(): void {
    this.#close()
  }

  on(event: string, listener: (...args: unknown[]) => void): void {
    this.#transport.on?.(event, listener)
  }

  #close(): void {
    this.#transport.close?.()
  }
}

function onceAny(stream: Writable, events: readonly string[], then: () => void): void {
  const first = () => {
    for (const event of events) stream.removeListener(event, first)
    then()
  }
  for (const event of events) stream.on(event, first)
}
