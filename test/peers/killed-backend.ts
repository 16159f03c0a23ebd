import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoredBatch } from './arrivals.ts'
import { FreePorts } from './free-ports.ts'
import { type Kept, takeBack } from './kept-batches.ts'
import { RunningProgram } from './running-program.ts'

const PROGRAM = join(import.meta.dirname, 'backend-process.ts')

/** A backend in a process of its own that is killed, and comes back to the same port with what it has written down. */
export class KilledBackend {
  readonly port: number
  readonly #kind: 'forward' | 'grpc'
  readonly #folder = mkdtempSync(join(tmpdir(), 'fieldseal-backend-'))
  readonly #journals: string[] = []
  #program: RunningProgram | undefined

  private constructor(kind: 'forward' | 'grpc', port: number) {
    this.#kind = kind
    this.port = port
  }

  static async start(kind: 'forward' | 'grpc'): Promise<KilledBackend> {
    const backend = new KilledBackend(kind, await new FreePorts().next())
    await backend.#start()
    return backend
  }

  async #start(): Promise<void> {
    const journal = join(this.#folder, `journal-${this.#journals.length}`)
    this.#program = new RunningProgram(process.execPath, [PROGRAM, this.#kind, `${this.port}`, journal])
    this.#journals.push(journal)
    await this.#program.line((line) => line === 'listening')
  }

  /** Without a word, and starts it again. */
  async kill(): Promise<void> {
    await this.#program?.stop('SIGKILL')
    await this.#start()
  }

  /** Kills it for good. @returns what all of its lives have written down. */
  async end(): Promise<readonly StoredBatch[]> {
    await this.#program?.stop('SIGKILL')
    const stored = this.#journals.flatMap(batchesOf)
    rmSync(this.#folder, { recursive: true })
    return stored
  }
}

/** What one of its lives has written down: what it said last may not have been read. */
function batchesOf(journal: string): readonly StoredBatch[] {
  const batches: Kept[] = []
  const acknowledged: Kept[] = []
  const lines = readFileSync(journal, 'latin1').split('\n')
  // The last one is empty, or was not written in full before it was killed: then nobody was told of it.
  for (const line of lines.slice(0, -1)) {
    const said = JSON.parse(line) as { kept: Kept & { bytes: string } } | { acknowledged: number }
    if ('kept' in said) batches.push({ ...said.kept, bytes: Buffer.from(said.kept.bytes, 'base64') })
    else acknowledged.push(batches[said.acknowledged]!)
  }
  for (const batch of acknowledged) batch.acknowledged = true
  takeBack(acknowledged)
  return batches
}
