import type { ConnectionBudget } from '../../pipeline/byte-budget.ts'
import { freeBytes } from '../../pipeline/memory.ts'
import type { LeftOut } from '../lines/left-out.ts'
import { endOfFirstLine, endOfLines, leadingNuls } from '../lines/line-breaks.ts'
import { type LineDelivery, tooLong } from '../lines/line-delivery.ts'
import { roomFor } from '../lines/room.ts'
import { type Fingerprints, type Known, NO_FINGERPRINT, PRINTED_BYTES, same } from './fingerprints.ts'
import { type FileFacts, OpenedFile } from './opened-file.ts'
import type { Position } from './position-file.ts'
import type { Turns } from './turns.ts'

export interface ReadingParts {
  readonly delivery: LineDelivery
  readonly leftOut: LeftOut
  readonly fingerprints: Fingerprints
  readonly connection: ConnectionBudget
  /** Of files that have lines in memory. */
  readonly turns: Turns
  readonly batch: number
  readonly maxLine: number
  /** Milliseconds. */
  readonly unfinished: number
  readonly rotateWait: number
  /** Nothing more is read. */
  readonly enough: AbortSignal
  /** The position has changed. */
  readonly moved: () => void
}

/**
 * What a look at a file has come to: there is more, or nothing for now; the file does not hold any more what was read of
 * it; it has a new name or none, and is read to its end; or there was enough.
 */
export type Look = 'more' | 'idle' | 'replaced' | 'done' | 'enough'

/** Bytes that are looked at a time for the end of a line that is not kept. */
const SKIPPED_BYTES = 64 * 1024

const LINE_BREAK = 0x0a

/**
 * A file that is read from its position on, a batch of lines after the other. The position moves once a batch is settled,
 * and nothing is read over that is not.
 *
 * Before each batch the bytes in front of it are looked at, by the same call: a file that was truncated, and has grown
 * beyond the position since, is told by them.
 */
export class FollowedFile {
  readonly identity: string
  path: string
  /** When it was found to have lost its name: another has it now, or none. */
  leftAt: number | undefined
  /** It is only read to its end: a copy, or what has been moved away. */
  readonly last: boolean
  /** Bytes that it was seen to have. */
  seenSize = 0
  /** Counts how often it was begun anew. */
  generation = 0
  readonly #parts: ReadingParts
  #file: OpenedFile | undefined
  #known: Known
  #unfinished: number
  /** Bytes of an unfinished line that was refused: it may be another once it is finished. */
  #tried = 0
  #version = ''
  #lookingSince: number | undefined
  #changedAt = performance.now()
  /** Where the end of a line is looked for that is too long. */
  #skipped: number | undefined

  constructor(path: string, file: OpenedFile, known: Known, parts: ReadingParts, last = false, unfinished = 0) {
    this.path = path
    this.identity = file.identity
    this.last = last
    this.#file = file
    this.#known = known
    this.#parts = parts
    this.#unfinished = unfinished
  }

  get known(): Known {
    return this.#known
  }

  get isOpen(): boolean {
    return this.#file !== undefined
  }

  /** Milliseconds since it last changed. */
  get quietMs(): number {
    return performance.now() - this.#changedAt
  }

  /** Whether all that was seen of it is settled, but for an unfinished line that has been passed on. */
  get isRead(): boolean {
    return this.#known.offset + this.#unfinished >= this.seenSize
  }

