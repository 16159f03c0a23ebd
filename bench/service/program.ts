import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface ProgramStart {
  /** Shown where it does not start. */
  readonly name: string
  /** Options for `node`, script and its arguments. */
  readonly args: readonly string[]
  /** A list of cores as `taskset` takes it; undefined where the program may run anywhere. */
  readonly cores: string | undefined
  /** Asked again and again until it says yes. */
  readonly ready: () => Promise<boolean>
}

const POLL_MS = 50
/** Times that readiness is asked for: half a minute. */
const POLLS = 600
/** Milliseconds from SIGTERM to SIGKILL. */
const PATIENCE_MS = 20_000

/** A running program under test, in a process of its own. */
export class Program {
  readonly #child: ChildProcess
  #stderr = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    process.once('exit', () => child.kill('SIGKILL'))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000)
    })
  }

  /** @throws `Error` with what the program wrote, where it ends instead of becoming ready. */
  static async start({ name, args, cores, ready }: ProgramStart): Promise<Program> {
    const command = [process.execPath, ...args]
    const [file, ...rest] = cores === undefined ? command : ['taskset', '-c', cores, ...command]
    const program = new Program(spawn(file as string, rest, { stdio: ['ignore', 'ignore', 'pipe'] }))
    for (let poll = 0; poll < POLLS && program.running; poll += 1) {
      if (await ready()) return program
      await wait(POLL_MS)
    }
    program.#child.kill('SIGKILL')
    throw new Error(`the ${name} did not start: ${program.#stderr.trim()}`)
  }

  get pid(): number {
    return this.#child.pid as number
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Asks it to end. @returns the problems: that it did not, that it had ended before, or that it failed. */
  async stop(): Promise<string[]> {
    if (!this.running) return [`the service ended by itself: ${this.#stderr.trim()}`]
    const exited = once(this.#child, 'exit') as Promise<[number | null, string | null]>
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS)
    const [code, signal] = await exited
    clearTimeout(timer)
    return code === 0 ? [] : [`the service ended with ${code ?? signal}: ${this.#stderr.trim()}`]
  }
}

/** Ports that are free now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
