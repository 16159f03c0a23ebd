import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that the system gives away by itself, so that nobody is given one before it is used. */
const FIRST = 20_000
const LAST = 30_000

/** Ports of 127.0.0.1 that nobody listens on, for programs that have to be told before they start. */
export class FreePorts {
  static readonly #given = new Set<number>()

  async next(): Promise<number> {
    for (;;) {
      const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
      if (FreePorts.#given.has(port)) continue
      FreePorts.#given.add(port)
      if (await isFree(port)) return port
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
