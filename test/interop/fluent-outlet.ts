import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Backend } from '../peers/backend.ts'
import { untilComplete } from '../peers/until-complete.ts'
import { type Arrived, differentNumbers } from './fluent-lines.ts'

/** Where a chain ends: texts that have come out of it, sealed. */
export interface Outlet {
  /** Grows with each of them. */
  readonly size: () => number
  readonly arrived: () => readonly Arrived[]
}

/** Waits until all of them are there. */
export function untilArrived(numbers: readonly number[], { size, arrived }: Outlet): Promise<void> {
  let complete = false
  let seen = 0
  return untilComplete(() => {
    const news = size()
    // Looked at only where there is something new: the programs share the processor with the test.
    if (news !== seen) {
      const there = differentNumbers(arrived())
      complete = numbers.every((number) => there.has(number))
    }
    seen = news
    return { complete, news }
  })
}

/** What comes from now on, in pieces of its own. */
export function since({ size, arrived }: Outlet): Outlet {
  const before = arrived().length
  return { size, arrived: () => arrived().slice(before) }
}

export function outletOf({ stored }: Backend): Outlet {
  return { size: () => stored.length, arrived: () => stored }
}

/** Files that are not there yet are empty. */
export function outletOfFiles(files: () => readonly string[], read: (text: string) => readonly Arrived[]): Outlet {
  const there = () => files().filter((file) => existsSync(file))
  return {
    size: () => there().reduce((sum, file) => sum + statSync(file).size, 0),
    arrived: () => there().flatMap((file) => read(readFileSync(file, 'utf8'))),
  }
}

/** What Fluentd's file output has written, or has still in its buffers: lines of time, tag and JSON. */
export function outletOfFluentd(folders: readonly string[]): Outlet {
  const files = () =>
    folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.log'))
        .map((name) => join(folder, name)),
    )
  return outletOfFiles(files, (text) => {
    const lines = Array.from(text.matchAll(/^[^\t\n]+\tapp[^\t\n]*\t(\{.*\})\n/gm), ([, json]) => `${json}\n`)
    return [{ format: 'json-lines', bytes: Buffer.from(lines.join('')) }]
  })
}
