import { glob } from 'node:fs/promises'
import { matchesGlob } from 'node:path'
import { errnoOf, type FileFacts, factsOf } from './opened-file.ts'

/** Characters that make a path a pattern. */
const PATTERN = /[*?[\]{}()!]/

export interface Found {
  readonly path: string
  readonly facts: FileFacts
}

export interface Discovery {
  /** By identity: a file that is found by several paths is one, and has the first of them. */
  readonly files: ReadonlyMap<string, Found>
  /** What cannot be read, and why: our own words, or the system's code. */
  readonly refused: ReadonlyMap<string, string>
}

/** Looks for files by paths and patterns. A path that has nothing yet may have something later. */
export async function discover(include: readonly string[], exclude: readonly string[]): Promise<Discovery> {
  const files = new Map<string, Found>()
  const refused = new Map<string, string>()
  for (const path of await pathsOf(include)) {
    if (exclude.some((pattern) => path === pattern || matchesGlob(path, pattern))) continue
    try {
      const facts = await factsOf(path)
      if (!facts.isFile) refused.set(path, 'it is no regular file')
      else if (!files.has(facts.identity)) files.set(facts.identity, { path, facts })
    } catch (error) {
      const code = errnoOf(error)
      if (code !== 'ENOENT') refused.set(path, code)
    }
  }
  return { files, refused }
}

async function pathsOf(include: readonly string[]): Promise<string[]> {
  const paths = new Set<string>()
  for (const pattern of include) {
    if (!PATTERN.test(pattern)) {
      paths.add(pattern)
      continue
    }
    const found: string[] = []
    // A folder that goes away while it is looked at, or cannot be: what was found so far counts.
    try {
      for await (const path of glob(pattern)) found.push(path)
    } catch {}
    // A file may have a name that is a pattern for others.
    if (found.length === 0) paths.add(pattern)
    for (const path of found.sort()) paths.add(path)
  }
  return [...paths]
}
