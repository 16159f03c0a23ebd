import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const PROGRAM = join(import.meta.dirname, 'reading-process.ts')

export interface TortureOptions {
  readonly folder: string
  /** How often the process is killed. */
  readonly kills: number
  /** Told after each kill. */
  readonly told?: (kill: number, written: number) => void
}

export interface TortureResult {
  readonly written: number
  /** Numbers of lines that never came. */
  readonly lost: readonly number[]
  /** Lines that came again. */
  readonly duplicates: number
  readonly renamed: number
  readonly copied: number
  /** What the processes have logged. */
  readonly events: Readonly<Record<string, number>>
}

/** Writes numbered lines, renames the file, or copies and empties it, and kills who reads it, all at random. */
export async function torture({ folder, kills, told }: TortureOptions): Promise<TortureResult> {
  const logs = join(folder, 'logs')
  const out = join(folder, 'out')
  mkdirSync(logs)
  const writer = new Writer(logs)
  for (let kill = 1; kill <= kills; kill += 1) {
    const child = read(logs, out)
    const exited = once(child, 'exit')
    // Some are killed before they have started.
    const started = once(child.stdout!, 'data')
    if (Math.random() < 0.8) await writer.writeUntil(started)
    await writer.writeFor(Math.random() * 300)
    child.kill('SIGKILL')
    await exited
    if (Math.random() < 0.5) await writer.writeFor(Math.random() * 30)
    told?.(kill, writer.written)
  }
  await readToTheEnd(logs, out, writer)
  return { ...resultOf(out, writer), events: eventsOf(join(folder, 'log')) }
}

function read(logs: string, out: string): ChildProcess {
  return spawn(process.execPath, [PROGRAM, logs, out], { stdio: ['pipe', 'pipe', 'inherit'] })
}

/** Lets one read on until all has come, or nothing comes any more. */
async function readToTheEnd(logs: string, out: string, writer: Writer): Promise<void> {
  const child = read(logs, out)
  const exited = once(child, 'exit')
  let before = -1
  for (;;) {
    const { lost } = resultOf(out, writer)
    const size = existsSync(out) ? readFileSync(out).length : 0
    if (lost.length === 0 || (size === before && size > 0)) break
    before = size
    await wait(3000)
  }
  child.stdin?.end()
  await exited
}

class Writer {
  written = 0
  renamed = 0
  copied = 0
  readonly #folder: string
  #rotated = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  writeFor(milliseconds: number): Promise<void> {
    return this.writeUntil(wait(milliseconds))
  }

  async writeUntil(event: Promise<unknown>): Promise<void> {
    let ended = false
    void event.then(() => {
      ended = true
    })
    do {
      const lines = Array.from({ length: Math.ceil(Math.random() * 20) }, () => this.#line()).join('')
      const path = join(this.#folder, 'app.log')
      // Lines are written in parts, too.
      const cut = Math.floor(Math.random() * lines.length)
      appendFileSync(path, lines.slice(0, cut))
      if (Math.random() < 0.3) await wait(1)
      appendFileSync(path, lines.slice(cut))
      const chance = Math.random()
      if (chance < 0.01) this.#rename(path)
      else if (chance < 0.02) this.#copyAndEmpty(path)
      await wait(Math.random() * 5)
    } while (!ended)
  }

  #line(): string {
    this.written += 1
    return `${JSON.stringify({ n: this.written, filling: 'x'.repeat(Math.random() * 300) })}\n`
  }

  #rename(path: string): void {
    this.renamed += 1
    renameSync(path, this.#aside())
  }

  #copyAndEmpty(path: string): void {
    this.copied += 1
    copyFileSync(path, this.#aside())
    truncateSync(path)
  }

  #aside(): string {
    this.#rotated += 1
    return join(this.#folder, `app.log.${this.#rotated}`)
  }
}

function resultOf(out: string, writer: Writer): Omit<TortureResult, 'events'> {
  const times = new Map<number, number>()
  const text = existsSync(out) ? readFileSync(out, 'latin1') : ''
  for (const [, number] of text.matchAll(/^\{"n":(\d+),"filling":"x*"\}$/gm))
    times.set(Number(number), (times.get(Number(number)) ?? 0) + 1)
  const { written, renamed, copied } = writer
  const lost = Array.from({ length: written }, (_, index) => index + 1).filter((number) => !times.has(number))
  const duplicates = [...times.values()].reduce((sum, count) => sum + count - 1, 0)
  return { written, lost, duplicates, renamed, copied }
}

function eventsOf(log: string): Record<string, number> {
  const events: Record<string, number> = {}
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const { event } = JSON.parse(line)
    events[event] = (events[event] ?? 0) + 1
  }
  return events
}