  /** @param seen - seconds since 1970. */
  position(seen: number, done: boolean): Position {
    const { path, identity } = this
    return { path, identity, ...this.#known, unfinished: this.#unfinished, done, seen }
  }

  /** Milliseconds that a look has taken so far: a sink may be away for days, and the file emptied meanwhile. */
  get lookingMs(): number {
    return this.#lookingSince === undefined ? 0 : performance.now() - this.#lookingSince
  }

  /** Begins anew: its bytes are others. A batch that is under way goes on, and moves nothing. */
  restart(): void {
    this.generation += 1
    this.#known = { offset: 0, head: NO_FINGERPRINT, tail: NO_FINGERPRINT }
    this.#unfinished = 0
    this.#tried = 0
    this.#skipped = undefined
    this.#version = ''
    this.seenSize = 0
    this.#parts.moved()
  }

  /** Goes on with a file that was closed. */
  reopen(file: OpenedFile): void {
    this.#file = file
    this.#version = ''
  }

  /** Bytes of a place, as far as they are there. @returns undefined where it cannot be opened any more. */
  async bytes(position: number, length: number): Promise<Buffer | undefined> {
    if (this.#file !== undefined) return this.#file.bytes(position, length)
    const file = await OpenedFile.open(this.path, this.identity).catch(() => undefined)
    try {
      return await file?.bytes(position, length)
    } finally {
      await file?.close()
    }
  }

  /** Whether it still is what was read of it. A file that was emptied is not, and will soon be found to be so. */
  async isAsKnown(): Promise<boolean> {
    const { offset, head, tail } = this.#known
    const { fingerprints } = this.#parts
    const first = await this.bytes(0, head.bytes)
    const last = await this.bytes(offset - tail.bytes, tail.bytes)
    if (first === undefined || last === undefined) return false
    return same(fingerprints.of(first), head) && same(fingerprints.of(last), tail)
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  /**
   * Whether it is still what it was, as far as that can be told without reading it on, while a look takes long. What
   * it begins with is kept, for a copy of it to be known by.
   */
  async glance(): Promise<boolean> {
    const { generation } = this
    const facts = await this.#file?.facts()
    if (facts === undefined) return true
    if (facts.size < this.seenSize || !(await this.isAsKnown())) return generation !== this.generation
    this.seenSize = facts.size
    const head = await this.#parts.fingerprints.of((await this.bytes(0, PRINTED_BYTES)) ?? Buffer.alloc(0))
    if (generation === this.generation && this.#known.head.bytes < head.bytes && this.#known.offset === 0) {
      this.#known = { ...this.#known, head }
      this.#parts.moved()
    }
    return true
  }

  /** Reads a batch, if there is one, and passes it on. Errors of the system are thrown. */
  async look(): Promise<Look> {
    this.#lookingSince = performance.now()
    try {
      return await this.#look()
    } finally {
      this.#lookingSince = undefined
    }
  }

  async #look(): Promise<Look> {
    const file = this.#file
    if (file === undefined) return 'idle'
    const facts = await file.facts()
    if (facts.size < this.#known.offset) return 'replaced'
    this.seenSize = Math.max(this.seenSize, facts.size)
    if (facts.version === this.#version) return this.#rest(file, facts)
    if (this.#skipped !== undefined) return this.#skip(file, facts, this.#skipped)
    return this.#parts.turns.during(() => this.#read(file, facts))
  }

  async #read(file: OpenedFile, facts: FileFacts): Promise<Look> {
    const { batch, maxLine, enough } = this.#parts
    const there = facts.size - this.#known.offset
    let wanted = Math.min(there, batch)
    for (;;) {
      const look = await this.#readSome(file, facts, wanted)
      // A line that is longer than a batch, and not too long.
      if (look !== 'longer') return look
      if (enough.aborted) return 'enough'
      wanted = Math.min(there, Math.max(2 * wanted, 1), maxLine + 1)
    }
  }

  async #readSome(file: OpenedFile, facts: FileFacts, wanted: number): Promise<Look | 'longer'> {
    const { connection, enough, fingerprints } = this.#parts
    const { offset, tail } = this.#known
    const reservation = await roomFor(tail.bytes + wanted, connection, enough)
    if (reservation === undefined) return 'enough'
    const bytes = Buffer.allocUnsafeSlow(tail.bytes + wanted)
    try {
      const filled = await file.read(bytes, offset - tail.bytes)
      const before = bytes.subarray(0, tail.bytes)
      if (filled < tail.bytes || !same(fingerprints.of(before), tail)) return 'replaced'
      const read = bytes.subarray(0, filled)
      if (offset === tail.bytes && !this.#beginsAsKnown(read, facts.size)) return 'replaced'
      await this.#lengthenHead(file, offset - tail.bytes, read)
      return await this.#passOn(file, facts, read, tail.bytes, wanted)
    } finally {
      freeBytes(bytes)
      reservation.release()
    }
  }

  /** @param bytes - from `start` on those that are new. */
  async #passOn(
    file: OpenedFile,
    facts: FileFacts,
    bytes: Buffer,
    start: number,
    wanted: number,
  ): Promise<Look | 'longer'> {
    const { maxLine, delivery } = this.#parts
    const { offset } = this.#known
    const data = bytes.subarray(start)
    const complete = data.length < wanted || offset + data.length >= facts.size
    const nuls = data[0] === 0 ? leadingNuls(data) : 0
    if (nuls === data.length && nuls > 0) return this.#overNuls(file, facts)
    const end = endOfLines(data)
    if (end > 0) {
      const { generation } = this
      const settled = await delivery.deliver(data.subarray(0, end), offset, this.path)
      if (generation !== this.generation) return settled < end ? 'enough' : 'more'
      this.#move(bytes, start + settled, settled)
      if (settled < end) return 'enough'
      this.#touch()
      // What is left is looked at the next time: whether it is a line is not known yet.
      return 'more'
    }
    if (nuls > 0) {
      this.#move(bytes, start + nuls, nuls)
      return 'more'
    }
    if (data.length > maxLine) {
      this.#skipped = offset
      return 'more'
    }
    if (!complete) return 'longer'
    return this.#settleDown(facts)
  }

  /** There is nothing more than the beginning of a line, if anything. */
  #settleDown(facts: FileFacts): Look {
    this.#version = facts.version
    this.#touch()
    return 'idle'
  }

  #touch(): void {
    this.#changedAt = performance.now()
  }

  /** @param end - of what is settled, within the bytes. */
  #move(bytes: Buffer, end: number, settled: number): void {
    if (settled === 0) return
    const { head, offset } = this.#known
    const tail = this.#parts.fingerprints.of(bytes.subarray(Math.max(0, end - PRINTED_BYTES), end))
    this.#known = { offset: offset + settled, head, tail }
    this.#unfinished = 0
    this.#tried = 0
    this.#skipped = undefined
    this.#parts.moved()
  }

