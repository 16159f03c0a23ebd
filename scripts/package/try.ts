/**
 * Installs the packed package into empty projects, one for each Node that is supported, and runs examples, commands and the
 * service there: `npm run test:package [-- 22 24 26]`. The projects stay in `.peers/package`, since re2 is compiled for each
 * Node.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NpmFailure, reasonToSkip } from './npm-failure.ts'
import { pack } from './pack.ts'
import { exampleProblems, instanceProblems, missingEngineProblems, typeProblems } from './programs.ts'
import { install, type Project, type ProjectOptions } from './project.ts'
import { commandProblems, serviceProblems } from './service.ts'

const root = join(import.meta.dirname, '../..')
const projects = join(root, '.peers/package')
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const own = String(devDependencies.node)
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const LOGGERS = ['@opentelemetry/api', '@opentelemetry/sdk-logs', 'pino', 'winston', '@types/node']
const dependencies = Object.fromEntries(
  LOGGERS.map((name) => [name, devDependencies[name] ?? (name === '@opentelemetry/api' ? '1.10.0' : '*')]),
)

const wanted = process.argv.slice(2)
const majors = wanted.length > 0 ? wanted : ['24', '22', '26']
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-package-'))
let failed = 0

function report(title: string, problems: readonly string[]): void {
  process.stdout.write(`${problems.length === 0 ? 'holds' : 'FAILS'}: ${title}\n`)
  for (const problem of problems) process.stdout.write(`  ${problem}\n`)
  failed += problems.length
}

/** Undefined where npm has failed: what it says on standard error is counted, but for what is nobody's fault here. */
function installed(name: string, options: ProjectOptions): Project | undefined {
  try {
    return install(join(projects, name), options)
  } catch (error) {
    if (!(error instanceof NpmFailure)) throw error
    const reason = reasonToSkip(error.said)
    if (reason === undefined) report(`npm installs the package: ${name}`, [error.said])
    else process.stdout.write(`SKIPPED: ${name}: ${reason}\n`)
    return undefined
  }
}

try {
  const { file: tarball } = pack(root, folder)
  for (const major of majors) {
    const isOwn = own.startsWith(`${major}.`)
    // Compiled for this very Node already.
    const built = isOwn ? { built: join(root, 'node_modules/re2') } : {}
    const project = installed(`node-${major}`, { tarball, node: isOwn ? own : major, dependencies, ...built })
    if (project === undefined) continue
    report(`examples run on Node ${major}`, exampleProblems(root, project))
    report(`the commands work on Node ${major}`, commandProblems(project))
    report(`the service works on Node ${major}`, await serviceProblems(project))
    report(`import and require give the same on Node ${major}`, instanceProblems(project))
    if (isOwn) report('TypeScript finds the types from ES modules and CommonJS', typeProblems(project, tsc))
  }
  const held = { tarball, node: own, dependencies, ignoreScripts: true }
  const project = installed('no-scripts', held)
  if (project !== undefined)
    report('where re2 was not built, the error says what to do', missingEngineProblems(project))
} finally {
  rmSync(folder, { recursive: true })
}
if (failed > 0) process.exitCode = 1
