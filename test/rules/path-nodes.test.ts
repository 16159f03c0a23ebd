import { describe, expect, test } from 'vitest'
import { compileRules } from '../../rules/compile.ts'
import { type PathNode, PathTrie, TooManyPathsError } from '../../rules/path-trie.ts'
import { NODE, type Plan } from '../../rules/plan.ts'
import { type RuleInput, ruleFileSchema } from '../../rules/schema/index.ts'

function planOf(...rules: readonly RuleInput[]): Plan {
  const compiled = compileRules(ruleFileSchema.parse({ rules }).rules, { hashKeys: new Map() })
  if ('issues' in compiled) throw new Error(JSON.stringify(compiled.issues))
  return compiled.plan
}

const EMAIL: RuleInput = { id: 'mails', detect: 'email', mask: {} }

/** Looks keys up as a walk does: each after its sibling, in bytes that hold other bytes around them. */
function lookUp(trie: PathTrie, parent: PathNode, keys: readonly (string | Uint8Array)[]): PathNode[] {
  let previous: PathNode | undefined
  return keys.map((key) => {
    const bytes = Buffer.concat([Buffer.from('around'), Buffer.from(key), Buffer.from('around')])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    previous = trie.child(parent, previous, view, 6, bytes.length - 6)
    return previous
  })
}

function trieOf(limit: number, ...rules: readonly RuleInput[]): { trie: PathTrie; attributes: PathNode } {
  const trie = new PathTrie(planOf(...rules), limit)
  trie.beginBatch()
  return { trie, attributes: trie.root('attributes') }
}

const some = (count: number) => Array.from({ length: count }, (_, index) => `key${index}`)
/** Nodes of the roots. */
const ROOTS = new PathTrie(planOf(EMAIL), 1000).size

describe('a path that has been seen', () => {
  test('has the same node every time, in whatever order its siblings come', () => {
    const { trie, attributes } = trieOf(1000, EMAIL)
    const keys = ['a', 'b', 'ab', 'ba', 'abcd', 'abce', 'abcdefgh', 'abcdefgi', 'xbcdefgh', 'abcdexgh', '']
    const first = lookUp(trie, attributes, keys)
    expect(new Set(first).size).toBe(keys.length)
    for (let round = 0; round < keys.length; round += 1) {
      const order = [...keys.slice(round), ...keys.slice(0, round)].reverse()
      expect(lookUp(trie, attributes, order)).toEqual(order.map((key) => first[keys.indexOf(key)]))
    }
    expect(trie.size).toBe(ROOTS + keys.length)
  })

  test('is told from every other one, of a hundred thousand, some of which have the same hash', () => {
    const { trie, attributes } = trieOf(200_000, { id: 'x', path: 'body', mask: {} })
    const keys = some(100_000)
    const nodes = lookUp(trie, attributes, keys)
    expect(new Set(nodes).size).toBe(keys.length)
    const again = lookUp(trie, attributes, keys.toReversed()).reverse()
    expect(again.every((node, index) => node === nodes[index] && node.key === keys[index])).toBe(true)
  })

  test('is told from the same key under another parent', () => {
    const { trie, attributes } = trieOf(1000, EMAIL)
    const [a, b] = lookUp(trie, attributes, ['a', 'b'])
    const [underA] = lookUp(trie, a!, ['x'])
    const [underB] = lookUp(trie, b!, ['x'])
    expect(underA).not.toBe(underB)
    expect([underA!.shown, underB!.shown]).toEqual(['attributes.a.x', 'attributes.b.x'])
    expect(lookUp(trie, a!, ['x'])).toEqual([underA])
  })

  test('keeps its bytes, whatever becomes of the batch that it was found in', () => {
    const { trie, attributes } = trieOf(1000, EMAIL)
    const bytes = Buffer.from('user')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const node = trie.child(attributes, undefined, view, 0, 4)
    bytes.fill('x')
    expect(trie.child(attributes, undefined, view, 0, 4)).not.toBe(node)
    expect(lookUp(trie, attributes, ['user'])).toEqual([node])
  })

  test('may be of bytes that are no text', () => {
    const { trie, attributes } = trieOf(1000, EMAIL)
    const keys = [Buffer.of(0xff), Buffer.of(0xfe), Buffer.of(0xff, 0), Buffer.of(0)]
    const nodes = lookUp(trie, attributes, keys)
    expect(new Set(nodes).size).toBe(keys.length)
    expect(nodes[0]!.key).toBe('\ufffd')
    expect(lookUp(trie, attributes, keys)).toEqual(nodes)
  })

  test('has one node for the elements of an array', () => {
    const { trie, attributes } = trieOf(1000, EMAIL)
    const [items] = lookUp(trie, attributes, ['items'])
    const element = trie.element(items!)
    expect(trie.element(items!)).toBe(element)
    expect(element).toMatchObject({ shown: 'attributes.items[*]', key: 'items' })
    expect(trie.node(element.id)).toBe(element)
  })
})

