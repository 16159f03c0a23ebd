import { once } from 'node:events'
import { peer } from '../peer.ts'

/** Where sealed lines go to from a worker. */
export interface Destination {
  /** Resolves once it can take more. */
  write(lines: readonly string[]): Promise<void>
  /** Resolves once everything written before has left. */
  flush(): Promise<void>
  close(): Promise<void>
}

interface FileOptions {
  readonly destination?: string | number
  readonly mkdir?: boolean
  readonly append?: boolean
}

const STANDARD_OUTPUT = 1

/**
 * A file or a descriptor, by pino's own stream: the standard output of a worker goes through the main thread, which may
 * be about to exit.
 *
 * @param onFailure - is told once, when it can no longer be written.
 * @throws FieldsealError `FIELDSEAL_PEER_MISSING`
 */
export async function fileDestination(options: FileOptions, onFailure: (error: Error) => void): Promise<Destination> {
  const { destination: dest = STANDARD_OUTPUT, mkdir = false, append = true } = options
  const { default: pino } = await peer('pino', () => import('pino'))
  const stream = pino.destination({ dest, mkdir, append, sync: false })
  let failure: Error | undefined
  stream.on('error', (error: Error) => {
    if (failure !== undefined) return
    failure = error
    onFailure(error)
  })
  const check = (): void => {
    if (failure !== undefined) throw failure
  }
  const settled = async (event: string): Promise<void> => {
    await once(stream, event)
    check()
  }
  return {
    async write(lines) {
      check()
      if (!stream.write(`${lines.join('\n')}\n`)) await settled('drain')
    },
    flush: () =>
      new Promise((resolve, reject) => {
        stream.flush((error?: Error) => (error ? reject(error) : resolve()))
      }),
    async close() {
      check()
      stream.end()
      await settled('close')
    },
  }
}
