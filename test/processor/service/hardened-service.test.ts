import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SERVICE_OPTIONS } from '../../../processor/service/hardening.ts'
import { ENVIRONMENT } from '../../processes.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { ServiceProcess } from './service-process.ts'

const MAIN = join(import.meta.dirname, '../../../processor/cli/main.ts')
const FILES = ['archive.jsonl', 'config.yaml', 'rules.yaml', 'security.pub.jwk']

const proc = (pid: number, file: string) => readFileSync(`/proc/${pid}/${file}`, 'latin1')
const commandLine = (pid: number) => proc(pid, 'cmdline').split('\0')

/** Ports on which a process listens, whatever for (proc_pid_net(5): state 0A). */
function listeningPorts(pid: number): number[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return ['net/tcp', 'net/tcp6']
    .flatMap((table) => proc(pid, table).trim().split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.includes(`socket:[${inode}]`))
    .map(([, local]) => Number.parseInt(local!.split(':')[1]!, 16))
    .toSorted()
}

function expectHardened(pid: number): void {
  expect(proc(pid, 'limits')).toMatch(/^Max core file size +0 +0 +bytes/m)
  expect(Number.parseInt(proc(pid, 'coredump_filter'), 16)).toBe(0)
  expect(commandLine(pid)).toEqual(expect.arrayContaining([...SERVICE_OPTIONS]))
  expect(proc(pid, 'environ')).not.toMatch(/(^|\0)NODE_OPTIONS=/)
}

describe.skipIf(!existsSync('/proc/self/limits'))('the running service', () => {
  test('has no limit but zero for cores, nothing to be in one, and its options, under the id that it was started with', async () => {
    const service = await ServiceProcess.started()
    expectHardened(service.pid)
    expect((await service.status()).pid).toBe(service.pid)
  })

  test('has them in every worker', async () => {
    const service = await ServiceProcess.started({ service: 'workers: 2' })
    const { pid, workers } = await service.status()
    for (const process of [pid, ...workers.map((worker: { pid: number }) => worker.pid)]) expectHardened(process)
  })

  test('keeps harmless options that came by NODE_OPTIONS, and warns of code of others', async () => {
    const service = await ServiceProcess.started({
      env: { NODE_OPTIONS: '--max-old-space-size=300' },
      node: ['--import', 'data:text/javascript,'],
    })
    expect(commandLine(service.pid)).toEqual(expect.arrayContaining(['--max-old-space-size=300', '--import']))
    expect((await service.event('warning')).message).toBe('--import runs code that can read every record')
  })

  test.each(['SIGUSR1', 'SIGUSR2'] as const)('goes on at %s, and listens nowhere else', async (signal) => {
    const service = await ServiceProcess.started({ service: 'workers: 2' })
    const { workers } = await service.status()
    const pids: number[] = [service.pid, ...workers.map(({ pid }: { pid: number }) => pid)]
    const ports = pids.map(listeningPorts)
    expect(ports[0]).toHaveLength(2)
    for (let turn = 0; turn < 3; turn += 1) {
      for (const pid of pids) process.kill(pid, signal)
      expect(await service.post('mail jane@example.com')).toBe(200)
    }
    expect(pids.map(listeningPorts)).toEqual(ports)
    expect((await service.status()).workers.map(({ pid }: { pid: number }) => pid)).toEqual(pids.slice(1))
    expect(service.events.map(({ event }) => event)).toEqual(['started'])
    expect(readdirSync(service.folder).filter((file) => !file.startsWith('archive'))).toEqual(FILES.slice(1))
  })

  test.each(['SIGABRT', 'SIGQUIT', 'SIGTRAP', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGSYS', 'SIGXCPU'] as const)(
    'leaves nothing behind when %s ends it',
    async (signal) => {
      const service = await ServiceProcess.started()
      expect(await service.post('mail jane@example.com')).toBe(200)
      service.child.kill(signal)
      expect((await service.ended).signal).toBe(signal)
      expect(readdirSync(service.folder).toSorted()).toEqual(FILES)
      expect(service.events.map(({ event }) => event)).toEqual(['started'])
    },
  )

  // With --inspect-brk and --inspect-wait Node waits for a debugger before it runs anything.
  test.each([
    '--inspect=0',
    '--inspect-port=0',
    '--heapsnapshot-signal=SIGUSR2',
    '--heapsnapshot-near-heap-limit=1',
    '--heap-prof',
    '--cpu-prof',
    '--report-on-signal',
    '--report-on-fatalerror',
    '--report-uncaught-exception',
    '--abort-on-uncaught-exception',
    '--perf-basic-prof',
    '--trace-tls',
    '--tls-keylog=keys.log',
    '--unhandled-rejections=warn',
  ])('cannot be had with %s, on the command line or in NODE_OPTIONS', (option) => {
    const name = option.split('=')[0]!
    // It would be a mistake in the configuration: that nobody speaks of it shows that nothing has been read yet.
    const run = (node: readonly string[], env: Record<string, string>) => {
      const argv = [...node, MAIN, 'run', '-c', 'missing.yaml']
      return spawnSync(process.execPath, argv, {
        cwd: temporaryFolder(),
        env: { ...ENVIRONMENT, ...env },
        encoding: 'utf8',
      })
    }
    const given = run([option], {})
    expect(given.stderr).toContain(`FIELDSEAL_INSPECTABLE ${name} on the command line is not allowed for the service`)
    expect(given.status).toBe(78)
    const { status, stderr } = run([], { NODE_OPTIONS: option })
    // What Node itself does not take from there ends it, too.
    if (status !== 9) {
      expect(stderr).toContain(`FIELDSEAL_INSPECTABLE ${name} in NODE_OPTIONS is not allowed for the service`)
      expect(status).toBe(78)
    }
  })

  test('cannot be had with a mark that pretends', async () => {
    const service = new ServiceProcess({ env: { FIELDSEAL_HARDENED: '1' } })
    expect((await service.ended).code).toBe(78)
    expect(service.lines[0]).toMatch(/^FIELDSEAL_INSPECTABLE /)
  })
})
