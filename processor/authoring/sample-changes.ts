import type { Match, OwnerName } from '../engine/explain.ts'
import type { RulesInUse } from './rules-in-use.ts'
import type { SampleValue } from './sample-reader.ts'
import { marked, SealedShort, type TextPiece } from './sealed-short.ts'

/** What became of one value. */
export interface ValueChange {
  /** Keys in the clear. */
  readonly path: string
  /** What the rules matched is marked. */
  readonly before: readonly TextPiece[]
  /** Undefined where it was removed; what was sealed is shown short. */
  readonly after: { readonly path: string; readonly pieces: readonly TextPiece[] } | undefined
}

/** What became of a record, or of a resource or scope. */
export interface RecordChange {
  readonly of: 'record' | 'resource' | 'scope'
  /** Number of the record in its batch, from 0; of a resource or scope that of its first record. */
  readonly record: number
  readonly values: readonly ValueChange[]
}

/** A value, or a map or array that is taken as a whole, with what the rules do to it. */
interface Item {
  readonly path: string
  /** Where it starts in the batch. */
  readonly start: number
  readonly text: string | undefined
  readonly acting: readonly Match[]
  readonly pieces: readonly TextPiece[]
}

/**
 * What rules made of the records of a batch: record by record, value by value.
 *
 * @param before - the values as they came.
 * @param after - the values as they leave.
 * @param matches - the explanation of the batch.
 */
export function changesOf(
  before: readonly SampleValue[],
  after: readonly SampleValue[],
  matches: readonly Match[],
  known: Pick<RulesInUse, 'nameOf' | 'knownKids' | 'settings'>,
): RecordChange[] {
  const acting = matches.filter(({ verdict }) => verdict.is === 'acts')
  const results = Map.groupBy(after, ({ owner }) => owner)
  const changes: RecordChange[] = []
  for (const [owner, { values, own }] of byOwner(before, acting)) {
    if (own.length === 0) continue
    const left = results.get(owner) ?? []
    const list = left.filter(({ inSealedList }) => inSealedList)
    const short = new SealedShort(known, list)
    const changed = pair(itemsOf(values, own), inOrder(left.filter(isLeaf))).flatMap(([item, result]) =>
      changeOf(item, result, short),
    )
    const [of, record] = owner.split(' ') as [RecordChange['of'], string]
    if (changed.length > 0) changes.push({ of, record: Number(record), values: changed })
  }
  return changes
}

/** The values of each record, resource and scope, and the matches in them. */
function byOwner(values: readonly SampleValue[], acting: readonly Match[]) {
  const owners = new Map<OwnerName, { values: SampleValue[]; own: Match[] }>()
  const of = (owner: OwnerName) => {
    const found = owners.get(owner) ?? { values: [], own: [] }
    owners.set(owner, found)
    return found
  }
  for (const value of values) of(value.owner).values.push(value)
  for (const match of acting) of(match.owner).own.push(match)
  return owners
}

function isLeaf({ text, inSealedList }: SampleValue): boolean {
  return text !== undefined && !inSealedList
}

function inOrder<T extends { readonly start: number }>(values: readonly T[]): T[] {
  return values.toSorted((a, b) => a.start - b.start)
}

/** Values in the order of their bytes, which rules do not change; those in a map that is taken whole are one. */
function itemsOf(values: readonly SampleValue[], own: readonly Match[]): Item[] {
  const matches = Map.groupBy(own, ({ at }) => at.start)
  const containers = outermost(own.filter((match) => isTaken(match) && isContainer(match)))
  const rest = new Set(values.filter(isLeaf))
  const items = containers.map(({ path, at }): Item => {
    const inside = [...rest].filter(({ start }) => start >= at.start && start < at.end)
    for (const value of inside) rest.delete(value)
    const pieces = [{ text: outline(path, inside), marked: true }]
    return { path, start: at.start, text: undefined, acting: matches.get(at.start)!, pieces }
  })
  for (const { path, start, text } of rest) {
    const acting = matches.get(start) ?? []
    items.push({ path, start, text, acting, pieces: piecesOf(text!, acting) })
  }
  return inOrder(items)
}

/** Those that are in no other, each once. */
function outermost(matches: readonly Match[]): Match[] {
  const outer: Match[] = []
  for (const match of matches.toSorted((a, b) => a.at.start - b.at.start || b.at.end - a.at.end)) {
    const last = outer.at(-1)
    if (last === undefined || match.at.start >= last.at.end) outer.push(match)
  }
  return outer
}

function isContainer({ type }: Match): boolean {
  return type === 'map' || type === 'array'
}

/** Whether a value, or a map or array, is taken with all that is in it. */
function isTaken({ action, span }: Match): boolean {
  return span === undefined && (action === 'seal' || action === 'drop')
}

/** Whether an entry is gone afterwards; a body is empty. */
function isRemoved({ acting, path }: Item): boolean {
  return path !== 'body' && acting.some((match) => match.action === 'drop' && isTaken(match))
}

/** What the rules matched in a text, or the whole text where one takes it whole. */
function piecesOf(text: string, matches: readonly Match[]): TextPiece[] {
  const bytes = Buffer.from(text)
  const own = matches.filter(({ onKey }) => !onKey)
  const spans = own.map(({ span }): [number, number] => {
    if (span === undefined) return [0, text.length]
    const start = bytes.toString('utf8', 0, span.start).length
    return [start, start + bytes.toString('utf8', span.start, span.end).length]
  })
  return marked(text, spans)
}

/** What is in a map or an array: `{name: Jane, age: 41}`. */
function outline(path: string, values: readonly SampleValue[]): string {
  const entries = values.map((value) => {
    const name = value.path.startsWith(path) ? value.path.slice(path.length).replace(/^\./, '') : value.path
    return name === '[*]' ? value.text : `${name}: ${value.text}`
  })
  return values.some(({ path: inner }) => inner === `${path}[*]`)
    ? `[${entries.join(', ')}]`
    : `{${entries.join(', ')}}`
}

/**
 * Each item with what it became. Rules remove values, and change what they leave where it stands: so that both lists are
 * in the same order.
 */
function pair(items: readonly Item[], results: readonly SampleValue[]): [Item, SampleValue | undefined][] {
  const staying = items.filter((item) => !isRemoved(item)).length
  if (staying === results.length) {
    let next = 0
    return items.map((item) => (isRemoved(item) ? [item, undefined] : [item, results[next++]]))
  }
  // A record that is odd in some way (protobuf allows several values in one entry): what has the same path belongs together.
  const left = [...results]
  return items.map((item) => {
    const index = left.findIndex(({ path }) => path === item.path || path === `${item.path}.sealed`)
    return [item, index < 0 ? undefined : left.splice(index, 1)[0]]
  })
}

function changeOf(
  { path, text, acting, pieces }: Item,
  result: SampleValue | undefined,
  short: SealedShort,
): ValueChange[] {
  if (result === undefined) return [{ path, before: pieces, after: undefined }]
  if (result.text === text && result.path === path) return []
  const kind = acting.find(({ action, span }) => action === 'seal' && span === undefined) ?? acting[0]
  const after = {
    path: result.path.replace(/\bsealed:[\w-]{8}$/, 'sealed'),
    pieces: short.pieces(result.text!, kind?.kind),
  }
  return [{ path, before: pieces, after }]
}
