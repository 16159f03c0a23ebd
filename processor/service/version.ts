import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The version of this package. Found by its name, since sources and what is built lie at different depths. */
export function packageVersion(): string {
  const manifest = createRequire(import.meta.url).resolve('fieldseal/package.json')
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}
