import { randomBytes } from 'node:crypto'
import { lstat, rename, unlink } from 'node:fs/promises'
import { createConnection, createServer, type Server } from 'node:net'

/**
 * A lock that the system takes back when its process ends, however it ends: a unix socket that listens beside the file.
 * Nobody sends anything on it. Node has no flock(2).
 */
export class Lock {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  /** @returns undefined where another process has it. Errors of the system are thrown. */
  static async take(path: string): Promise<Lock | undefined> {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const server = await listening(path)
      if (server !== undefined) return new Lock(server)
      const left = await identityOf(path)
      if (left === undefined) continue
      if (await answers(path)) return undefined
      await putAway(path, left)
    }
    return undefined
  }

  async release(): Promise<void> {
    // It takes away the socket, too.
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}

/** @returns undefined where something is there. */
function listening(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    const before = process.umask(0o177)
    try {
      // Not `exclusive: false`: within a cluster the primary process would listen, and workers share it.
      server.listen({ path, exclusive: true }, () => resolve(server))
    } finally {
      process.umask(before)
    }
    server.unref()
  })
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await lstat(path, { bigint: true })
    return `${dev}:${ino}`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(path)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    // Nobody listens: it is left of a process that has ended. Anything else (EAGAIN, EACCES) may be somebody.
    connection.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'))
  })
}

/** Takes away what an ended process has left, and not what another one has just made in its place. */
async function putAway(path: string, identity: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if ((await identityOf(aside)) === identity) await unlink(aside)
  else await rename(aside, path)
}
