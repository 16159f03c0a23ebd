import { describe, expect, test } from 'vitest'
import { type HardenedProcess, harden, SERVICE_OPTIONS } from '../../../processor/service/hardening.ts'

class Replaced extends Error {}

/** A process that remembers what it was replaced with. */
function processWith({
  execArgv = [] as readonly string[],
  env = {} as Readonly<Record<string, string>>,
}): HardenedProcess & { replacement: { program: readonly string[]; env: Record<string, string> } | undefined } {
  return {
    execPath: '/usr/bin/node',
    execArgv,
    argv: ['/usr/bin/node', '/app/main.js', 'run', '-c', "it's.yaml"],
    env,
    replacement: undefined,
    execve(file, args, variables) {
      // Through a shell, or, where the limit is zero already, without.
      this.replacement = { program: file === '/bin/sh' ? args.slice(4) : args, env: variables }
      throw new Replaced()
    },
  }
}

describe('hardening', () => {
  test('starts the process again with its options, its arguments and those it had', () => {
    const running = processWith({
      execArgv: ['--require', 'a', '--require', 'b', '--disable-sigusr1'],
      env: { NODE_OPTIONS: '--max-old-space-size=300', PATH: '/bin' },
    })
    expect(() => harden(running, ['--expose-gc'])).toThrow(Replaced)
    expect(running.replacement).toEqual({
      program: [
        '/usr/bin/node',
        ...['--max-old-space-size=300', '--require', 'a', '--require', 'b'],
        ...SERVICE_OPTIONS,
        '--expose-gc',
        ...['/app/main.js', 'run', '-c', "it's.yaml"],
      ],
      env: { PATH: '/bin', FIELDSEAL_HARDENED: '1' },
    })
  })

  test('starts nothing where an option is refused', () => {
    const running = processWith({ env: { NODE_OPTIONS: '--heap-prof' } })
    expect(() => harden(running)).toThrow(expect.objectContaining({ code: 'FIELDSEAL_INSPECTABLE' }))
    expect(running.replacement).toBeUndefined()
  })

  test('does not believe the mark of a process that was started again', () => {
    const running = processWith({ env: { FIELDSEAL_HARDENED: '1' } })
    expect(() => harden(running)).toThrow(expect.objectContaining({ code: 'FIELDSEAL_INSPECTABLE' }))
    expect(running.replacement).toBeUndefined()
  })

  test('refuses to go on where a process cannot be replaced', () => {
    const { execve: _, ...running } = processWith({})
    expect(() => harden(running)).toThrow(expect.objectContaining({ code: 'FIELDSEAL_INSPECTABLE' }))
  })
})
