import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Takes all memory out of a core that the kernel may write of this process and those that it starts: the filter outlives
 * fork and execve (core(5), "Controlling which mappings are written to the core dump").
 *
 * The limit of zero is not enough by itself. It "is not enforced for core dumps that are piped to a program" (core(5)),
 * as systemd and Ubuntu set `core_pattern`; their programs keep to it, others may not. In an empty core there is nothing
 * to keep.
 *
 * @returns whether the kernel has such a filter.
 */
export function emptyCores(): boolean {
  try {
    writeFileSync('/proc/self/coredump_filter', '0')
    return Number.parseInt(readFileSync('/proc/self/coredump_filter', 'latin1'), 16) === 0
  } catch {
    return false
  }
}

/** Whether a program gets the cores of this machine, whatever the limit. */
export function coresArePiped(): boolean {
  return textOf('/proc/sys/kernel/core_pattern').startsWith('|')
}

/** Soft and hard limit on the size of a core: whether both are zero. Undefined where the system does not tell. */
export function coreLimitIsZero(): boolean | undefined {
  const limits = /^Max core file size\s+(\S+)\s+(\S+)/m.exec(textOf('/proc/self/limits'))
  return limits === null ? undefined : limits[1] === '0' && limits[2] === '0'
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
