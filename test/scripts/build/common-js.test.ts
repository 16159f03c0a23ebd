import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeCommonJs } from '../../../scripts/build/common-js.ts'
import { entriesOf } from '../../../scripts/build/entries.ts'
import { requireEntries } from '../../../scripts/build/require-entries.ts'
import { ROOT } from '../../docs/document.ts'

const conditions = (base: string) => ({
  import: { types: `./${base}.d.ts`, default: `./${base}.js` },
  require: { types: `./${base}.d.cts`, default: `./${base}.cjs` },
})

/** A package as tsc leaves it: two entries that share a module. */
function built(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'fieldseal-build-'))
  const all = {
    'package.json': JSON.stringify({
      type: 'module',
      exports: {
        '.': conditions('dist/index'),
        './deep': conditions('dist/deep/index'),
        './package.json': './package.json',
      },
    }),
    'dist/index.js': "export { Fault } from './fault.js'\n",
    'dist/index.d.ts': "export { Fault } from './fault.ts';\nexport type Path = './fault.js';\n",
    'dist/fault.js': 'export class Fault extends Error {}\n',
    'dist/fault.d.ts':
      "/** As in `import '../elsewhere.ts'`. */\nimport type { Socket } from 'node:net';\nexport declare class Fault extends Error { socket: Socket; }\n",
    'dist/deep/index.js': "import { Fault } from '../fault.js'\nexport default () => new Fault('x')\n",
    'dist/deep/index.d.ts': "declare const _default: () => import('../fault.ts').Fault;\nexport default _default;\n",
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const inNode = (root: string, program: string) =>
  spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' })

describe('What the build writes for CommonJS', () => {
  it('is one line for each entry, beside its module', () => {
    const root = built()
    writeCommonJs(root)
    expect(readFileSync(join(root, 'dist/index.cjs'), 'utf8')).toBe("module.exports = require('./index.js')\n")
    expect(readFileSync(join(root, 'dist/deep/index.cjs'), 'utf8')).toBe("module.exports = require('./index.js')\n")
  })

  it('gives the same instance of a class as import does, and a default export by its name', () => {
    const root = built()
    writeCommonJs(root)
    const { stdout, stderr } = inNode(
      root,
      `const make = require('./dist/deep/index.cjs').default
       import('./dist/index.js').then(({ Fault }) => console.log(make() instanceof Fault, make() instanceof require('./dist/index.cjs').Fault))`,
    )
    expect({ stdout, stderr }).toEqual({ stdout: 'true true\n', stderr: '' })
  })

  it('has declarations of everything that the entries reach, under names of CommonJS', () => {
    const root = built()
    writeCommonJs(root)
    const declarations = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.d.cts'),
    )
    expect(declarations.sort()).toEqual(['deep/index.d.cts', 'fault.d.cts', 'index.d.cts'])
    expect(readFileSync(join(root, 'dist/deep/index.d.cts'), 'utf8')).toContain("import('../fault.cjs').Fault")
    expect(readFileSync(join(root, 'dist/index.d.cts'), 'utf8')).toContain("from './fault.cjs'")
  })

  it('leaves alone what only looks like an import', () => {
    const root = built()
    writeCommonJs(root)
    const text = readFileSync(join(root, 'dist/fault.d.cts'), 'utf8')
    expect(text).toContain("import '../elsewhere.ts'")
    expect(text).toContain("from 'node:net'")
    expect(readFileSync(join(root, 'dist/index.d.cts'), 'utf8')).toContain("Path = './fault.js'")
  })

  it('is not written again where nothing has changed', () => {
    const root = built()
    const paths = writeCommonJs(root)
    const before = paths.map((path) => statSync(path, { bigint: true }).mtimeNs)
    writeCommonJs(root)
    expect(paths.map((path) => statSync(path, { bigint: true }).mtimeNs)).toEqual(before)
  })

  it('is refused where an entry was not built, or has no declaration', () => {
    const root = built({
      'package.json': JSON.stringify({ type: 'module', exports: { '.': conditions('dist/nowhere') } }),
    })
    expect(() => writeCommonJs(root)).toThrow('exports["."] names ./dist/nowhere.js')
    expect(() => writeCommonJs(built({ 'dist/index.d.ts': "export * from './nowhere.ts'\n" }))).toThrow('not there')
  })

  it('is refused where an entry has no CommonJS', () => {
    const root = built({
      'package.json': JSON.stringify({ exports: { '.': { types: './a.d.ts', default: './a.js' } } }),
    })
    expect(() => entriesOf(root)).toThrow('exports["."] needs import and require')
  })
})

describe('Requiring the entries', () => {
  it('finds nothing where none awaits at its top level', () => {
    const root = built()
    writeCommonJs(root)
    expect(requireEntries(root)).toEqual([])
  })

  it('names the entry that reaches a top-level await', () => {
    const root = built({ 'dist/fault.js': 'await 0\nexport class Fault extends Error {}\n' })
    writeCommonJs(root)
    expect(requireEntries(root)).toEqual([
      'require of exports["."] says "ERR_REQUIRE_ASYNC_MODULE"',
      'require of exports["./deep"] says "ERR_REQUIRE_ASYNC_MODULE"',
    ])
  })
})

it('Every entry of the package has what CommonJS needs', () => {
  expect(entriesOf(ROOT).map(({ name }) => name)).toEqual(['.', './otel', './pino', './winston', './testing'])
})
