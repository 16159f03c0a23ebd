const MAGIC = 0xfd2fb528
/** RFC 8878 section 3.1.2: 16 numbers that begin a frame to be skipped. */
const SKIPPABLE_MAGIC = 0x184d2a50
const BLOCK = { RAW: 0, RLE: 1, COMPRESSED: 2, RESERVED: 3 } as const
/** RFC 8878 section 3.1.1.2.4: no block is larger. */
const LARGEST_BLOCK = 128 * 1024
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const

type Stage = 'magic' | 'skippable size' | 'descriptor' | 'header' | 'block' | 'checksum' | 'content'

/**
 * Follows the structure of zstd frames (RFC 8878 section 3.1) without decompressing them: where each frame ends, and how
 * much memory it asks for. What node:zlib makes of several frames in one chunk, and of a frame that is cut off, depends
 * on the version of Node: some leave out what they do not decompress, and say nothing.
 */
export class ZstdFrames {
  #stage: Stage = 'magic'
  /** Bytes of the header that is being read. */
  #head = 0
  #headBytes = Buffer.alloc(14)
  #headLength = 4
  #descriptor = 0
  #content = 0
  #lastBlock = false
  #frames = 0
  #window = 0

  /** Bytes of the largest window so far: what a decompressor keeps of its output. */
  get window(): number {
    return this.#window
  }

  /** Frames that have ended. */
  get count(): number {
    return this.#frames
  }

  /** Whether there was a frame, and the last one is whole. */
  get complete(): boolean {
    return this.#frames > 0 && this.#stage === 'magic' && this.#head === 0
  }

  /** Where in the chunk the frame ends to which the byte at `start` belongs; undefined where it is no zstd. */
  advance(chunk: Uint8Array, start: number): number | undefined {
    const frames = this.#frames
    let at = start
    while (at < chunk.length && this.#frames === frames) {
      if (this.#stage === 'content') {
        const skipped = Math.min(this.#content, chunk.length - at)
        at += skipped
        this.#content -= skipped
        if (this.#content === 0) this.#afterContent()
        continue
      }
      this.#headBytes[this.#head] = chunk[at]!
      this.#head += 1
      at += 1
      if (this.#head === this.#headLength && !this.#take(this.#headBytes.subarray(0, this.#head))) return undefined
    }
    return at
  }

  #next(stage: Stage, length: number): true {
    this.#stage = stage
    this.#head = 0
    this.#headLength = length
    return true
  }

  #endFrame(): true {
    this.#frames += 1
    return this.#next('magic', 4)
  }

  #skip(length: number): true {
    this.#content = length
    this.#next('content', 0)
    if (length === 0) this.#afterContent()
    return true
  }

  #afterContent(): void {
    if (!this.#lastBlock) this.#next('block', 3)
    else if ((this.#descriptor & 0x04) !== 0) this.#next('checksum', 4)
    else this.#endFrame()
  }

  /** Takes a header that is whole. */
  #take(head: Buffer): boolean {
    switch (this.#stage) {
      case 'magic':
        return this.#takeMagic(head.readUInt32LE(0))
      case 'skippable size':
        this.#descriptor = 0
        this.#lastBlock = true
        return this.#skip(head.readUInt32LE(0))
      case 'descriptor':
        return this.#takeDescriptor(head[0]!)
      case 'header':
        return this.#takeHeader(head)
      case 'block':
        return this.#takeBlock(head.readUIntLE(0, 3))
      default:
        return this.#endFrame()
    }
  }

  #takeMagic(magic: number): boolean {
    if (magic === MAGIC) return this.#next('descriptor', 1)
    return (magic & ~0xf) >>> 0 === SKIPPABLE_MAGIC && this.#next('skippable size', 4)
  }

  /** Section 3.1.1.1.1: content size flag (2 bits), single segment, unused, reserved, checksum, dictionary id (2 bits). */
  #takeDescriptor(descriptor: number): boolean {
    this.#descriptor = descriptor
    if ((descriptor & 0x08) !== 0) return false
    return this.#next('header', this.#windowBytes() + DICTIONARY_ID_BYTES[descriptor & 3]! + this.#contentSizeBytes())
  }

  #windowBytes(): number {
    return (this.#descriptor & 0x20) === 0 ? 1 : 0
  }

  #contentSizeBytes(): number {
    const bytes = CONTENT_SIZE_BYTES[this.#descriptor >>> 6]!
    // With the single segment flag there is always a content size, of one byte at least.
    return bytes === 0 && this.#windowBytes() === 0 ? 1 : bytes
  }

  #takeHeader(head: Buffer): boolean {
    const dictionaryAt = this.#windowBytes()
    const sizeAt = dictionaryAt + DICTIONARY_ID_BYTES[this.#descriptor & 3]!
    // Nobody has agreed on a dictionary.
    if (head.subarray(dictionaryAt, sizeAt).some((byte) => byte !== 0)) return false
    this.#window = Math.max(
      this.#window,
      dictionaryAt === 1 ? windowSize(head[0]!) : contentSize(head.subarray(sizeAt)),
    )
    return this.#next('block', 3)
  }

  /** Section 3.1.1.2: last block (1 bit), type (2 bits), size (21 bits). */
  #takeBlock(header: number): boolean {
    const type = (header >>> 1) & 3
    const size = header >>> 3
    if (type === BLOCK.RESERVED || size > LARGEST_BLOCK) return false
    this.#lastBlock = (header & 1) === 1
    return this.#skip(type === BLOCK.RLE ? 1 : size)
  }
}

/** Section 3.1.1.1.2. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** Section 3.1.1.1.4: two bytes stand for 256 more than they say. */
function contentSize(bytes: Buffer): number {
  if (bytes.length === 8) return bytes.readUInt32LE(0) + bytes.readUInt32LE(4) * 2 ** 32
  return bytes.readUIntLE(0, bytes.length) + (bytes.length === 2 ? 256 : 0)
}
