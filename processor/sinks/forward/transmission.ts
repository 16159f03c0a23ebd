import type { Socket } from 'node:net'
import type { Failure } from './failure.ts'

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

export interface TransmissionOwner {
  /** A chunk was accepted. */
  served(): void
  /** The time of a chunk was up before it was written; nothing was done about it. */
  stuck(): void
  /** The time of a chunk was up before it was acknowledged. Told before the chunk is. */
  late(): void
  /** Something has ended: perhaps nothing is under way any more. */
  rested(): void
}

interface UnderWay {
  readonly chunk: Chunk
  readonly timer: NodeJS.Timeout
  written: boolean
  acknowledged: boolean
}

/**
 * The chunks of one connection: written one after the other, while those that are written wait for their
 * acknowledgements, which come in any order.
 */
export class Transmission {
  readonly #socket: Socket
  readonly #timeout: number
  readonly #owner: TransmissionOwner
  /** Not yet begun to be written. */
  #queue: Chunk[] = []
  #open = false
  #ended = false
  #writing: UnderWay | undefined
  readonly #unacknowledged = new Map<string, UnderWay>()

  /** @param timeout - milliseconds for a chunk to be written and acknowledged */
  constructor(socket: Socket, timeout: number, owner: TransmissionOwner) {
    this.#socket = socket
    this.#timeout = timeout
    this.#owner = owner
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.#writing === undefined && this.#unacknowledged.size === 0
  }

  /** From now on chunks are written. */
  open(): void {
    this.#open = true
    this.#writeNext()
  }

  add(chunk: Chunk): void {
    this.#queue.push(chunk)
    this.#writeNext()
  }

  /** @returns whether a chunk with this id was waiting. */
  acknowledge(id: string): boolean {
    const entry = this.#unacknowledged.get(id)
    if (entry === undefined) return false
    this.#unacknowledged.delete(id)
    entry.acknowledged = true
    this.#settle(entry)
    return true
  }

  #writeNext(): void {
    if (!this.#open || this.#writing !== undefined || this.#ended) return
    const chunk = this.#queue.shift()
    if (chunk === undefined) return
    const { id, parts } = chunk
    const timer = setTimeout(() => this.#expire(entry), this.#timeout)
    const entry: UnderWay = { chunk, timer, written: false, acknowledged: id === undefined }
    this.#writing = entry
    if (id !== undefined) this.#unacknowledged.set(id, entry)
    // In one call of the system, where it takes them.
    this.#socket.cork()
    for (const part of parts.slice(0, -1)) this.#socket.write(part)
    this.#socket.write(parts.at(-1)!, (error) => {
      if (!this.#ended && !error) this.#written(entry)
    })
    this.#socket.uncork()
  }

  #written(entry: UnderWay): void {
    entry.written = true
    this.#writing = undefined
    this.#writeNext()
    this.#settle(entry)
  }

  /** An acknowledgement can be seen before Node says that the last bytes are written: only then they are free. */
  #settle({ chunk, timer, written, acknowledged }: UnderWay): void {
    if (!written || !acknowledged) return
    clearTimeout(timer)
    this.#owner.served()
    chunk.ended('accepted')
    this.#owner.rested()
  }

  #expire({ chunk, written }: UnderWay): void {
    if (!written) {
      this.#owner.stuck()
      return
    }
    this.#unacknowledged.delete(chunk.id ?? '')
    this.#owner.late()
    chunk.ended('late')
    this.#owner.rested()
  }

  /** Gives back chunks that are not begun, but for the first `keep`. */
  giveBack(keep: number): void {
    for (const chunk of this.#queue.splice(keep)) chunk.ended('unsent')
  }

  /** Ends all chunks. The socket is destroyed: from there on Node and the system read nothing of what was to be written. */
  end(outcome: Outcome): void {
    this.#ended = true
    const lost = new Set(this.#unacknowledged.values())
    if (this.#writing !== undefined) lost.add(this.#writing)
    this.#unacknowledged.clear()
    this.#writing = undefined
    const unsent = this.#queue.splice(0)
    for (const { timer } of lost) clearTimeout(timer)
    for (const { chunk } of lost) chunk.ended(outcome)
    for (const chunk of unsent) chunk.ended(this.#open ? 'unsent' : outcome)
  }
}
