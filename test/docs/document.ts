import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The root of the project. */
export const ROOT = join(import.meta.dirname, '../..')

export function document(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** The code block that follows `<!-- name -->` in a document. */
export function codeBlock(path: string, name: string): string {
  const match = new RegExp(`<!-- ${name} -->\\s*\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``).exec(document(path))
  if (match === null) throw new Error(`${path} has no code block "${name}"`)
  return match[1]!
}

/** What stands between `<!-- name -->` and `<!-- /name -->`. */
export function section(path: string, name: string): string {
  const match = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)<!-- /${name} -->`).exec(document(path))
  if (match === null) throw new Error(`${path} has no section "${name}"`)
  return match[1]!
}
