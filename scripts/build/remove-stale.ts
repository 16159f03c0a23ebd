import { existsSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The source of what was built, by its path from the root; undefined where it was not made of one. */
export function sourceOf(path: string): string | undefined {
  const base = /^dist\/(.+?)\.(?:js|d\.ts|cjs|d\.cts)$/.exec(path)?.[1]
  return base === undefined ? undefined : `${base}.ts`
}

/** Removes from `dist/` what has no source any more: tsc does not remove what it once wrote, and it would be packed. */
export function removeStale(root: string): string[] {
  const stale = globSync('dist/**/*.{js,cjs,d.ts,d.cts}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => {
      const source = sourceOf(path)
      return source !== undefined && !existsSync(join(root, source))
    })
  for (const path of stale) rmSync(join(root, path))
  return stale
}