  /** @param read - from the beginning of the file on. */
  #beginsAsKnown(read: Buffer, size: number): boolean {
    const { head } = this.#known
    if (read.length < head.bytes) return size >= head.bytes
    return same(this.#parts.fingerprints.of(read.subarray(0, head.bytes)), head)
  }

  /**
   * The beginning of a file that was short, when it has become longer.
   *
   * @param read - what was just read, from `start` on. Where that is the beginning nothing else is read: by then it could be
   *   that of another file.
   */
  async #lengthenHead(file: OpenedFile, start: number, read: Buffer): Promise<void> {
    const { head } = this.#known
    const { fingerprints } = this.#parts
    if (head.bytes === PRINTED_BYTES || start + read.length <= head.bytes) return
    const longer = start === 0 ? read.subarray(0, PRINTED_BYTES) : await file.bytes(0, PRINTED_BYTES)
    // Where it was replaced in between, the next look will say so.
    if (head.bytes > 0 && !same(fingerprints.of(longer.subarray(0, head.bytes)), head)) return
    this.#known = { ...this.#known, head: fingerprints.of(longer) }
    this.#parts.moved()
  }

  /**
   * NULs up to what follows them: a crash has left them, or a program that does not append went on behind the end of a
   * file that was emptied. What nothing follows may still be written.
   */
  async #overNuls(file: OpenedFile, facts: FileFacts): Promise<Look> {
    const { offset } = this.#known
    let at = offset
    while (at < facts.size && !this.#parts.enough.aborted) {
      const block = await file.bytes(at, Math.min(SKIPPED_BYTES, facts.size - at))
      if (block.length === 0) break
      const nuls = leadingNuls(block)
      at += nuls
      if (nuls < block.length) {
        const before = await file.bytes(Math.max(offset, at - PRINTED_BYTES), Math.min(PRINTED_BYTES, at - offset))
        this.#move(before, before.length, at - offset)
        return 'more'
      }
    }
    return this.#settleDown(facts)
  }

  /** Looks for the end of a line that is not kept, from `from` on. */
  async #skip(file: OpenedFile, facts: FileFacts, from: number): Promise<Look> {
    const { connection, enough, fingerprints, leftOut } = this.#parts
    const { offset, tail } = this.#known
    if (!same(await fingerprints.tail(file, offset, tail.bytes), tail)) return 'replaced'
    const reservation = await roomFor(SKIPPED_BYTES, connection, enough)
    if (reservation === undefined) return 'enough'
    try {
      let at = from
      while (at < facts.size && !enough.aborted) {
        const block = await file.bytes(at, Math.min(SKIPPED_BYTES, facts.size - at))
        if (block.length === 0) break
        const end = endOfFirstLine(block)
        at += end
        this.#skipped = at
        if (block[end - 1] !== LINE_BREAK) continue
        leftOut.add({ file: this.path, offset, bytes: at - offset }, tooLong())
        this.#move(block, end, at - offset)
        return 'more'
      }
      return this.#settleDown(facts)
    } finally {
      reservation.release()
    }
  }

  /** Nothing has changed since the last look. */
  async #rest(file: OpenedFile, facts: FileFacts): Promise<Look> {
    const { rotateWait, unfinished } = this.#parts
    const rest = facts.size - this.#known.offset
    const leaves = this.last || this.leftAt !== undefined
    if (leaves && this.quietMs >= rotateWait) {
      if (rest === this.#unfinished) return 'done'
      return (await this.#passOnRest(file, facts, true)) ? 'done' : 'enough'
    }
    const isNew = rest > 0 && rest !== this.#unfinished && rest !== this.#tried
    if (isNew && this.#skipped === undefined && this.quietMs >= unfinished)
      return (await this.#passOnRest(file, facts, false)) ? 'idle' : 'enough'
    return 'idle'
  }

  /** Passes on a line that has no line break. @returns whether it is settled. */
  #passOnRest(file: OpenedFile, facts: FileFacts, ends: boolean): Promise<boolean> {
    return this.#parts.turns.during(async () => {
      const { connection, delivery, enough, leftOut } = this.#parts
      const { offset } = this.#known
      const length = facts.size - offset
      if (this.#skipped !== undefined) {
        leftOut.add({ file: this.path, offset, bytes: length }, tooLong())
        this.#unfinished = length
        return true
      }
      const reservation = await roomFor(length, connection, enough)
      if (reservation === undefined) return false
      try {
        const { generation } = this
        const bytes = await file.bytes(offset, length)
        // NULs alone are no line.
        const blank = leadingNuls(bytes) === bytes.length
        if (ends && !blank && (await delivery.deliver(bytes, offset, this.path)) < bytes.length) return false
        const outcome = ends || blank ? 'accepted' : await delivery.deliverUnfinished(bytes)
        if (outcome === 'enough') return false
        if (generation !== this.generation) return true
        this.#tried = length
        // The position stays: should the line go on, it comes again as a whole, and what stands in it is recognised.
        if (outcome === 'accepted') this.#unfinished = length
        this.#parts.moved()
        return true
      } finally {
        reservation.release()
      }
    })
  }
}

export function nothingKnown(): Known {
  return { offset: 0, head: NO_FINGERPRINT, tail: NO_FINGERPRINT }
}
