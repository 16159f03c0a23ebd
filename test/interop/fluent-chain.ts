import { appendFileSync, copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { operatorsFolder, runFieldseal } from '../peers/fieldseal.ts'
import { RunningProgram } from '../peers/running-program.ts'
import { Authority } from '../processor/http/authority.ts'
import { logLine } from './fluent-lines.ts'
import { FluentPage } from './fluent-page.ts'
import type { FluentProgram } from './fluent-program.ts'

const removals: (() => void)[] = []
afterAll(() => {
  for (const remove of removals) remove()
})

const LOG = '/var/log/app/app.log'

type Change = (block: string) => string

/** An application, Fluent Bit, Fieldseal and Fluentd that send to one another, configured as the page says. */
export class FluentChain {
  readonly folder: string
  readonly page: FluentPage
  readonly #programs: RunningProgram[] = []
  #logged = 0

  constructor() {
    const { folder, remove } = operatorsFolder()
    this.folder = folder
    removals.push(remove)
    this.page = new FluentPage(folder)
    this.startLogAnew()
    // As on the page.
    writeFileSync(this.page.path('keys/forward.key'), 'a-key-of-at-least-16-bytes\n', { mode: 0o600 })
    for (const user of ['agent-1', 'sealer'])
      writeFileSync(this.page.path(`keys/${user}.password`), 'a-password\n', { mode: 0o600 })
  }

  /** Lines that the application logs, the numbers going on. @returns the numbers. */
  log(count: number): number[] {
    const numbers = Array.from({ length: count }, (_, at) => this.#logged + at)
    this.#logged += count
    appendFileSync(this.page.path(LOG), numbers.map((number) => `${logLine(number)}\n`).join(''))
    return numbers
  }

  /** The log is put aside: who follows it from now on does not find what is in it. */
  startLogAnew(): void {
    rmSync(this.page.path(LOG), { force: true })
    // Who starts looks once a minute for files that were not there.
    writeFileSync(this.page.path(LOG), '')
  }

  /** The certificates that the page names, of one private authority. */
  writeCertificates(): void {
    const authority = new Authority(this.folder, 'authority')
    const { cert, key } = authority.issue('server', { names: 'IP:127.0.0.1,DNS:localhost' })
    for (const program of ['fieldseal', 'fluent-bit', 'fluentd']) {
      copyFileSync(authority.cert, this.page.path(`/etc/${program}/ca.pem`))
      copyFileSync(cert, this.page.path(`/etc/${program}/server.pem`))
      copyFileSync(key, this.page.path(`/etc/${program}/server.key`))
    }
  }

  async runFieldseal(block: string, change?: Change): Promise<RunningProgram> {
    const { program } = await runFieldseal(this.folder, await this.page.config(block, change))
    this.#programs.push(program)
    return program
  }

  async runFluentBit({ path }: FluentProgram, block: string, change?: Change): Promise<RunningProgram> {
    const file = this.#write('fluent-bit.yaml', await this.page.config(block, change))
    return await this.#run(path, ['-c', file], '\\[output:')
  }

  async runFluentd({ path }: FluentProgram, block: string, change?: Change): Promise<RunningProgram> {
    const file = this.#write('fluentd.conf', await this.page.config(block, change))
    // In one process, so that nothing is left of it where a test fails.
    return await this.#run(path, ['--no-supervisor', '-c', file], 'fluentd worker is now running')
  }

  #write(name: string, config: string): string {
    const file = join(this.folder, `${this.#programs.length}-${name}`)
    writeFileSync(file, config)
    return file
  }

  async #run(command: string, args: readonly string[], ready: string): Promise<RunningProgram> {
    const program = new RunningProgram(command, args)
    this.#programs.push(program)
    const pattern = new RegExp(ready)
    await program.line((line) => pattern.test(line))
    return program
  }

  /** Ends everything, the last one first started. @returns what all of them have said. */
  async end(): Promise<string> {
    for (const program of [...this.#programs].reverse()) await program.stop()
    return this.#programs.map(({ output }) => output).join('\n')
  }
}
