import { readdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Fingerprints, Known } from './fingerprints.ts'
import { type FileFacts, factsOf, OpenedFile } from './opened-file.ts'

/** Files of a folder that are looked into, the youngest first: a folder may have any number. */
const MOST_FILES = 1000

export interface Candidate {
  readonly path: string
  readonly facts: FileFacts
}

/** Regular files beside a path, and beside what it leads to. @returns undefined where no folder can be read. */
export async function filesBeside(path: string): Promise<Candidate[] | undefined> {
  const folders = new Set([dirname(path)])
  const real = await realpath(path).catch(() => undefined)
  if (real !== undefined) folders.add(dirname(real))
  const found = new Map<string, Candidate>()
  let readable = false
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => undefined)
    readable ||= names !== undefined
    for (const name of names ?? []) {
      const facts = await factsOf(join(folder, name)).catch(() => undefined)
      if (facts?.isFile) found.set(facts.identity, { path: join(folder, name), facts })
    }
  }
  return readable ? [...found.values()] : undefined
}

/** The first of the files that begins with all that is known; it is left open. */
export async function firstMatch(
  candidates: readonly Candidate[],
  known: Known,
  fingerprints: Fingerprints,
): Promise<{ candidate: Candidate; file: OpenedFile } | undefined> {
  // Of a file that nothing is known of, everything is a copy.
  if (known.head.bytes === 0) return undefined
  const large = candidates.filter(({ facts }) => facts.size >= Math.max(known.offset, known.head.bytes))
  large.sort((left, right) => right.facts.modifiedMs - left.facts.modifiedMs)
  for (const candidate of large.slice(0, MOST_FILES)) {
    const file = await OpenedFile.open(candidate.path, candidate.facts.identity).catch(() => undefined)
    if (file === undefined) continue
    if (await fingerprints.matches(file, known).catch(() => false)) return { candidate, file }
    await file.close()
  }
  return undefined
}
