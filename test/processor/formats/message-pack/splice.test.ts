import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Edit } from '../../../../processor/formats/format.ts'
import { spliceMessagePack } from '../../../../processor/formats/message-pack/splice.ts'
import { logRequest } from '../../../fuzz/log-request.ts'
import {
  arr,
  bin,
  forwardTree,
  int,
  map,
  nil,
  type Pack,
  readPack,
  str,
  writePack,
} from '../../../fuzz/message-pack-tree.ts'
import { Random } from '../../../fuzz/random.ts'

const NEW = [str('put here'), nil, bin(Buffer.alloc(300)), map({ a: int(1) })] as const

/** Edits in bytes, and the changes of the tree that they are. */
class Editing {
  readonly edits: Edit[] = []
  readonly #random: Random
  readonly #changes: (() => void)[] = []

  constructor(random: Random) {
    this.#random = random
  }

  carryOut(): void {
    for (const change of this.#changes) change()
  }

  get #isPlace(): boolean {
    return this.#random.oneIn(12)
  }

  #new(): Pack {
    return this.#random.pick(NEW)
  }

  #replace(at: number, end: number, ...packs: Pack[]): void {
    this.edits.push({ kind: 'replace', at, end, bytes: Buffer.concat(packs.map(writePack)) })
  }

  /** Goes over the value at `at`, which is not replaced itself. @returns where it ends. */
  value(pack: Pack, at: number): number {
    const end = at + writePack(pack).length
    if (pack.kind === 'stream') {
      let position = end - pack.items.reduce((sum, item) => sum + writePack(item).length, 0)
      for (const item of pack.items) position = this.value(item, position)
    }
    if (pack.kind === 'array') this.#array(pack, at, end)
    if (pack.kind === 'map') this.#map(pack, at, end)
    return end
  }

  #array(pack: Extract<Pack, { kind: 'array' }>, at: number, end: number): void {
    const { items } = pack
    // Each an object of its own, by which it is found again: `nil` may be there twice.
    for (const [index, item] of items.entries()) items[index] = { ...item }
    let position = end - items.reduce((sum, item) => sum + writePack(item).length, 0)
    for (const item of items) {
      const itemEnd = position + writePack(item).length
      // The parts of a message stay: a message without them would be none.
      if (at === 0 || !this.#isPlace) {
        position = this.value(item, position)
        continue
      }
      const put = this.#new()
      if (this.#random.oneIn(2)) {
        this.edits.push({ kind: 'remove', at: position, end: itemEnd })
        this.#changes.push(() => items.splice(items.indexOf(item), 1))
      } else {
        this.#replace(position, itemEnd, put)
        this.#changes.push(() => items.splice(items.indexOf(item), 1, put))
      }
      position = itemEnd
    }
    if (at === 0 || !this.#isPlace) return
    const put = this.#random.list(1, 20, () => this.#new())
    this.#append(at, end, put)
    this.#changes.push(() => items.push(...put))
  }

  #map({ pairs }: Extract<Pack, { kind: 'map' }>, at: number, end: number): void {
    let position = end - pairs.flat().reduce((sum, item) => sum + writePack(item).length, 0)
    for (const pair of pairs) {
      const keyEnd = position + writePack(pair[0]).length
      const pairEnd = keyEnd + writePack(pair[1]).length
      this.#pair(pairs, pair, position, keyEnd, pairEnd)
      position = pairEnd
    }
    if (!this.#isPlace) return
    const put = this.#random.list(1, 20, (): [Pack, Pack] => [str('key'), this.#new()])
    this.#append(at, end, put.flat())
    this.#changes.push(() => pairs.push(...put))
  }

  #pair(pairs: [Pack, Pack][], pair: [Pack, Pack], at: number, keyEnd: number, end: number): void {
    const put = this.#new()
    switch (this.#isPlace ? this.#random.below(4) : -1) {
      case 0:
        this.edits.push({ kind: 'remove', at, end })
        this.#changes.push(() => pairs.splice(pairs.indexOf(pair), 1))
        return
      case 1:
        this.#replace(at, end, put, put)
        this.#changes.push(() => pairs.splice(pairs.indexOf(pair), 1, [put, put]))
        return
      case 2:
        this.#replace(keyEnd, end, put)
        this.#changes.push(() => {
          pair[1] = put
        })
        return
      case 3:
        this.#replace(at, keyEnd, put)
        this.#changes.push(() => {
          pair[0] = put
        })
    }
    this.value(pair[1], keyEnd)
  }

  #append(open: number, close: number, packs: readonly Pack[]): void {
    const bytes = Buffer.concat(packs.map(writePack))
    this.edits.push({ kind: 'append', at: close - 0.5, open, close, bytes, first: false })
  }
}

