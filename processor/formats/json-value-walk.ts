import type { PathNode } from '../../rules/path-trie.ts'
import { NODE } from '../../rules/plan.ts'
import { type Batch, KIND } from './batch.ts'
import { CHAR, JsonScanner } from './json-scanner.ts'
import { decodeEscapes } from './json-string.ts'

const CONTAINER_FLAGS = NODE.WHOLE | NODE.KEY | NODE.SEALED_LIST
/** Escapes in keys are rare, and walks are made for each line of a program. */
const NO_BYTES = new Uint8Array(0)
const TRUE_START = 0x74
const FALSE_START = 0x66

/** Walks over plain JSON values: those of a JSON line. */
export class JsonValueWalk {
  readonly batch: Batch
  readonly scanner: JsonScanner
  #keyScratch = NO_BYTES

  constructor(batch: Batch) {
    this.batch = batch
    this.scanner = new JsonScanner(batch.bytes, batch.bytes.length, batch.limits.depth, batch.view)
  }

  /** The path node of a member, whose key may hold escapes. */
  child(parent: PathNode, previous: PathNode | undefined, keyStart: number, keyEnd: number): PathNode {
    const { bytes, trie, view } = this.batch
    if (!this.scanner.escaped) return trie.child(parent, previous, view, keyStart, keyEnd)
    if (this.#keyScratch.length < keyEnd - keyStart) this.#keyScratch = new Uint8Array(Math.max(256, keyEnd - keyStart))
    const length = decodeEscapes(bytes, keyStart, keyEnd, this.#keyScratch, 0)
    return trie.child(parent, previous, new DataView(this.#keyScratch.buffer), 0, length)
  }

  /** Reports the value at `start` and returns its end. */
  value(start: number, node: PathNode, owner: number, entry: number, depth: number): number {
    const { batch, scanner } = this
    const byte = scanner.peek(start)
    if (byte === CHAR.QUOTE) {
      const end = scanner.scanString(start + 1)
      this.text(start, end, scanner.escaped, node, owner, entry)
      return end + 1
    }
    if (byte === CHAR.OPEN_BRACE || byte === CHAR.OPEN_BRACKET)
      return this.#container(byte === CHAR.OPEN_BRACE, start, node, owner, entry, depth)
    const isLiteral = byte >= 0x61
    const end = isLiteral ? scanner.scanLiteral(start) : scanner.scanNumber(start)
    const kind = !isLiteral ? KIND.NUMBER : byte === TRUE_START || byte === FALSE_START ? KIND.BOOLEAN : KIND.NULL
    if (node.flags !== 0) batch.add(kind, start, end, node, owner, start, entry)
    return end
  }

  /** Reports the text whose quotes are at `start` and `end`. */
  text(start: number, end: number, isEscaped: boolean, node: PathNode, owner: number, entry: number): void {
    if (node.flags === 0) return
    this.batch.add(isEscaped ? KIND.ESCAPED : KIND.TEXT, start + 1, end, node, owner, start, entry)
  }

  #container(isMap: boolean, start: number, node: PathNode, owner: number, entry: number, depth: number): number {
    const { batch, scanner } = this
    const row =
      (node.flags & CONTAINER_FLAGS) === 0
        ? -1
        : batch.add(isMap ? KIND.MAP : KIND.ARRAY, start, start, node, owner, start, entry)
    if (row >= 0 && !isMap && (node.flags & NODE.SEALED_LIST) !== 0) batch.owners[owner]!.sealedList = row
    let end: number
    if (isMap) {
      let previous: PathNode | undefined
      end = scanner.members(start, depth, (keyStart, keyEnd, value) => {
        previous = this.child(node, previous, keyStart, keyEnd)
        return this.value(value, previous, owner, keyStart - 1, depth + 1)
      })
    } else {
      const element = batch.trie.element(node)
      end = scanner.elements(start, depth, (value) => this.value(value, element, owner, value, depth + 1))
    }
    if (row >= 0) batch.closeContainer(row, end)
    return end
  }
}
