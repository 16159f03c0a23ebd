import { readFileSync } from 'node:fs'
import type { Backend } from './backend.ts'
import { holds } from './claims.ts'
import { plainRecords } from './otlp-records.ts'
import { Program } from './program.ts'
import { logRecords } from './sample.ts'
import { Service } from './service.ts'
import type { SetUp } from './set-up.ts'

/** What came of the sample on its way through the service. */
export interface Passage {
  /** What the file sink wrote: one request a line. */
  readonly sealed: Buffer
  /** Where the service listened. */
  readonly address: string
  /** Before SIGTERM, with the last batch under way. */
  readonly batches: { readonly accepted: number; readonly refused: number; readonly inFlight: number }
  /** Batches that the program was told to be accepted, the last one among them. */
  readonly acknowledged: number
  readonly exitCode: number | null
}

/** Records of each batch. */
const BATCHES = [4, 4, 2]

/**
 * Starts the service, logs the sample to it in three batches, and stops it while the backend keeps the last of them
 * waiting: it is to be finished all the same.
 */
export async function throughTheService({ config, sealed }: SetUp, backend: Backend): Promise<Passage> {
  const service = new Service(config)
  try {
    const address = await service.started()
    const program = new Program(`http://${address}/v1/logs`)
    const records = logRecords()
    const [first, second, last] = BATCHES.map((size) => records.splice(0, size))
    await program.log(first!)
    await program.log(second!)
    const held = backend.hold()
    const logged = program.log(last!)
    const answer = await held
    const { batches } = (await service.status()).totals
    service.signal('SIGTERM')
    await service.logged('draining')
    answer()
    await logged
    const exitCode = await service.end()
    await program.end()
    const { acknowledged } = program
    const passage = { sealed: readFileSync(sealed), address, batches, acknowledged, exitCode }
    checkPassage(passage, backend.received)
    return passage
  } finally {
    service.signal('SIGKILL')
  }
}

/** @param received - what the backend has, one request a line. */
export function checkPassage({ sealed, batches, acknowledged, exitCode }: Passage, received: Buffer): void {
  holds('two batches are accepted, one is under way', batches.accepted === 2 && batches.inFlight === 1)
  holds('none is refused', batches.refused === 0)
  holds('the program is told that each batch is accepted', acknowledged === BATCHES.length)
  holds('the service ends with exit code 0', exitCode === 0)
  const written = plainRecords(sealed)
  holds('the file has every record once', written.length === logRecords().length)
  holds('the backend has what the file has', JSON.stringify(plainRecords(received)) === JSON.stringify(written))
}
