import { basename, dirname, join, parse } from 'node:path'
import { errnoOf, type FileSystem } from './file-system.ts'

/** `2026-11-24T18-30-05.123Z`: RFC 3339 without colons, which some file systems do not take. */
function timestamp(now: number): string {
  return new Date(now).toISOString().replaceAll(':', '-')
}

const TIMESTAMP = String.raw`\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z`

/** Gives a file a name with the time, `NAME-2026-11-24T18-30-05.123Z.EXT`, with a number where that name is taken. */
export async function putAside(files: FileSystem, path: string, now: number): Promise<void> {
  const { dir, name, ext } = parse(path)
  const aside = join(dir, `${name}-${timestamp(now)}`)
  let target = `${aside}${ext}`
  for (let counter = 1; await isThere(files, target); counter += 1) target = `${aside}-${counter}${ext}`
  await files.rename(path, target)
  await files.syncFolder(dirname(path))
}

async function isThere(files: FileSystem, path: string): Promise<boolean> {
  try {
    await files.state(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw error
  }
}

/** Deletes the oldest of the files that were put aside for `path`, until `keep` are left, and no other file. */
export async function deleteOldest(files: FileSystem, path: string, keep: number): Promise<void> {
  const { dir, name, ext } = parse(path)
  const aside = (await files.list(dir)).flatMap((entry) => asideOf(entry, name, ext) ?? [])
  aside.sort((a, b) => (a.time === b.time ? a.counter - b.counter : a.time < b.time ? -1 : 1))
  for (const { entry } of aside.slice(0, Math.max(0, aside.length - keep))) await files.remove(join(dir, entry))
}

interface Aside {
  readonly entry: string
  readonly time: string
  readonly counter: number
}

function asideOf(entry: string, name: string, ext: string): Aside | undefined {
  if (!entry.startsWith(`${name}-`) || !entry.endsWith(ext)) return undefined
  const middle = entry.slice(name.length + 1, entry.length - ext.length)
  const [, time, counter = '0'] = new RegExp(`^(${TIMESTAMP})(?:-(\\d+))?$`).exec(middle) ?? []
  return time === undefined ? undefined : { entry: basename(entry), time, counter: Number(counter) }
}

/** The file of one of several workers: `NAME.SUFFIX.EXT`. */
export function pathOfWorker(path: string, suffix: string | undefined): string {
  if (suffix === undefined) return path
  const { dir, name, ext } = parse(path)
  return join(dir, `${name}.${suffix}${ext}`)
}
