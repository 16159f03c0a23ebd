import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../../../shared/vectors')

/** A suite over a file or folder of published vectors; it is skipped by name where they are absent. */
export function describeVectors(name: string, path: string, suite: () => void): void {
  const isPresent = existsSync(join(FOLDER, path))
  // The default reporter does not name what it skips.
  if (!isPresent) console.warn(`skipped: ${name}: ../shared/vectors/${path} is absent`)
  describe.skipIf(!isPresent)(isPresent ? name : `${name} (skipped: ../shared/vectors/${path} is absent)`, () => {
    if (isPresent) suite()
  })
}

// biome-ignore lint/suspicious/noExplicitAny: the files have schemas of their own, and each test reads a few members.
export function readVectors(path: string): any {
  return JSON.parse(readFileSync(join(FOLDER, path), 'utf8'))
}

export function listVectors(path: string): string[] {
  return readdirSync(join(FOLDER, path)).sort()
}
