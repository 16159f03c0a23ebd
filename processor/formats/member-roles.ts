import type { PathNode } from '../../rules/path-trie.ts'
import { RECORD_FIELDS } from './record-fields.ts'

/** What a member of a record without a schema has instead of a rank among `body_keys`. */
export const ROLE = {
  /** It may be a field of the record, if it looks like it. */
  FIELD: -1,
  ATTRIBUTE: -2,
} as const

/**
 * What the member at a node may be: a field, an attribute, or the body, by its rank among `bodyKeys`. Looked up once for
 * each path: a look-up for each member would be a tenth of the walk.
 */
export function roleOf(node: PathNode, bodyKeys: readonly string[]): number {
  if (node.role === undefined) {
    const rank = bodyKeys.indexOf(node.key)
    const other = RECORD_FIELDS.has(node.key) ? ROLE.FIELD : ROLE.ATTRIBUTE
    node.role = rank >= 0 ? rank : other
  }
  return node.role
}
