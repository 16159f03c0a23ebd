import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { canMeasureProcesses, cpuSeconds, memory, processTree } from '../../../bench/service/process-usage.ts'

const onLinux = test.skipIf(!canMeasureProcesses())

/** Writes a line once it has a child of its own, has used the processor, and has 200 MB in memory. */
const PROGRAM = `
  const { spawn } = require('node:child_process')
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'])
  child.on('spawn', () => {
    const kept = Buffer.alloc(200_000_000, 1)
    const end = process.cpuUsage().user + 300_000
    while (process.cpuUsage().user < end) {}
    console.log(child.pid, kept.length)
  })
  process.on('SIGTERM', () => child.kill() && process.exit())
`

onLinux('a process is measured with all that it has started', async () => {
  const parent = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await once(parent.stdout, 'data')
    const child = Number.parseInt(String(line), 10)
    const pid = parent.pid as number
    expect(processTree(pid)).toEqual([pid, child].sort((a, b) => a - b))
    expect(cpuSeconds([pid])).toBeGreaterThanOrEqual(0.3)
    expect(cpuSeconds([pid, child])).toBeGreaterThanOrEqual(cpuSeconds([child]) + 0.3)
    expect(memory(pid, 'VmHWM')).toBeGreaterThan(200e6)
    expect(memory(pid, 'VmRSS')).toBeLessThanOrEqual(memory(pid, 'VmHWM'))
    expect(memory(child, 'VmHWM')).toBeLessThan(200e6)
  } finally {
    parent.kill()
    await once(parent, 'exit')
  }
})

onLinux('a process that is not there is an error, not a zero', () => {
  expect(() => cpuSeconds([2 ** 30])).toThrow()
})
