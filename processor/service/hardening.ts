import { existsSync } from 'node:fs'
import { FieldsealError } from '../errors.ts'
import { coreLimitIsZero, coresArePiped, emptyCores } from './core-dumps.ts'
import { checkNodeOptions } from './node-options.ts'

/** Set in the environment of the process that was started again, so that it is not started a third time. */
const MARKER = 'FIELDSEAL_HARDENED'

const SHELL = '/bin/sh'

/**
 * What the service runs with.
 *
 * - `--disable-sigusr1`: SIGUSR1 opens no inspector.
 * - `--disable-proto=delete`, `--disallow-code-generation-from-strings`: keys of records are no way to the prototype of
 *   objects, and texts no way to code.
 * - `--max-semi-space-size=8` (MiB): V8 lets its young generation grow with the load, and never gives it back; with more
 *   than this the process grew by a tenth within five million records, and was no faster.
 * - `--no-warnings`: the warnings of Node and of packages quote what they warn of, and are no lines of JSON.
 */
export const SERVICE_OPTIONS: readonly string[] = [
  '--disable-sigusr1',
  '--disable-proto=delete',
  '--disallow-code-generation-from-strings',
  '--max-semi-space-size=8',
  '--no-warnings',
]

/** What hardening looks at of the process, and `execve`, which replaces it. */
export interface HardenedProcess {
  readonly execPath: string
  readonly execArgv: readonly string[]
  /** The program, the script, and what follows. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly execve?: (file: string, args: readonly string[], env: Record<string, string>) => never
}

/**
 * Makes sure that nothing shows the memory of this process: no inspector, heap snapshot, report or core.
 *
 * Where it was started otherwise, and with nothing that is refused, it replaces itself once (execve(2): process id,
 * standard streams and working directory stay), and does not return.
 *
 * @param more - options of V8 beside ours.
 * @returns what is allowed and should be looked at.
 * @throws `FIELDSEAL_INSPECTABLE`
 */
export function harden(running: HardenedProcess = process, more: readonly string[] = []): readonly string[] {
  const { options, foreign } = checkNodeOptions(running.execArgv, running.env)
  const emptied = emptyCores()
  const limited = coreLimitIsZero()
  const wanted = [...SERVICE_OPTIONS, ...more]
  const complete = wanted.every((option) => running.execArgv.includes(option))
  if (!complete || limited !== true || (running.env.NODE_OPTIONS ?? '') !== '') {
    if (running.env[MARKER] === undefined)
      startAgain(running, [...options.filter((option) => !wanted.includes(option)), ...wanted], limited === true)
    // Outside of Linux the limit cannot be read; that `ulimit` has succeeded must do.
    if (!complete || limited === false) refuse('its options or limits are not those that the service has set')
  }
  const warnings = [...new Set(foreign)].map((name) => `${name} runs code that can read every record`)
  if (!emptied && coresArePiped()) {
    warnings.push('cores are piped to a program, and this kernel cannot leave the memory out of them')
  }
  return warnings
}

function startAgain(running: HardenedProcess, options: readonly string[], limited: boolean): never {
  if (running.execve === undefined) return refuse('this system cannot replace a process (execve)')
  const program = [running.execPath, ...options, ...running.argv.slice(1)]
  const env: Record<string, string> = { [MARKER]: '1' }
  for (const [name, value] of Object.entries(running.env)) {
    if (name !== 'NODE_OPTIONS' && value !== undefined) env[name] = value
  }
  if (limited) return running.execve(running.execPath, program, env)
  if (!existsSync(SHELL)) {
    return refuse(`without ${SHELL} cores cannot be switched off from within: set the limit of core dumps to zero`)
  }
  // Only a shell can set limits for us: Node cannot. Without -S or -H both limits are set (POSIX, ulimit).
  return running.execve(SHELL, ['sh', '-c', 'ulimit -c 0 && exec "$@"', 'sh', ...program], env)
}

function refuse(message: string): never {
  throw new FieldsealError('FIELDSEAL_INSPECTABLE', message)
}
