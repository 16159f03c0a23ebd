import { existsSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../../../../shared/vectors/checksums/', import.meta.url)

/** Validators of other projects, with what they say about values; see the folder's README for source and licence. */
export const FILES = ['dd_sds_validators.json', 'stdnum_specs.json'] as const

export interface Vector {
  /** The validator and the value: what a difference names. */
  readonly id: string
  readonly validator: string
  readonly value: string
  readonly valid: boolean
}

export const PRESENT = FILES.every((name) => existsSync(new URL(name, FOLDER)))

export function readVectors(file: (typeof FILES)[number]): readonly Vector[] {
  if (!PRESENT) return []
  const raw: readonly Omit<Vector, 'id'>[] = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))
  return raw.map(({ validator, value, valid }) => ({ id: `${validator} ${value}`, validator, value, valid }))
}
