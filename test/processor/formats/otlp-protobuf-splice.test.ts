import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Batch } from '../../../processor/formats/batch.ts'
import type { Edit } from '../../../processor/formats/format.ts'
import { spliceRange } from '../../../processor/formats/otlp-protobuf-splice.ts'
import { REQUEST } from '../../../processor/formats/otlp-schema.ts'
import { logRequest } from '../../fuzz/log-request.ts'
import { type Field, protobufTree, writeProtobuf } from '../../fuzz/protobuf-tree.ts'
import { Random } from '../../fuzz/random.ts'

const NEW_FIELD: Field = { number: 15, wire: 2, content: Buffer.from('put here by an edit') }
const LONG_FIELD: Field = { number: 15, wire: 2, content: Buffer.alloc(300, 'x') }

/** Where a field starts and ends, its content too. */
interface Placed {
  readonly field: Field
  readonly list: Field[]
  readonly at: number
  readonly content: number
  readonly end: number
}

function places(fields: Field[], start: number): Placed[] {
  let at = start
  return fields.flatMap((field) => {
    const size = writeProtobuf([field]).length
    const inner = Array.isArray(field.content) ? writeProtobuf(field.content).length : 0
    const placed = { field, list: fields, at, content: at + size - inner, end: at + size }
    at += size
    return [placed, ...(Array.isArray(field.content) ? places(field.content, placed.content) : [])]
  })
}

/** Carries edits out on the tree, and tells what they are in bytes. */
function edit(random: Random, tree: Field[]): Edit[] {
  const edits: Edit[] = []
  const changes: (() => void)[] = []
  let free = 0
  for (const { field, list, at, content, end } of places(tree, 0)) {
    if (at < free || !random.oneIn(6)) continue
    const put = random.oneIn(3) ? LONG_FIELD : NEW_FIELD
    const bytes = writeProtobuf([put])
    const kind = random.below(3)
    if (kind === 2 && !Array.isArray(field.content)) continue
    if (kind === 2) {
      // An addition: what is inside may be edited as well.
      edits.push({ kind: 'append', at: end - 0.5, open: content, close: end, bytes, first: false })
      changes.push(() => (field.content as Field[]).push(put))
      continue
    }
    free = end
    edits.push(kind === 0 ? { kind: 'remove', at, end } : { kind: 'replace', at, end, bytes })
    changes.push(() => list.splice(list.indexOf(field), 1, ...(kind === 0 ? [] : [put])))
  }
  for (const change of changes) change()
  return edits
}

test('whatever is removed, replaced and added, what is left is the tree that was edited, with lengths that fit', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = new Random(seed)
      const tree = protobufTree(logRequest(random))
      const bytes = writeProtobuf(tree)
      const edits = edit(random, tree)
      const batch = { bytes } as unknown as Batch
      const order = random.oneIn(2) ? edits : edits.toReversed()
      expect(spliceRange(batch, REQUEST, 0, bytes.length, order)).toEqual(writeProtobuf(tree))
    }),
    { numRuns: 2000 },
  )
})

test('nothing is copied anew where nothing is edited', () => {
  const bytes = writeProtobuf(protobufTree(logRequest(new Random(1))))
  expect(spliceRange({ bytes } as unknown as Batch, REQUEST, 0, bytes.length, [])).toEqual(bytes)
})