/** Each container in its shortest form or its longest. */
function withForms(pack: Pack, random: Random): void {
  if (pack.kind === 'array' || pack.kind === 'map' || pack.kind === 'stream') pack.wide = random.oneIn(2) ? 0 : 3
  if (pack.kind === 'array' || pack.kind === 'stream') for (const item of pack.items) withForms(item, random)
  if (pack.kind === 'map') for (const item of pack.pairs.flat()) withForms(item, random)
}

describe('what is spliced', () => {
  test('is the tree that was edited, with counts and lengths that fit, in headers as short or as wide as they were', () => {
    let edited = 0
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed)
        const tree = forwardTree(logRequest(random), random)
        withForms(tree, random)
        const bytes = writePack(tree)
        const stream =
          tree.kind === 'array' && tree.items[1]?.kind === 'stream' ? 1 + writePack(tree.items[0]!).length : -1
        // The header of the message may be wide, too.
        const at = stream < 0 || bytes[0] === 0x92 || bytes[0] === 0x93 ? stream : stream + 4
        const editing = new Editing(random)
        editing.value(tree, 0)
        const edits = random.oneIn(2) ? editing.edits : editing.edits.toReversed()
        const spliced = spliceMessagePack(bytes, 0, bytes.length, edits, at)
        editing.carryOut()
        expect(spliced.toString('hex')).toBe(writePack(tree).toString('hex'))
        if (edits.length > 1) edited += 1
      }),
      { numRuns: 2000 },
    )
    expect(edited).toBeGreaterThan(500)
  })

  test('is the same bytes where nothing is edited', () => {
    const bytes = writePack(arr(str('t'), int(1), map({ a: nil })))
    expect(spliceMessagePack(bytes, 0, bytes.length, [])).toEqual(bytes)
  })

  test('may be a part of a message, and several values one behind the other', () => {
    const bytes = Buffer.concat([str('key'), map({ a: str('x'), b: nil })].map(writePack))
    const removed = spliceMessagePack(bytes, 0, bytes.length, [{ kind: 'remove', at: 5, end: 9 }])
    expect(removed.toString('hex')).toBe(Buffer.concat([str('key'), map({ b: nil })].map(writePack)).toString('hex'))
  })

  test('grows from fifteen pairs to sixteen, and from a length of 255 to one of 256', () => {
    const pairs = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`k${index}`, int(index)]))
    const stream: Pack = { kind: 'stream', items: [map(pairs)], as: 'binary' }
    const bytes = writePack(arr(str('t'), stream))
    expect(bytes[3]).toBe(0xc4)
    const edit: Edit = {
      kind: 'append',
      at: bytes.length - 0.5,
      open: 5,
      close: bytes.length,
      bytes: writePack(arr(str('x'), bin(Buffer.alloc(250)))).subarray(1),
      first: false,
    }
    const spliced = spliceMessagePack(bytes, 0, bytes.length, [edit], 3)
    expect(spliced[3]).toBe(0xc5)
    const content = readPack(spliced) as Extract<Pack, { kind: 'array' }>
    const map16 = (content.items[1] as { bytes: Uint8Array }).bytes
    expect(Buffer.from(map16).subarray(0, 3).toString('hex')).toBe('de0010')
    expect((readPack(map16) as Extract<Pack, { kind: 'map' }>).pairs).toHaveLength(16)
  })

  test('is refused where an edit names no value', () => {
    const bytes = writePack(arr(str('text'), int(1)))
    const inside: Edit = { kind: 'replace', at: 3, end: 4, bytes: Buffer.from('x') }
    expect(() => spliceMessagePack(bytes, 0, bytes.length, [inside])).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_INTERNAL' }),
    )
  })
})
