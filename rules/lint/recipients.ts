import type { Rule } from '../schema/index.ts'
import { listOf } from './list-of.ts'
import type { KnownNames } from './subject.ts'

/** Whom a rule seals for, sorted; groups are resolved where they are known. A tenant stands for itself. */
export function recipientsOf({ seal }: Rule, known: KnownNames | undefined): readonly string[] {
  const names = [...listOf(seal?.to), ...listOf(seal?.fallback)].flatMap((name) => known?.groups.get(name) ?? [name])
  return [...new Set(names)].sort()
}

export function isSameRecipients(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index])
}
