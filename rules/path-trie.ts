import { comesDown } from './actions/action.ts'
import { PATH_ROOTS, type PathStep, READ_ONLY_FIELDS, SCANNED_FIELDS, showStep } from './path.ts'
import { NODE, type PathPlan, type PlanRule, type Scope, SEALED_LIST_KEY } from './plan.ts'

/** Keys longer than this get a node for the batch alone: the tree must not grow with what senders make up. */
const LONGEST_KEPT_KEY_BYTES = 256

/**
 * Keys of one hash below one parent that are kept. Two are rare; anybody can make thousands, each of which would be
 * compared with each value's key.
 */
const MOST_OF_ONE_HASH = 8

const ROOTS = [...PATH_ROOTS, ...READ_ONLY_FIELDS, ...SCANNED_FIELDS] as const
export type PathRoot = (typeof ROOTS)[number]

/** Values at one path that must have matched before others are expected to. */
const FEWEST_MATCHES = 8
/** So that what was long ago weighs little. */
const MOST_COUNTED = 1 << 16

/** A path that has been seen, with what the plan says of it. */
export class PathNode {
  readonly id: number
  readonly parent: PathNode | undefined
  readonly steps: readonly PathStep[]
  /** The key as a text; of an array's elements that of the array. */
  readonly key: string
  readonly keyBytes: Uint8Array
  readonly keyLength: number
  readonly keyWords: Int32Array
  /** The last four bytes as one word; 0 where the key is shorter. */
  readonly keyTail: number
  /** Whether the key stands in JSON as it is, without escapes. */
  readonly isPlainKey: boolean
  readonly scope: Scope
  /** Bits of `NODE`. */
  readonly flags: number
  /** The path for people: keys with a finding as `*`. */
  readonly shown: string
  /** Bytes of all keys from the root on. */
  readonly pathBytes: number
  readonly masked: boolean
  /** Rules that act on the key itself, each with the detector that found something in it. */
  readonly keyRules: readonly { readonly rule: PlanRule; readonly detector: number }[]
  /** The sibling that came after this one the last time: senders repeat their keys in the same order. */
  next: PathNode | undefined
  /** The child that came first the last time. */
  first: PathNode | undefined
  /** The elements of an array. */
  element: PathNode | undefined
  /** The next node whose key has the same hash. */
  sameHash: PathNode | undefined
  children: Map<number, PathNode> | undefined
  /** Values here that were looked through for a match, and those in which something was found. */
  seen: number
  matches: number
  /** What a format makes of the key, once it has found out: the same for as long as the tree is there. */
  role: number | undefined
  /** How often values here were seen before, of late: rises with each that was, falls with each that was not. */
  repeats: number

  constructor(
    id: number,
    parent: PathNode | undefined,
    step: PathStep & { masked: boolean },
    keyBytes: Uint8Array,
    scope: Scope,
    flags: number,
    keyRules: PathNode['keyRules'],
  ) {
    this.id = id
    this.parent = parent
    this.steps = parent === undefined ? [step] : [...parent.steps, step]
    this.key = step.kind === 'key' ? step.key : (parent?.key ?? '')
    this.keyBytes = keyBytes
    this.keyLength = keyBytes.length
    this.keyWords = wordsOf(keyBytes)
    this.keyTail = keyBytes.length < 4 ? 0 : viewOf(keyBytes).getInt32(keyBytes.length - 4, true)
    this.isPlainKey = keyBytes.every(isPlainByte)
    this.scope = scope
    this.flags = flags
    this.masked = step.masked
    this.shown = showStep(parent?.shown ?? '', step)
    this.pathBytes = (parent?.pathBytes ?? 0) + (step.kind === 'key' ? keyBytes.length : 0)
    this.keyRules = keyRules
    this.next = undefined
    this.first = undefined
    this.element = undefined
    this.sameHash = undefined
    this.children = undefined
    this.seen = 0
    this.role = undefined
    this.matches = 0
    this.repeats = 8
  }

  /** Whether nearly all values here match, so that to look for it is wasted: `user.email` is an address each time. */
  get expectsMatch(): boolean {
    return this.matches >= FEWEST_MATCHES && this.matches * 4 >= this.seen * 3
  }

  /** A value here is looked through for a match. */
  countSeen(): void {
    this.seen += 1
    if (this.seen < MOST_COUNTED) return
    this.seen >>= 1
    this.matches >>= 1
  }

  /** A value here was expected to match, or a pattern matched in it: whether anything was found. */
  countMatch(found: boolean): void {
    if (!found) this.matches = 0
    else if (this.matches < MOST_COUNTED) this.matches += 1
  }
}

