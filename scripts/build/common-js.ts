import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { commonJsDeclarations } from './declarations.ts'
import { entriesOf } from './entries.ts'

/**
 * What CommonJS needs of a built package: for each entry one line that requires the ES module, and its declarations.
 *
 * `require` of ES modules works in every Node that is supported, so there is one instance of each module however it came
 * to be loaded: an error is an `instanceof FieldsealError` on both sides, and engines are shared.
 *
 * @returns paths that were written or already right.
 */
export function writeCommonJs(root: string): string[] {
  const files = new Map<string, string>()
  for (const entry of entriesOf(root)) {
    if (!existsSync(join(root, entry.module))) throw new Error(`exports["${entry.name}"] names ${entry.module}`)
    files.set(join(root, entry.commonJs), `module.exports = require('./${basename(entry.module)}')\n`)
    for (const [path, text] of commonJsDeclarations(join(root, entry.moduleTypes))) files.set(path, text)
  }
  for (const [path, text] of files) {
    // tsc writes what has changed; so does this.
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
  }
  return [...files.keys()]
}
