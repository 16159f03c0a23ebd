import { spawnSync } from 'node:child_process'
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../config/temporary-folder.ts'

/** Where cores are files in the working directory, and one may be written. */
function coresAreSeen(): boolean {
  try {
    if (!/^[\w%.-]+\n$/.test(readFileSync('/proc/sys/kernel/core_pattern', 'latin1'))) return false
    return spawnSync('/bin/sh', ['-c', 'ulimit -c unlimited']).status === 0
  } catch {
    return false
  }
}

async function holds(file: string, text: string): Promise<boolean> {
  let tail = ''
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 22 })) {
    const window = tail + (chunk as Buffer).toString('latin1')
    if (window.includes(text)) return true
    tail = window.slice(-text.length)
  }
  return false
}

/** Whether the core of a process that has crashed without any limit holds what was in its memory. */
async function coreShows(mode: 'emptied' | 'full'): Promise<boolean> {
  const folder = temporaryFolder()
  const script = join(import.meta.dirname, 'crashing-process.ts')
  const command = ['-c', 'ulimit -c unlimited; exec "$@"', 'sh', process.execPath, script, mode]
  const { signal } = spawnSync('/bin/sh', command, { cwd: folder, env: {} })
  expect(signal).toBe('SIGABRT')
  const [core] = readdirSync(folder)
  expect(core).toMatch(/core/)
  return holds(join(folder, core!), ['held', 'in', 'memory', 'alone'].join('-'))
}

test.skipIf(!coresAreSeen())('a core of which the memory is left out shows none, whatever its limit', async () => {
  expect(await coreShows('full')).toBe(true)
  expect(await coreShows('emptied')).toBe(false)
})
