import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'

/** Where each program is, unless an environment variable says otherwise. */
const PROGRAMS = {
  'fluent-bit': { variable: 'FLUENT_BIT', package: 'Fluent Bit' },
  fluentd: { variable: 'FLUENTD', package: 'Fluentd' },
} as const

export interface FluentProgram {
  readonly path: string
  /** Such as `5.1.1`. */
  readonly version: string
}

/**
 * A suite that needs Fluent Bit or Fluentd. Neither is in a package of Debian, so that the suite is skipped where nobody has
 * installed it, and its name says why.
 */
export function describeWithFluent(
  name: string,
  program: keyof typeof PROGRAMS,
  suite: (program: FluentProgram) => void,
): void {
  const path = process.env[PROGRAMS[program].variable] ?? program
  const said = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? ''
  const version = /\d+\.\d+\.\d+/.exec(said)?.[0] ?? ''
  if (version !== '') {
    describe(`${name} (${PROGRAMS[program].package} ${version})`, () => suite({ path, version }))
    return
  }
  const reason = `there is no ${program} on the path, nor does ${PROGRAMS[program].variable} name one`
  // The default reporter does not name what it skips.
  console.warn(`skipped: ${name}: ${reason}`)
  describe.skip(`${name} (skipped: ${reason})`, () => suite({ path, version }))
}