/** Whether the node's key is `[start, end)`. Four bytes at a time: this runs once for each value of each record. */
export function keyIs(node: PathNode, bytes: DataView, start: number, end: number): boolean {
  if (node.keyLength !== end - start) return false
  if (end - start < 4) return isShortKey(node, bytes, start)
  const words = node.keyWords
  for (let i = 0; i < words.length; i += 1) {
    if (bytes.getInt32(start + 4 * i, true) !== words[i]) return false
  }
  // The last four bytes, some of them for the second time: cheaper than one by one.
  return bytes.getInt32(end - 4, true) === node.keyTail
}

/** RFC 8259 section 7: quotation mark, reverse solidus and control characters are escaped. */
function isPlainByte(byte: number): boolean {
  return byte >= 0x20 && byte !== 0x22 && byte !== 0x5c
}

function isShortKey(node: PathNode, bytes: DataView, start: number): boolean {
  const { keyBytes } = node
  for (let i = 0; i < keyBytes.length; i += 1) {
    if (bytes.getUint8(start + i) !== keyBytes[i]) return false
  }
  return true
}

/** The whole words of a key, as `keyIs` compares them. */
function wordsOf(key: Uint8Array): Int32Array {
  const view = viewOf(key)
  return Int32Array.from({ length: key.length >> 2 }, (_, index) => view.getInt32(4 * index, true))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** FNV-1a over the key's bytes. */
function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ bytes.getUint8(i), 0x01000193)
  return hash
}

function copyOf(bytes: DataView, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start).slice()
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Nodes that one batch may make beyond the bound; each costs about 300 bytes. */
const MOST_PASSING_NODES = 1 << 18

/**
 * Bytes of the paths of those nodes. What is looked at for each is its whole path, so that a key of a megabyte with
 * very many keys below it would otherwise take hours.
 */
const MOST_PASSING_BYTES = 1 << 27

/** Thrown where one batch has more distinct paths than there is room for. */
export class TooManyPathsError extends Error {
  override readonly name = 'TooManyPathsError'
}

/**
 * The paths that have been seen, as a tree over the keys' bytes: for a path that is in it, nothing is allocated and
 * nothing is decided again.
 *
 * The tree is bounded. Beyond the bound, and for very long keys, a node is made each time and lives for one batch:
 * slower, and with the same result.
 */
export class PathTrie {
  readonly #plan: PathPlan
  readonly #limit: number
  /** Nodes that stay: ids below the limit. */
  readonly #kept: PathNode[] = []
  /** Nodes of this batch alone: ids from the limit on. */
  readonly #passing: PathNode[] = []
  #passingBytes = 0
  readonly #roots = new Map<PathRoot, PathNode>()

  /** @param limit - nodes that stay. */
  constructor(plan: PathPlan, limit: number) {
    this.#plan = plan
    // The roots stay in any case, and what stays has an id below the limit.
    this.#limit = Math.max(limit, ROOTS.length)
    for (const name of ROOTS) {
      this.#roots.set(name, this.#make(undefined, { kind: 'key', key: name, masked: false }, new Uint8Array(), true))
    }
  }

  /** Forgets the nodes that were made for one batch. */
  beginBatch(): void {
    // Setting a length leaves the compiled code, even where it changes nothing.
    if (this.#passing.length > 0) this.#passing.length = 0
    this.#passingBytes = 0
  }

  node(id: number): PathNode {
    return id < this.#limit ? this.#kept[id]! : this.#passing[id - this.#limit]!
  }

  /** Number of nodes that stay. */
  get size(): number {
    return this.#kept.length
  }

  root(name: PathRoot): PathNode {
    return this.#roots.get(name)!
  }

  /**
   * The node for a key below `parent`.
   *
   * @param previous - the sibling that came before in the same record: what followed it the last time is tried first.
   */
  child(parent: PathNode, previous: PathNode | undefined, bytes: DataView, start: number, end: number): PathNode {
    const guess = previous === undefined ? parent.first : previous.next
    if (guess !== undefined && keyIs(guess, bytes, start, end)) return guess
    const node = this.#lookup(parent, bytes, start, end)
    // A node of this batch alone must not be remembered: its id means something else in the next batch.
    if (node.id < this.#limit) {
      if (previous === undefined) parent.first = node
      else previous.next = node
    }
    return node
  }

  #lookup(parent: PathNode, bytes: DataView, start: number, end: number): PathNode {
    const hash = hashOf(bytes, start, end)
    let node = parent.children?.get(hash)
    let others = 0
    while (node !== undefined && !keyIs(node, bytes, start, end)) {
      node = node.sameHash
      others += 1
    }
    return node ?? this.#addChild(parent, hash, copyOf(bytes, start, end), others < MOST_OF_ONE_HASH)
  }

