import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe } from 'vitest'

/**
 * A suite that needs a Debian package. Where it cannot be had, the suite is skipped, and its name says why.
 *
 * @param check - a shell command that succeeds where the package is there.
 */
export function describeWithPackage(name: string, debianPackage: string, check: string, suite: () => void): void {
  const installed = spawnSync('sh', [join(import.meta.dirname, 'install.sh'), debianPackage, check], {
    encoding: 'utf8',
  })
  const reason = installed.status === 0 ? undefined : (installed.stdout?.trim().split('\n').at(-1) ?? 'no shell')
  // The default reporter does not name what it skips.
  if (reason !== undefined) console.warn(`skipped: ${name}: ${reason}`)
  describe.skipIf(reason !== undefined)(reason === undefined ? name : `${name} (skipped: ${reason})`, suite)
}
