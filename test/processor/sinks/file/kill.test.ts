import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { jsonBatch } from '../suite.ts'
import { asideIn, bodiesOf, openSink } from './fixtures.ts'

const PROGRAM = join(import.meta.dirname, 'writing-process.ts')

/** Starts the program that writes, kills it after so many acknowledgements, and returns the numbers acknowledged. */
async function writeAndKill(path: string, size: number, start: number, acknowledgements: number): Promise<number[]> {
  const child = spawn(process.execPath, [PROGRAM, path, String(size), String(start)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  let killed = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    if (killed || printed.split('\n').length <= acknowledgements) return
    killed = true
    child.kill('SIGKILL')
  })
  const [, signal] = await once(child, 'close')
  expect(signal).toBe('SIGKILL')
  return printed.split('\n').slice(0, -1).map(Number)
}

it.each([
  ['one file', 1 << 30],
  ['files that are put aside all the time', 100_000],
])('has every line that was acknowledged before a kill, once and whole, in %s', async (_, size) => {
  const folder = temporaryFolder()
  const path = join(folder, 'out.jsonl')
  const acknowledged: number[] = []
  for (let round = 1; round <= 12; round += 1) {
    acknowledged.push(...(await writeAndKill(path, size, round * 1_000_000, 5 + round * 17)))
  }
  // What a kill has torn is cut off when a sink starts.
  const sink = await openSink(path, { rotate: { size: 1 << 30 } })
  expect(await sink.send(jsonBatch('0:'))).toMatchObject({ outcome: 'accepted' })

  const texts = [...asideIn(folder), path].flatMap(bodiesOf)
  for (const text of texts) {
    const [number, filling] = text.split(':')
    expect(filling?.length).toBe((Number(number) * 7919) % 60_000)
  }
  const written = new Set(texts.map((text) => Number.parseInt(text, 10)))
  expect(written.size).toBe(texts.length)
  expect(acknowledged.filter((number) => !written.has(number))).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(500)
})
