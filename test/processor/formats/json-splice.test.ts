import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Edit } from '../../../processor/formats/format.ts'
import { spliceJson } from '../../../processor/formats/json-splice.ts'

/** A value that is to be written, and what becomes of it. */
type Plan =
  | { readonly kind: 'leaf'; readonly text: string }
  | { readonly kind: 'object' | 'array'; readonly entries: readonly PlannedEntry[]; readonly added: readonly string[] }

interface PlannedEntry {
  readonly value: Plan
  readonly fate: 'keep' | 'remove' | 'replace'
}

const space = fc.constantFrom('', '', '', ' ', '\n\t')
const leaf = fc
  .constantFrom('1', '"x"', '"a,]}"', 'null', '{}', '[]', '"\\"["')
  .map((text): Plan => ({ kind: 'leaf', text }))
const plans = fc.letrec<{ plan: Plan; entry: PlannedEntry }>((tie) => ({
  plan: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'json' },
    leaf,
    fc.record({
      kind: fc.constantFrom('object', 'array'),
      entries: fc.array(tie('entry'), { maxLength: 4, depthIdentifier: 'json' }),
      added: fc.oneof(fc.constant([]), fc.constant([]), fc.constant(['"added"'])),
    }),
  ),
  entry: fc.record({ value: tie('plan'), fate: fc.constantFrom('keep', 'keep', 'remove', 'replace') }),
}))

/** Writes the document and notes the edits with their places. */
class Writer {
  text = ''
  readonly edits: Edit[] = []
  readonly #space: () => string

  constructor(space: () => string) {
    this.#space = space
  }

  put(text: string): void {
    this.text += text
  }

  value(plan: Plan, isEdited: boolean): void {
    if (plan.kind === 'leaf') {
      this.put(plan.text)
      return
    }
    const open = this.text.length
    this.put(plan.kind === 'object' ? '{' : '[')
    for (const [index, entry] of plan.entries.entries()) {
      this.put(index > 0 ? `,${this.#space()}` : this.#space())
      const at = this.text.length
      if (plan.kind === 'object') this.put(`"k${index}"${this.#space()}:${this.#space()}`)
      const token = this.text.length
      this.value(entry.value, isEdited && entry.fate === 'keep')
      const end = this.text.length
      if (isEdited && entry.fate === 'remove') this.edits.push({ kind: 'remove', at, end })
      if (isEdited && entry.fate === 'replace')
        this.edits.push({ kind: 'replace', at: token, end, bytes: Buffer.from('"new"') })
      this.put(this.#space())
    }
    if (plan.entries.length === 0) this.put(this.#space())
    const close = this.text.length
    this.put(plan.kind === 'object' ? '}' : ']')
    for (const added of isEdited ? plan.added : []) {
      const bytes = Buffer.from(plan.kind === 'object' ? `"added":${added}` : added)
      this.edits.push({ kind: 'append', at: close, open, close, bytes, first: false })
    }
  }
}

/** What must come out, as values: the edits carried out on the plan itself. */
function expected(plan: Plan): unknown {
  if (plan.kind === 'leaf') return JSON.parse(plan.text)
  const kept = [...plan.entries.entries()].flatMap(([index, { fate, value }]) =>
    fate === 'remove' ? [] : [[`k${index}`, fate === 'replace' ? 'new' : expected(value)] as const],
  )
  const added = plan.added.map((text) => ['added', JSON.parse(text)] as const)
  return plan.kind === 'object'
    ? Object.fromEntries([...kept, ...added])
    : [...kept, ...added].map(([, value]) => value)
}

test('whatever is removed, replaced and added, what is left is the JSON that it should be', () => {
  fc.assert(
    fc.property(plans.plan, fc.array(space, { minLength: 1, maxLength: 7 }), fc.boolean(), (plan, spaces, reversed) => {
      let used = 0
      const writer = new Writer(() => spaces[used++ % spaces.length]!)
      writer.put('before')
      writer.value(plan, true)
      const end = writer.text.length
      writer.put('behind')
      const edits = reversed ? writer.edits.toReversed() : writer.edits
      const spliced = spliceJson(Buffer.from(writer.text), 'before'.length, end, edits).toString()
      expect(JSON.parse(spliced)).toEqual(expected(plan))
      if (edits.length === 0) expect(spliced).toBe(writer.text.slice('before'.length, end))
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ['{"a":1,"b":2}', [0], '{"b":2}'],
  ['{"a":1,"b":2}', [1], '{"a":1}'],
  ['{"a":1,"b":2}', [0, 1], '{}'],
  ['{ "a":1 , "b":2 , "c":3 }', [0, 1], '{ "c":3 }'],
  ['{ "a":1 , "b":2 , "c":3 }', [1, 2], '{ "a":1 }'],
  ['{ "a":1 , "b":2 , "c":3 }', [0, 2], '{ "b":2 }'],
  ['{"a":1}', [0], '{}'],
])('of %s without members %j stays %s', (text, removed, left) => {
  const members = [...text.matchAll(/"\w":\d/g)].map(({ index, 0: { length } }) => ({ at: index, end: index + length }))
  const edits = removed.map((index): Edit => ({ kind: 'remove', ...members[index]! }))
  expect(spliceJson(Buffer.from(text), 0, text.length, edits).toString()).toBe(left)
})

test('a member can be put in front of others and into nothing', () => {
  const put = (text: string): string => {
    const edit: Edit = {
      kind: 'append',
      at: 0,
      open: 0,
      close: text.length - 1,
      bytes: Buffer.from('"n":0'),
      first: true,
    }
    return spliceJson(Buffer.from(text), 0, text.length, [edit]).toString()
  }
  expect(put('{}')).toBe('{"n":0}')
  expect(JSON.parse(put('{ }'))).toEqual({ n: 0 })
  expect(put('{"a":1}')).toBe('{"n":0,"a":1}')
  expect(JSON.parse(put('{ "a":1}'))).toEqual({ n: 0, a: 1 })
})
