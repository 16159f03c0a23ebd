import { constants } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Known } from './fingerprints.ts'

/** How far a file was read. */
export interface Position extends Known {
  /** What it was called when it was last seen. */
  readonly path: string
  readonly identity: string
  /** Bytes of a last line without a line break that were passed on before it was finished. */
  readonly unfinished: number
  /** It was read to its end and left: nothing is missing when it is gone. */
  readonly done: boolean
  /** When it was last seen: seconds since 1970. */
  readonly seen: number
}

export interface Positions {
  readonly key: Buffer
  readonly files: readonly Position[]
}

const VERSION = 1
/** Some 400 bytes for each file. */
const LARGEST = 64 * 1024 * 1024

const whole = z.int().min(0)
const fingerprint = z.strictObject({ bytes: whole.max(1024), mac: z.string().max(64) })
const content = z.strictObject({
  version: z.literal(VERSION),
  key: z.base64().length(44),
  files: z.array(
    z.strictObject({
      path: z.string().min(1),
      identity: z.string().regex(/^\d+:\d+$/),
      offset: whole,
      unfinished: whole,
      done: z.boolean(),
      seen: whole,
      head: fingerprint,
      tail: fingerprint,
    }),
  ),
})

/** Reads it. Errors of the system are thrown, but that there is none. */
export async function readPositions(path: string): Promise<Positions | 'missing' | 'damaged'> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing'
    throw error
  }
  try {
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > LARGEST) return 'damaged'
    const { version: _, key, files } = content.parse(JSON.parse(await file.readFile('utf8')))
    if (files.some(({ offset, tail }) => tail.bytes > offset)) return 'damaged'
    return { key: Buffer.from(key, 'base64'), files }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return 'damaged'
    throw error
  } finally {
    await file.close()
  }
}

/** Puts one that cannot be read aside, for whoever wants to know why. */
export async function putDamagedAside(path: string): Promise<void> {
  await rename(path, `${path}.damaged`)
}

/**
 * Writes it anew, all or nothing: into another file, on the disk, and under its name by one call (rename(2)). Whenever
 * the process or the machine stops, there is the old one or the new one.
 */
export async function writePositions(path: string, { key, files }: Positions): Promise<void> {
  const text = JSON.stringify({ version: VERSION, key: key.toString('base64'), files })
  const made = `${path}.new`
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
  const file = await open(made, flags, 0o600)
  try {
    // One that was there has kept its mode.
    await file.chmod(0o600)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(made, path)
  await syncFolder(dirname(path))
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY)
  try {
    await folder.sync()
  } catch (error) {
    // Some file systems cannot sync a folder (fsync(2): EINVAL); there is nothing more that could be done.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
  } finally {
    await folder.close()
  }
}
