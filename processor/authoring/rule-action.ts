import type { Rule } from '../../rules/schema/index.ts'

export type ActionName = 'seal' | 'hash' | 'mask' | 'drop'

/** What a rule does; it has exactly one of them. */
export function actionOf({ seal, hash, mask }: Rule): ActionName {
  if (seal !== undefined) return 'seal'
  if (hash !== undefined) return 'hash'
  return mask !== undefined ? 'mask' : 'drop'
}

/** Whom a rule seals for, as it is written. */
export function recipientsOf({ seal }: Rule): string[] {
  return seal === undefined ? [] : [seal.to].flat()
}
