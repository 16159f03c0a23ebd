import { spawnSync } from 'node:child_process'

/** A program of somebody else that writes logs when asked to. */
export interface RealProgram {
  readonly name: string
  /** Where it comes from, and a shell command that succeeds where it is there. */
  readonly debianPackage: string
  readonly check: string
  /** Values that are found in its lines, and rightly so. */
  readonly trueFindings?: RegExp
  /**
   * Runs it.
   *
   * @param folder - empty, and its own.
   */
  lines(folder: string): Promise<readonly string[]>
}

const MOST_BYTES = 256 * 1024 * 1024

/** Both streams of a program that ends by itself. What it says when it fails is a log as well. */
export function outputOf(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): string[] {
  const env = { ...process.env, ...options.env }
  const { stdout, stderr, error } = spawnSync(command, args, {
    ...options,
    env,
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
  })
  if (error !== undefined) throw error
  return `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '')
}
