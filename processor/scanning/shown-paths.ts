import type { DetectorSet } from '../../detectors/set.ts'
import { showPath } from '../../rules/path.ts'
import type { PathNode } from '../../rules/path-trie.ts'

/** How paths are shown: keys as `*` in which something is found, whether or not the scan was to look for it. */
export class ShownPaths {
  readonly #detectors: DetectorSet | undefined
  readonly #known = new WeakMap<PathNode, string>()

  /** @param detectors - what keys are looked through for beside what the plan looks for. */
  constructor(detectors: DetectorSet | undefined) {
    this.#detectors = detectors
  }

  /** @throws MatchingError */
  of(node: PathNode): string {
    const set = this.#detectors
    if (set === undefined) return node.shown
    let path = this.#known.get(node)
    if (path === undefined) {
      path = showPath(nodesTo(node).map((one) => ({ ...one.steps.at(-1)!, masked: isMasked(one, set) })))
      this.#known.set(node, path)
    }
    return path
  }
}

function nodesTo(node: PathNode): PathNode[] {
  return node.parent === undefined ? [node] : [...nodesTo(node.parent), node]
}

function isMasked(node: PathNode, set: DetectorSet): boolean {
  const step = node.steps.at(-1)!
  if (node.parent === undefined || step.kind !== 'key') return false
  return node.masked || set.find(Buffer.from(step.key), () => true, '').length > 0
}
