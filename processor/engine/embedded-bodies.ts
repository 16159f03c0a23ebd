import { DetectorSet } from '../../detectors/set.ts'
import type { PathStep } from '../../rules/path.ts'
import { PathTrie } from '../../rules/path-trie.ts'
import { NODE, type PathPlan, type Scope } from '../../rules/plan.ts'
import { Batch, type BatchOptions, newRows } from '../formats/batch.ts'
import { type EmbeddedTexts, embeddedTexts } from '../formats/embedded-json/texts.ts'
import type { Format } from '../formats/format.ts'

const SEEN: Scope = { flags: NODE.REPORT, whole: [], byDetector: new Map(), whereFields: [] }
const UNSEEN: Scope = { ...SEEN, flags: 0 }

/** Bodies alone. */
const bodies: PathPlan = {
  detectors: new DetectorSet([]),
  scopeOf: (steps) => (isBody(steps) ? SEEN : UNSEEN),
}

/** Finds JSON in bodies that are texts. */
export class EmbeddedBodies {
  readonly #trie: PathTrie

  /** @param paths - how many are remembered. */
  constructor(paths: number) {
    this.#trie = new PathTrie(bodies, paths)
  }

  /** @param isWanted - which texts that are JSON are to be walked as such. */
  find(
    bytes: Buffer,
    format: Format,
    options: Omit<BatchOptions, 'trie' | 'rows'>,
    isWanted: (text: Buffer) => boolean = () => true,
  ): EmbeddedTexts | undefined {
    this.#trie.beginBatch()
    const batch = new Batch(bytes, { ...options, trie: this.#trie, rows: newRows() })
    batch.addRows(format.walk, true)
    return embeddedTexts(batch, isWanted)
  }
}

/**
 * A plan under which every body is reported, whether or not a rule looks at texts there: walkers pass over what nobody
 * wants, and it may hold JSON.
 */
export function withBodies(plan: PathPlan): PathPlan {
  return {
    detectors: plan.detectors,
    scopeOf(steps, inherited) {
      const scope = plan.scopeOf(steps, inherited)
      return isBody(steps) ? { ...scope, flags: scope.flags | NODE.REPORT } : scope
    },
  }
}

function isBody(steps: readonly PathStep[]): boolean {
  const [root] = steps
  return steps.length === 1 && root?.kind === 'key' && root.key === 'body'
}
