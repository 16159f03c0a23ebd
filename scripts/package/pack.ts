import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

export interface Tarball {
  readonly file: string
  /** Paths from the root of the package. */
  readonly files: readonly string[]
  readonly bytes: number
}

/** Packs what was built, into `folder`. */
export function pack(root: string, folder: string): Tarball {
  const json = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  })
  const answer = JSON.parse(json) as unknown
  // npm 12 answers with an object by the name of the package, those before with a list.
  const [packed] = Object.values(answer as Record<string, unknown>) as [
    { readonly filename: string; readonly size: number; readonly files: readonly { readonly path: string }[] },
  ]
  return { file: join(folder, packed.filename), files: packed.files.map(({ path }) => path), bytes: packed.size }
}
