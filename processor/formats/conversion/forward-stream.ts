import { arrayHeader, binaryHeader, mapHeader, string } from '../message-pack/write.ts'
import { ByteWriter } from './byte-writer.ts'
import { GROUP_ENDS } from './forward-metadata.ts'
import { UNCOUNTED } from './losses.ts'
import { MessagePackOutput } from './message-pack-output.ts'
import { tooLarge } from './protobuf-writer.ts'

export interface ForwardMessage {
  readonly tag: string
  readonly records: number
  readonly bytes: Buffer
}

/** An entry that has been written, and the group that it is of; -1 for none. */
interface Entry {
  readonly start: number
  readonly end: number
  readonly group: number
}

/** Entries by their tags: each tag becomes a PackedForward message. */
export class TaggedEntries {
  readonly #limit: number
  readonly #byTag = new Map<string, Entry[]>()
  /** The entries with which groups begin. */
  readonly #groups: Buffer[] = []
  #bytesOfGroups = 0

  /** @param limit - bytes that all messages together may have. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Entries that are added from here on are of this group. */
  beginGroup(start: Buffer): void {
    this.#groups.push(start)
    // A resource stands in the beginning of the group of each of its scopes.
    this.#bytesOfGroups += start.length
    if (this.#bytesOfGroups > this.#limit) throw tooLarge(this.#limit)
  }

  /** @param start - where the entry starts in what `finish` is given. */
  add(tag: string, start: number, end: number): void {
    const entry = { start, end, group: this.#groups.length - 1 }
    const entries = this.#byTag.get(tag)
    if (entries === undefined) this.#byTag.set(tag, [entry])
    else entries.push(entry)
  }

  finish(written: Buffer): { readonly bytes: Buffer; readonly messages: readonly ForwardMessage[] } {
    const writer = new ByteWriter(written.length + 256, this.#limit)
    const output = new MessagePackOutput(writer, UNCOUNTED)
    const ranges: { tag: string; records: number; start: number; end: number }[] = []
    for (const [tag, entries] of this.#byTag) {
      const start = writer.length
      const stream = this.#stream(written, entries)
      writer.put(arrayHeader(3))
      writer.put(string(tag))
      writer.put(binaryHeader(stream.reduce((length, piece) => length + piece.length, 0)))
      for (const piece of stream) writer.put(piece)
      writer.put(mapHeader(1))
      output.name('size')
      output.integer(entries.length)
      ranges.push({ tag, records: entries.length, start, end: writer.length })
    }
    const bytes = writer.finish()
    return {
      bytes,
      messages: ranges.map(({ tag, records, start, end }) => ({ tag, records, bytes: bytes.subarray(start, end) })),
    }
  }

  /** The entries of one tag, with the marks of their groups: stretches of bytes. */
  #stream(written: Buffer, entries: readonly Entry[]): Uint8Array[] {
    const pieces: Uint8Array[] = []
    let group = -1
    for (const { start, end, group: own } of entries) {
      if (own !== group) {
        if (group >= 0) pieces.push(GROUP_ENDS)
        pieces.push(this.#groups[own]!)
        group = own
      }
      pieces.push(written.subarray(start, end))
    }
    if (group >= 0) pieces.push(GROUP_ENDS)
    return pieces
  }
}
