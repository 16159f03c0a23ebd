import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Ticks a second in /proc/PID/stat: USER_HZ, which is 100 on every Linux (proc(5)). */
const TICKS_PER_SECOND = 100

/** Whether other processes can be measured here. */
export const canMeasureProcesses = (): boolean => existsSync('/proc/self/stat') && existsSync('/proc/self/status')

/** The fields after the name of the program, which may hold anything, even a parenthesis; the first is the state. */
function stat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(stat(pid)[1])
  } catch {
    return undefined
  }
}

/** A process and all that it has started, in ascending order. */
export function processTree(pid: number): number[] {
  const parents = new Map<number, number | undefined>()
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(Number(name)))
  }
  const tree = new Set([pid])
  for (let size = 0; size < tree.size; ) {
    size = tree.size
    for (const [child, parent] of parents) if (parent !== undefined && tree.has(parent)) tree.add(child)
  }
  return [...tree].sort((a, b) => a - b)
}

/** User and system time of all threads of these processes (`utime` and `stime`), in seconds. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0
  for (const pid of pids) {
    const fields = stat(pid)
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / TICKS_PER_SECOND
}

/** A size of /proc/PID/status, in bytes: `VmRSS` is what is in memory, `VmHWM` the most that ever was. */
export function memory(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  if (kibibytes === undefined) throw new Error(`there is no ${name} in /proc/PID/status`)
  return Number(kibibytes) * 1024
}
