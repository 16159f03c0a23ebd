import { globSync, readdirSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { FieldsealError } from '../errors.ts'

/** Characters by which a glob is told from a name, where no file has that name. */
const GLOB = /[*?[\]{}]/

/**
 * Files that arguments name, each once, in order: files, folders with all that is in them, globs. What is named and is not
 * there is left in the list, so that reading it fails.
 *
 * @throws FieldsealError `FIELDSEAL_USAGE` where a folder or a glob has no file: nothing was scanned, and not even that.
 */
export function filesOf(named: readonly string[]): string[] {
  return [...new Set(named.flatMap(filesOfOne))]
}

function filesOfOne(name: string): string[] {
  const stats = statsOf(name)
  if (stats?.isDirectory()) return some(filesIn(name), 'a folder that is named has no file')
  if (stats !== undefined || !GLOB.test(name)) return [name]
  const matched = globSync(name).filter((path) => statsOf(path)?.isFile())
  return some(matched.toSorted(), 'a glob matches no file')
}

/** Regular files, whatever they are called; links are not followed, which might lead round in circles. */
function filesIn(folder: string): string[] {
  // Not by the option `recursive`, which follows them.
  const entries = readdirSync(folder, { withFileTypes: true })
  const paths = entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return entry.isFile() ? [path] : []
  })
  return paths.toSorted()
}

function some(files: string[], otherwise: string): string[] {
  if (files.length === 0) throw new FieldsealError('FIELDSEAL_USAGE', otherwise)
  return files
}

function statsOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}
