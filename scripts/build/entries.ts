import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A way into the package: `fieldseal`, `fieldseal/pino`. */
export interface Entry {
  /** As in `exports`: `.`, `./pino`. */
  readonly name: string
  /** Paths from the root of the package, as `exports` has them. */
  readonly module: string
  readonly moduleTypes: string
  readonly commonJs: string
  readonly commonJsTypes: string
}

type Conditions = Readonly<Record<'types' | 'default', string>>

/**
 * The entries of `exports` that are code.
 *
 * @throws where an entry lacks one of its four files: whoever adds one is told here, and not by users of CommonJS.
 */
export function entriesOf(root: string): Entry[] {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<'import' | 'require', Conditions>>>>
  }
  return Object.entries(exports).flatMap(([name, conditions]) => {
    if (typeof conditions === 'string') return []
    const entry = {
      name,
      module: conditions.import?.default,
      moduleTypes: conditions.import?.types,
      commonJs: conditions.require?.default,
      commonJsTypes: conditions.require?.types,
    }
    if (Object.values(entry).includes(undefined as never))
      throw new Error(`exports["${name}"] needs import and require, each with types and default`)
    return [entry]
  })
}
