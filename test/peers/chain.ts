import { Backend } from './backend.ts'
import { runCollector } from './collector.ts'
import { Documented } from './documented.ts'
import { operatorsFolder, runFieldseal } from './fieldseal.ts'
import type { RunningProgram } from './running-program.ts'

/** Collectors and services that send to one another, configured as the page says, with a backend at the end. */
export class Chain {
  readonly documented: Documented
  readonly folder: string
  readonly backend: Backend
  readonly #remove: () => void
  readonly #programs: RunningProgram[] = []
  readonly #collector: string

  private constructor(collector: string, documented: Documented, backend: Backend, folder: string, remove: () => void) {
    this.#collector = collector
    this.documented = documented
    this.backend = backend
    this.folder = folder
    this.#remove = remove
  }

  /**
   * @param collector - the Collector's program.
   * @param backendPort - where the page has the backend.
   */
  static async start(collector: string, backendPort: number): Promise<Chain> {
    const { folder, remove } = operatorsFolder()
    const documented = new Documented(folder)
    const backend = await Backend.start(await documented.port(backendPort))
    return new Chain(collector, documented, backend, folder, remove)
  }

  /** Where applications send to. */
  async endpoint(): Promise<string> {
    return `http://127.0.0.1:${await this.documented.port(4318)}/v1/logs`
  }

  async runFieldseal(block: string, env: NodeJS.ProcessEnv = {}): Promise<RunningProgram> {
    const { program } = await runFieldseal(this.folder, await this.documented.config(block), env)
    this.#programs.push(program)
    return program
  }

  async runCollector(block: string): Promise<RunningProgram> {
    const name = block.replace(/\W+/g, '-')
    const program = await runCollector(this.#collector, this.folder, name, await this.documented.config(block))
    this.#programs.push(program)
    return program
  }

  /** Ends everything, the last one first started. @returns what all of them have said. */
  async end(): Promise<string> {
    for (const program of this.#programs) await program.stop()
    await this.backend.close()
    this.#remove()
    return this.#programs.map(({ output }) => output).join('\n')
  }
}
