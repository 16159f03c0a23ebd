import { execFileSync, fork } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ask, startSource } from './fixtures.ts'

const IDLE = 10_000
/** Beside those of the connections. */
const OWN_FILES = 500

const files = execFileSync('/bin/sh', ['-c', 'ulimit -n']).toString().trim()
const enough = files === 'unlimited' || Number(files) >= IDLE + OWN_FILES

test.skipIf(!enough)(
  `an honest client is served beside 10,000 idle connections [needs ulimit -n of ${IDLE + OWN_FILES}]`,
  async () => {
    const { port, source, delivered, context } = await startSource({
      options: { headers_timeout: '5m', request_timeout: '5m' },
    })
    const before = process.memoryUsage.rss()
    const clients = fork(join(import.meta.dirname, 'idle-clients.ts'), [String(port), String(IDLE)])
    onTestFinished(() => {
      clients.kill('SIGKILL')
    })
    expect(await new Promise((resolve) => clients.once('message', resolve))).toBe('open')
    const body = Buffer.alloc(340_000, 'x')
    for (let sent = 0; sent < 50; sent += 1) expect((await ask(port, { body })).status).toBe(200)
    expect(delivered).toHaveLength(50)
    expect(context.budget.used).toBe(0)
    // Each costs some kilobytes; none holds a buffer.
    expect((process.memoryUsage.rss() - before) / IDLE).toBeLessThan(32 * 1024)
    await source.drain()
    await source.close()
  },
)
