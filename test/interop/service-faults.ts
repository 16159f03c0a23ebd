import { expect } from 'vitest'
import { type Arrivals, lost, unexplained } from '../peers/arrivals.ts'
import { operatorsFolder, RECIPIENTS, type RunningFieldseal, runFieldseal } from '../peers/fieldseal.ts'

/** A sink that finds its backend again within milliseconds, and keeps on for longer than a test takes. */
export const REPEATS = 'retry: {first: 20ms, longest: 200ms, give_up: 60s}'
/** A sink that leaves that to the client. */
export const LEAVES_IT = 'retry: {first: 20ms, longest: 200ms, give_up: 0s}'

export interface ServiceOptions {
  /** Type of the one source. */
  readonly source: string
  /** Where it listens, if it has to be there again after it was killed. */
  readonly port?: number
  /** Settings of the one sink. */
  readonly sink: string
}

/** `fieldseal run` between clients and a backend. */
export class ServiceUnderFaults {
  readonly #folder: ReturnType<typeof operatorsFolder>
  readonly #config: string
  /** All that were started; the last one runs. */
  readonly #started: RunningFieldseal[] = []

  private constructor({ source, port = 0, sink }: ServiceOptions) {
    this.#folder = operatorsFolder()
    this.#config = `${RECIPIENTS}
service: {admin: {listen: '127.0.0.1:0'}}
sources: {clients: {type: ${source}, listen: '127.0.0.1:${port}'}}
sinks: {backend: {${sink}}}
`
  }

  static async start(options: ServiceOptions): Promise<ServiceUnderFaults> {
    const service = new ServiceUnderFaults(options)
    await service.#start()
    return service
  }

  async #start(): Promise<void> {
    this.#started.push(await runFieldseal(this.#folder.folder, this.#config))
  }

  get address(): string {
    return this.#started.at(-1)!.source('clients')
  }

  get port(): number {
    return Number(this.address.split(':').at(-1))
  }

  /** Without a word, and starts it again at the same place. */
  async kill(): Promise<void> {
    await this.#started.at(-1)!.program.stop('SIGKILL')
    await this.#start()
  }

  /** In good order: it exits with 0, and none that was started has said an address. */
  async end(): Promise<void> {
    expect(await this.#started.at(-1)!.program.stop()).toEqual({ code: 0, signal: null })
    for (const { program } of this.#started) expect(program.output).not.toContain('@example.com')
    this.#folder.remove()
  }
}

/** What clients were told of their records. */
export interface Told {
  readonly accepted: readonly number[]
  readonly refused: readonly number[]
  /** How often a record was sent; once, where nothing is said. */
  readonly sendings?: ReadonlyMap<number, number>
}

/** Nothing that was accepted is lost, and nothing came twice without a reason. */
export function expectAtLeastOnce({ accepted, sendings }: Told, arrived: Arrivals): void {
  expect(lost(accepted, arrived)).toEqual([])
  expect(unexplained(arrived, (number) => sendings?.get(number) ?? 1)).toEqual([])
}

/**
 * What came of a case, in figures.
 *
 * @param counts - of what the backend did, where it can be known.
 */
export function report(title: string, told: Told, arrived: Arrivals, counts?: ReadonlyMap<string, number>): void {
  const { accepted, refused, sendings } = told
  const records = accepted.length + refused.length
  const requests = [...(counts?.values() ?? [])].reduce((sum, count) => sum + count, 0)
  const again = [...(sendings?.values() ?? [])].reduce((sum, times) => sum + times - 1, 0)
  console.log(
    `${title}: ${counts === undefined ? '' : `${requests} requests; `}of ${records} records ${accepted.length} ` +
      `accepted, ${refused.length} refused${sendings === undefined ? '' : `, ${again} sent again by clients`}, ` +
      `${arrived.rejected.size} not wanted by the backend, ${arrived.duplicates} duplicates, ` +
      `${lost(accepted, arrived).length} lost`,
  )
}
