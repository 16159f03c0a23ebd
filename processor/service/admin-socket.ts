import { lstatSync, type Stats, unlinkSync } from 'node:fs'
import { createConnection, type Server } from 'node:net'
import { FieldsealError } from '../errors.ts'

/**
 * Listens on a unix socket that only this user can connect to (mode 0600). One that an ended process has left is removed.
 *
 * @param path - absolute. The server removes the socket when it is closed.
 * @throws `FIELDSEAL_LISTEN_FAILED`
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  const failed = (problem: string) => new FieldsealError('FIELDSEAL_LISTEN_FAILED', `admin: ${path} ${problem}`)
  const there = statOf(path)
  if (there !== undefined) {
    if (!there.isSocket()) throw failed('is there and is no socket')
    if (await answers(path)) throw failed('is the socket of a running process')
    try {
      unlinkSync(path)
    } catch {
      throw failed('is left of an ended process and cannot be removed')
    }
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', () => reject(failed('cannot be listened on')))
  // The mode is set as the socket is made: later would be too late for who connects in between. `listen` binds at once.
  const before = process.umask(0o177)
  try {
    server.listen(path, resolve)
  } finally {
    process.umask(before)
  }
  await promise
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

/** Whether somebody listens; whoever is too busy to accept does (EAGAIN). */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(path)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'))
  })
}
