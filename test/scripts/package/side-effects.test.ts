import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../docs/document.ts'

const { bin, sideEffects } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly bin: Readonly<Record<string, string>>
  readonly sideEffects: readonly string[]
}

/** `import './other.ts'`, which is there for what happens when it is loaded. */
const BARE = /^import '(\..+)'$/gm

test('bundlers keep what is imported for its effects, and the command, and may drop all else', () => {
  const sources = globSync('{processor,detectors,rules}/**/*.ts', { cwd: ROOT })
  const imported = sources.flatMap((source) =>
    [...readFileSync(join(ROOT, source), 'utf8').matchAll(BARE)].map(([, path]) =>
      `./dist/${posix.join(posix.dirname(source), path!)}`.replace(/\.ts$/, '.js'),
    ),
  )
  expect(imported.length).toBeGreaterThan(0)
  expect(sideEffects.toSorted()).toEqual(
    [...new Set([...imported, ...Object.values(bin).map((path) => `./${path}`)])].toSorted(),
  )
})