describe('beyond the bound', () => {
  test('nodes are made for the batch alone, and what holds at their paths is the same', () => {
    const { trie, attributes } = trieOf(ROOTS + 2, EMAIL, { id: 'names', key: '^key5$', drop: {} })
    const nodes = lookUp(trie, attributes, some(8))
    expect(trie.size).toBe(ROOTS + 2)
    expect(nodes.map((node) => trie.node(node.id))).toEqual(nodes)
    expect(nodes.map(({ flags }) => (flags & NODE.WHOLE) !== 0)).toEqual(
      [...some(8).keys()].map((index) => index === 5),
    )
    const roomy = trieOf(1000, EMAIL, { id: 'names', key: '^key5$', drop: {} })
    const kept = lookUp(roomy.trie, roomy.attributes, some(8))
    expect(nodes.map(({ flags, shown }) => [flags, shown])).toEqual(kept.map(({ flags, shown }) => [flags, shown]))
  })

  test('what came next in one batch does not stand for what comes next in another', () => {
    const { trie, attributes } = trieOf(ROOTS + 2, EMAIL)
    lookUp(trie, attributes, ['a', 'b', 'passing', 'b', 'passing'])
    for (const keys of [
      ['a', 'other'],
      ['b', 'other'],
      ['other', 'b'],
      ['a', 'b', 'x', 'a', 'passing'],
    ]) {
      trie.beginBatch()
      const nodes = lookUp(trie, attributes, keys)
      expect(nodes.map(({ key }) => key)).toEqual(keys)
      expect(nodes.map(({ id }) => trie.node(id).key)).toEqual(keys)
    }
  })

  test('what is below a node of one batch is of that batch', () => {
    const { trie, attributes } = trieOf(ROOTS + 1, EMAIL)
    for (const name of ['first', 'second', 'third']) {
      trie.beginBatch()
      const [, map] = lookUp(trie, attributes, ['kept', name])
      const [child] = lookUp(trie, map!, ['inner'])
      const element = trie.element(map!)
      expect([child!.shown, element.shown]).toEqual([`attributes.${name}.inner`, `attributes.${name}[*]`])
      expect([trie.node(child!.id), trie.node(element.id)]).toEqual([child, element])
    }
    expect(trie.size).toBe(ROOTS + 1)
  })

  test('elements of an array that is kept are of the batch where there is no more room', () => {
    const { trie, attributes } = trieOf(ROOTS + 1, EMAIL)
    const [items] = lookUp(trie, attributes, ['items'])
    for (let batch = 0; batch < 3; batch += 1) {
      trie.beginBatch()
      lookUp(trie, attributes, ['x', 'y'])
      const element = trie.element(items!)
      expect(trie.node(element.id)).toBe(element)
      expect(element.shown).toBe('attributes.items[*]')
    }
  })

  test('very long keys are never kept', () => {
    const { trie, attributes } = trieOf(1000, EMAIL)
    const long = 'k'.repeat(257)
    const nodes = lookUp(trie, attributes, ['k'.repeat(256), long, 'short', long])
    expect(trie.size).toBe(ROOTS + 2)
    expect(nodes.map(({ key }) => key.length)).toEqual([256, 257, 5, 257])
  })

  test('one batch can make only so many nodes', () => {
    const { trie, attributes } = trieOf(ROOTS, { id: 'x', path: 'body', mask: {} })
    const keys = some(300_000)
    expect(() => lookUp(trie, attributes, keys)).toThrow(TooManyPathsError)
    expect(() => lookUp(trie, attributes, keys)).toThrow(new TooManyPathsError('too many distinct paths in one batch'))
    trie.beginBatch()
    expect(lookUp(trie, attributes, ['a'])[0]!.key).toBe('a')
  })
})

