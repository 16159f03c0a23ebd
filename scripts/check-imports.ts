/**
 * Checks who imports whom: `node scripts/check-imports.ts [ROOT]`.
 *
 * The compiler keeps the three folders apart and biome says so in the editor; this also sees `import()`, `require` and
 * `process.getBuiltinModule`, the layers inside processor/, packages that users do not get, and cycles.
 */
import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { breachesOf } from './imports/breaches.ts'

const FOLDERS = ['detectors', 'rules', 'processor', 'scripts', 'bench', 'test']

const root = process.argv[2] ?? join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const paths = globSync(`{${FOLDERS.join()}}/**/*.ts`, { cwd: root }).map((path) => path.split(sep).join('/'))
const sources = new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]))
const [dependencies, peers] = [manifest.dependencies, manifest.peerDependencies].map(
  (named) => new Set(Object.keys(named ?? {})),
)
const breaches = breachesOf(sources, dependencies!, peers)

for (const breach of breaches) process.stderr.write(`${breach}\n`)
if (breaches.length > 0) process.exitCode = 1
else process.stdout.write(`${sources.size} files import in the right directions\n`)
