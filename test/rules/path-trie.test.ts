import { expect, test } from 'vitest'
import { DetectorSet } from '../../detectors/set.ts'
import { type PathNode, PathTrie, TooManyPathsError } from '../../rules/path-trie.ts'
import type { PathPlan } from '../../rules/plan.ts'

const nothing: PathPlan = {
  detectors: new DetectorSet([]),
  scopeOf: () => ({ flags: 0, whole: [], byDetector: new Map(), whereFields: [] }),
}

function child(trie: PathTrie, parent: PathNode, key: string): PathNode {
  const bytes = Buffer.from(key)
  return trie.child(parent, undefined, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length)
}

/** FNV-1a, with the basis that everybody knows. */
function fnv1a(text: string, basis: number): number {
  let hash = basis
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash
}

/** Two texts of six characters that lead from one state of the hash to one other. */
function collision(basis: number): [string, string] {
  const seen = new Map<number, string>()
  for (let i = 0; ; i += 1) {
    const text = i.toString(36).padStart(6, '_')
    const hash = fnv1a(text, basis)
    const other = seen.get(hash)
    if (other !== undefined) return [other, text]
    seen.set(hash, text)
  }
}

test('of keys that were made for one hash a few are kept, and the others looked at each time', () => {
  let keys = ['']
  for (let block = 0, basis = 0x811c9dc5; block < 4; block += 1) {
    const pair = collision(basis)
    basis = fnv1a(pair[0], basis)
    keys = keys.flatMap((key) => pair.map((text) => key + text))
  }
  expect(new Set(keys.map((key) => fnv1a(key, 0x811c9dc5))).size).toBe(1)
  const trie = new PathTrie(nothing, 1000)
  const empty = trie.size
  const root = trie.root('attributes')
  for (let round = 0; round < 3; round += 1) {
    expect(keys.map((key) => child(trie, root, key).key)).toEqual(keys)
  }
  expect(trie.size - empty).toBe(8)
})

test('a path is shown as its parent is, and one step more', () => {
  const trie = new PathTrie(nothing, 1000)
  const user = child(trie, trie.root('attributes'), 'user')
  expect(child(trie, trie.element(user), 'an odd key').shown).toBe('attributes.user[*]["an odd key"]')
})

test('a long key with very many keys below it is refused, and so is forgotten for the next batch', () => {
  const trie = new PathTrie(nothing, 1000)
  const fill = (children: number) => {
    const parent = child(trie, trie.root('attributes'), 'k'.repeat(1 << 20))
    for (let i = 0; i < children; i += 1) child(trie, parent, `a${i}`)
  }
  fill(100)
  expect(() => fill(100)).toThrow(TooManyPathsError)
  trie.beginBatch()
  fill(100)
})
