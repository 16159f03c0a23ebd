import type { KeyObject } from 'node:crypto'
import type { Rule } from '../schema/index.ts'
import type { Action } from './action.ts'
import { dropAction } from './drop.ts'
import { hashAction } from './hash.ts'
import { maskAction } from './mask.ts'
import { sealAction } from './seal.ts'

/** The catalogue of actions: one line each. The schema sees to it that a rule has exactly one. */
export function actionOf(rule: Rule, hashKeys: ReadonlyMap<string, KeyObject>): Action | undefined {
  if (rule.drop !== undefined) return dropAction()
  if (rule.seal !== undefined) return sealAction(rule.seal)
  if (rule.hash !== undefined) {
    const key = hashKeys.get(rule.hash.key)
    return key === undefined ? undefined : hashAction(rule.hash.key, key)
  }
  if (rule.mask !== undefined) return maskAction(rule.mask.keep_last)
  return undefined
}
