import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { importsOf } from '../imports/specifiers.ts'

/** `./engine.ts` as tsc writes it in declarations, or `./engine.js`. */
const RELATIVE = /(['"])(\.{1,2}\/[^'"\n]*)\.(?:ts|js)\1/g

/**
 * Declarations for CommonJS of all that `entry` (a `.d.ts`) reaches, by path.
 *
 * To TypeScript the format of a declaration goes by its name, so a `.d.cts` that named a `.d.ts` would name an ES module,
 * which it must not `require` under `module: node16`. The whole tree is written a second time, under the other name.
 *
 * @throws where a declaration that is named is not there.
 */
export function commonJsDeclarations(entry: string): Map<string, string> {
  const written = new Map<string, string>()
  const waiting = [entry]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const target = file.replace(/\.d\.ts$/, '.d.cts')
    if (written.has(target)) continue
    if (!existsSync(file)) throw new Error(`${file} is named and not there`)
    const source = readFileSync(file, 'utf8')
    const relative = new Set(
      importsOf(source).flatMap(({ specifier }) => (specifier?.startsWith('.') ? specifier : [])),
    )
    for (const specifier of relative) waiting.push(join(dirname(file), specifier.replace(/\.(?:ts|js)$/, '.d.ts')))
    written.set(
      target,
      source.replace(RELATIVE, (text, quote: string, path: string) =>
        // Only what is an import: examples in comments and literal types stay as they are.
        relative.has(text.slice(1, -1)) ? `${quote}${path}.cjs${quote}` : text,
      ),
    )
  }
  return written
}
