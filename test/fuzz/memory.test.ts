import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BOMBS } from './bombs.ts'
import { ENGINES } from './engines.ts'

const CHILD = join(import.meta.dirname, 'memory-child.ts')
/** Bytes that a process may grow by for four megabytes of input; that it may not die is the other half. */
const MOST = 400e6

describe('four megabytes of', () => {
  test.each(Object.keys(BOMBS))('%s take a bounded amount of memory', (bomb) => {
    const args = ['--max-old-space-size=512', CHILD, bomb, ENGINES[0]!.name]
    const child = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(child.stderr).toBe('')
    expect(child.status).toBe(0)
    const { growth } = JSON.parse(child.stdout) as { growth: number }
    expect(growth).toBeLessThan(MOST)
  })
})
