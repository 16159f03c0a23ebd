import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { entriesOf } from '../build/entries.ts'
import { sourceOf } from '../build/remove-stale.ts'

/** What the package consists of beside the files that `exports` and `bin` name. */
const REQUIRED = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'SECURITY.md',
  'config.example.yaml',
  'dist/processor/cli/main.js',
]

const ALLOWED = [/^rules\/packs\/[\w.-]+\.yaml$/, /^dist\/(?:detectors|rules|processor)\/.+\.(?:js|d\.ts|cjs|d\.cts)$/]

/** What no package may have, though it lies where its files lie. */
const FORBIDDEN = [/\.tsbuildinfo$/, /\.map$/, /\.(?:test|suite)\./, /(?:^|\/)(?:test|node_modules|keys)\//]

/**
 * What is wrong with the list of files in a tarball, one line each.
 *
 * @param files - paths from the root of the package.
 * @param root - where it was packed.
 */
export function contentProblems(files: readonly string[], root: string): string[] {
  const has = new Set(files)
  const entries = entriesOf(root).flatMap(({ module, moduleTypes, commonJs, commonJsTypes }) =>
    [module, moduleTypes, commonJs, commonJsTypes].map((path) => path.replace(/^\.\//, '')),
  )
  return [
    ...[...REQUIRED, ...entries].filter((path) => !has.has(path)).map((path) => `${path} is missing`),
    ...(files.some((path) => path.startsWith('rules/packs/')) ? [] : ['rules/packs is missing']),
    ...files.filter((path) => !isAllowed(path)).map((path) => `${path} has no place in the package`),
    ...files.filter((path) => isStale(path, root)).map((path) => `${path} has no source any more: build again`),
  ]
}

function isAllowed(path: string): boolean {
  if (REQUIRED.includes(path)) return true
  return ALLOWED.some((pattern) => pattern.test(path)) && !FORBIDDEN.some((pattern) => pattern.test(path))
}

function isStale(path: string, root: string): boolean {
  const source = sourceOf(path)
  return source !== undefined && !existsSync(join(root, source))
}