  element(parent: PathNode): PathNode {
    if (parent.element !== undefined) return parent.element
    const node = this.#make(parent, { kind: 'element', masked: false }, parent.keyBytes, this.#hasRoom(parent))
    if (node.id < this.#limit || parent.id >= this.#limit) parent.element = node
    return node
  }

  #hasRoom(parent: PathNode): boolean {
    return parent.id < this.#limit && this.#kept.length < this.#limit
  }

  #addChild(parent: PathNode, hash: number, keyBytes: Uint8Array, mayKeep: boolean): PathNode {
    const keep = mayKeep && this.#hasRoom(parent) && keyBytes.length <= LONGEST_KEPT_KEY_BYTES
    const key = utf8.decode(keyBytes)
    const masked = this.#findingsIn(key).length > 0
    const node = this.#make(parent, { kind: 'key', key, masked }, keyBytes, keep)
    if (keep) {
      parent.children ??= new Map()
      node.sameHash = parent.children.get(hash)
      parent.children.set(hash, node)
    }
    return node
  }

  #findingsIn(key: string): readonly number[] {
    const bytes = Buffer.from(key, 'utf8')
    const set = this.#plan.detectors
    if (!set.test(bytes) && !set.testAnchored(bytes)) return []
    return [...new Set(set.find(bytes, () => true, '').map((finding) => finding.detector))]
  }

  #make(
    parent: PathNode | undefined,
    step: PathStep & { masked: boolean },
    keyBytes: Uint8Array,
    keep: boolean,
  ): PathNode {
    if (!keep) this.#countPassing((parent?.pathBytes ?? 0) + keyBytes.length)
    const inherited = inheritedRules(parent, step)
    const scope = this.#plan.scopeOf(parent === undefined ? [step] : [...parent.steps, step], inherited)
    const listFlag = sealedListFlag(parent, step)
    // The list's own name is nobody's data, whatever a rule's own pattern makes of it.
    const keyRules =
      step.kind === 'key' && step.masked && listFlag === 0
        ? this.#findingsIn(step.key).flatMap((detector) =>
            (scope.byDetector.get(detector) ?? []).map((rule) => ({ rule, detector })),
          )
        : []
    const key = step.kind === 'key' ? step.key : (parent?.key ?? '')
    const isOpen =
      parent !== undefined && [...this.#plan.detectors.openedBy(key)].some((detector) => scope.byDetector.has(detector))
    const flags = scope.flags | (keyRules.length > 0 ? NODE.KEY : 0) | listFlag | (isOpen ? NODE.OPEN : 0)
    const id = keep ? this.#kept.length : this.#limit + this.#passing.length
    const node = new PathNode(id, parent, step, keyBytes, scope, flags, keyRules)
    if (keep) this.#kept.push(node)
    else this.#passing.push(node)
    return node
  }

  #countPassing(pathBytes: number): void {
    if (this.#passing.length >= MOST_PASSING_NODES) throw new TooManyPathsError('too many distinct paths in one batch')
    this.#passingBytes += pathBytes
    if (this.#passingBytes > MOST_PASSING_BYTES) throw new TooManyPathsError('too many long paths in one batch')
  }
}

/**
 * Rules for whole values that a container hands down to what is in it: those which have no meaning for a container; and all of them for the list of sealed parts, which is never taken as a whole.
 */
function inheritedRules(parent: PathNode | undefined, step: PathStep): readonly PlanRule[] {
  if (parent === undefined) return []
  if (step.kind === 'element' && (parent.flags & NODE.SEALED_LIST) !== 0) return parent.scope.whole
  return parent.scope.whole.filter(({ action }) => comesDown(action))
}

/** `fieldseal.sealed` directly below the attributes of a record, a resource or a scope, and its elements. */
function sealedListFlag(parent: PathNode | undefined, step: PathStep): number {
  if (parent === undefined) return 0
  if (step.kind === 'element') return (parent.flags & NODE.SEALED_LIST) !== 0 ? NODE.SEALED_PART : 0
  // A body has no attributes: a map in it that has such a key is a map like any other.
  const isAttribute = parent.parent === undefined && parent.key !== 'body'
  return isAttribute && step.key === SEALED_LIST_KEY ? NODE.SEALED_LIST : 0
}
