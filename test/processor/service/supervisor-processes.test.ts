import { spawn } from 'node:child_process'
import cluster from 'node:cluster'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { backoffMs, WorkerProcesses } from '../../../processor/service/supervisor-processes.ts'
import { WORKER_VARIABLE } from '../../../processor/service/worker-process-messages.ts'
import type { LogEvent, LogFields } from '../../../processor/telemetry/log.ts'
import { ENVIRONMENT } from '../../processes.ts'

beforeAll(() => {
  cluster.setupPrimary({ exec: join(import.meta.dirname, 'worker-fixture-process.ts'), args: [], execArgv: [] })
})

/** Worker processes whose modes are looked up by the number of the fork, from 0. */
function workers(count: number, mode: (fork: number) => string = () => '') {
  const events: [LogEvent, LogFields | undefined][] = []
  const endings: number[] = []
  let logged = () => {}
  let forks = 0
  const supervised = new WorkerProcesses({
    count,
    drainMs: 1000,
    log: (event, _message, fields) => {
      events.push([event, fields])
      logged()
    },
    fork: (worker) => cluster.fork({ MODE: mode(forks++), [WORKER_VARIABLE]: String(worker) }),
    restartMs: (inRow) => {
      endings.push(inRow)
      return 0
    },
  })
  onTestFinished(() => supervised.kill())
  return {
    supervised,
    events,
    endings,
    /** Resolves when so many events have been logged. */
    loggedEvents: (number: number) =>
      new Promise<void>((resolve) => {
        logged = () => {
          if (events.length >= number) resolve()
        }
        logged()
      }),
    /** Asks until every worker answers: another one takes time to start. */
    async complete() {
      for (;;) {
        const status = await supervised.status()
        if (status.length === count) return status
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
  }
}

async function addressOf(supervised: WorkerProcesses): Promise<string> {
  return (await supervised.status())[0]!.sources.in!
}

/** On a connection of its own. */
function request(address: string, path = '/'): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = get(`http://${address}${path}`, { agent: false }, (response) =>
      text(response).then(resolve, reject),
    )
    outgoing.on('error', reject)
  })
}

/** Resolves, once the worker has the request, with what will be its answer. */
async function slowRequest(address: string): Promise<{ answer: Promise<string> }> {
  const outgoing = get(`http://${address}/slow`, { agent: false })
  const answer = once(outgoing, 'response').then(([response]) => text(response as IncomingMessage))
  answer.catch(() => {})
  await once(outgoing, 'information')
  return { answer }
}

describe('workers in processes of their own', () => {
  test('listen on one port, and connections are handed out in turn', async () => {
    const { supervised } = workers(2)
    await supervised.start()
    const status = await supervised.status()
    expect(new Set(status.map(({ sources }) => sources.in)).size).toBe(1)
    const pids: string[] = []
    for (let turn = 0; turn < 4; turn += 1) pids.push(await request(status[0]!.sources.in!))
    expect(pids.toSorted()).toEqual(status.flatMap(({ pid }) => [String(pid), String(pid)]).toSorted())
  })

  test('do not start where one of them does not, and none is left', async () => {
    const { supervised } = workers(3, (fork) => (fork === 1 ? 'broken' : ''))
    await expect(supervised.start()).rejects.toMatchObject({
      code: 'FIELDSEAL_TLS_INVALID',
      message: 'the certificate is of another key',
    })
    expect(Object.keys(cluster.workers!)).toEqual([])
    expect(await supervised.status()).toEqual([])
  })

  test('are replaced where they end by themselves, on the same port', async () => {
    const { supervised, events, loggedEvents, complete } = workers(2)
    await supervised.start()
    const before = await supervised.status()
    const address = before[0]!.sources.in!
    await expect(request(address, '/exit')).rejects.toThrow()
    await loggedEvents(1)
    expect(events).toEqual([['worker-lost', { worker: expect.any(Number), exit: 9, restart_in_ms: 0 }]])
    const after = await complete()
    expect(after.map(({ sources }) => sources.in)).toEqual([address, address])
    const pidsOf = (status: typeof before) => status.map(({ pid }) => pid)
    expect(pidsOf(after).filter((pid) => pidsOf(before).includes(pid))).toHaveLength(1)
  })

  test('that do not come up again are tried again, later each time, and the log says why', async () => {
    const { supervised, events, endings, loggedEvents, complete } = workers(1, (fork) =>
      [1, 2].includes(fork) ? 'broken' : '',
    )
    await supervised.start()
    const address = await addressOf(supervised)
    await expect(request(address, '/exit')).rejects.toThrow()
    await loggedEvents(3)
    await complete()
    expect(endings).toEqual([1, 2, 3])
    const failure = { worker: 1, exit: 78, code: 'FIELDSEAL_TLS_INVALID' }
    expect(events.map(([, fields]) => fields)).toEqual([
      expect.objectContaining({ worker: 1, exit: 9 }),
      expect.objectContaining(failure),
      expect.objectContaining(failure),
    ])
  })

  test('all reload, and one that refuses is enough to say so', async () => {
    const willing = workers(2)
    await willing.supervised.start()
    expect(await willing.supervised.reload()).toBe(true)
    const { supervised } = workers(2, (fork) => (fork === 1 ? 'stubborn' : ''))
    await supervised.start()
    expect(await supervised.reload()).toBe(false)
  })

  test('that hang are missing in the status, and end all the same', async () => {
    const { supervised } = workers(2)
    await supervised.start()
    const address = await addressOf(supervised)
    request(address, '/busy').catch(() => {})
    await expect.poll(async () => (await supervised.status()).length, { timeout: 60_000 }).toBe(1)
    await supervised.stop()
    expect(Object.keys(cluster.workers!)).toEqual([])
  })

  test('finish what is under way before they stop, and are not replaced', async () => {
    const { supervised, events } = workers(2)
    await supervised.start()
    const address = await addressOf(supervised)
    const sent = await Promise.all([slowRequest(address), slowRequest(address)])
    await supervised.stop()
    const pids = await Promise.all(sent.map(({ answer }) => answer))
    expect(new Set(pids).size).toBe(2)
    expect(events).toEqual([])
    expect(Object.keys(cluster.workers!)).toEqual([])
  })

  test('end at once when they are killed', async () => {
    const { supervised, events } = workers(2)
    await supervised.start()
    const address = await addressOf(supervised)
    const { answer } = await slowRequest(address)
    await supervised.kill()
    await expect(answer).rejects.toThrow()
    expect(events).toEqual([])
  })

  test('finish what is under way and end when their primary process is gone', async () => {
    const script = join(import.meta.dirname, 'primary-fixture-process.ts')
    const primary = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'], env: ENVIRONMENT })
    const [line] = await once(createInterface(primary.stdout), 'line')
    const { address, pids } = JSON.parse(line)
    const { answer } = await slowRequest(address)
    primary.kill('SIGKILL')
    expect(pids).toContain(Number(await answer))
    await expect.poll(() => pids.some(isAlive), { timeout: 60_000 }).toBe(false)
  })
})

test('a process that ends at once is started again at once, then later and later', () => {
  expect([1, 2, 3, 4, 50].map(backoffMs)).toEqual([0, 250, 500, 1000, 30_000])
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