describe('a key that holds something', () => {
  test('is masked where paths are shown, and has the rules that act on it', () => {
    const { trie, attributes } = trieOf(1000, EMAIL, { id: 'bodies', detect: 'email', path: 'body.**', drop: {} })
    const [node] = lookUp(trie, attributes, ['jane@example.org'])
    expect(node).toMatchObject({ shown: 'attributes.*', masked: true, key: 'jane@example.org' })
    expect(node!.keyRules.map(({ rule }) => rule.id)).toEqual(['mails'])
    expect(node!.flags & NODE.KEY).toBe(NODE.KEY)
    const [inner] = lookUp(trie, node!, ['age'])
    expect(inner!.shown).toBe('attributes.*.age')
  })

  test('is masked where no rule acts on it, too', () => {
    const { trie, attributes } = trieOf(1000, { id: 'bodies', detect: 'email', path: 'body.**', drop: {} })
    const [node] = lookUp(trie, attributes, ['jane@example.org'])
    expect(node).toMatchObject({ shown: 'attributes.*', keyRules: [] })
    expect(node!.flags & NODE.KEY).toBe(0)
  })
})

describe('the list of sealed parts', () => {
  test.each(['attributes', 'resource', 'scope'] as const)('stands directly below %s', (root) => {
    const { trie } = trieOf(1000, EMAIL)
    const [list, other] = lookUp(trie, trie.root(root), ['fieldseal.sealed', 'other'])
    expect(list!.flags & NODE.SEALED_LIST).toBe(NODE.SEALED_LIST)
    expect(trie.element(list!).flags & NODE.SEALED_PART).toBe(NODE.SEALED_PART)
    expect(other!.flags & NODE.SEALED_LIST).toBe(0)
    const [deeper] = lookUp(trie, other!, ['fieldseal.sealed'])
    expect(deeper!.flags & NODE.SEALED_LIST).toBe(0)
  })

  test('is nothing special in a body', () => {
    const { trie } = trieOf(1000, EMAIL)
    const [list] = lookUp(trie, trie.root('body'), ['fieldseal.sealed'])
    expect(list!.flags & NODE.SEALED_LIST).toBe(0)
  })

  test('hands rules for whole values down to its elements', () => {
    const { trie, attributes } = trieOf(1000, { id: 'all', path: 'attributes.**', drop: {} })
    const [list] = lookUp(trie, attributes, ['fieldseal.sealed'])
    expect(trie.element(list!).scope.whole.map(({ id }) => id)).toEqual(['all'])
  })
})

test('hash and mask come down from containers to what is in them, seal and drop do not', () => {
  const { trie, attributes } = trieOf(
    1000,
    { id: 'masked', key: '^user$', mask: {} },
    { id: 'dropped', key: '^user$', drop: {} },
  )
  const [user] = lookUp(trie, attributes, ['user'])
  expect(user!.scope.whole.map(({ id }) => id)).toEqual(['masked', 'dropped'])
  const [inner] = lookUp(trie, user!, ['age'])
  expect(inner!.scope.whole.map(({ id }) => id)).toEqual(['masked'])
  expect(lookUp(trie, inner!, ['deep'])[0]!.scope.whole.map(({ id }) => id)).toEqual(['masked'])
})
