import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe } from 'vitest'

/** A program of `test/peers` that has to be made first. */
export type PeerName = 'collector' | 'go-exporter' | 'python-exporter' | 'python-forwarder'

/**
 * A suite that needs a program of somebody else. Where it cannot be had, the suite is skipped, and its name says why.
 *
 * @param suite - is given the path of the program.
 */
export function describeWithPeer(name: string, peer: PeerName, suite: (program: string) => void): void {
  const made = spawnSync('sh', [join(import.meta.dirname, 'install.sh'), peer], { encoding: 'utf8' })
  const line = made.stdout?.trim().split('\n').at(-1) ?? 'there is no shell'
  const reason = made.status === 0 ? undefined : line
  // The default reporter does not name what it skips.
  if (reason !== undefined) console.warn(`skipped: ${name}: ${reason}`)
  describe.skipIf(reason !== undefined)(reason === undefined ? name : `${name} (skipped: ${reason})`, () => suite(line))
}
