import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { jsonBatch, sinkContext } from '../suite.ts'
import { bodiesOf, openSink } from './fixtures.ts'

/** A disk of 1 MiB; undefined where this machine lets nobody mount one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    rmdirSync(folder)
    return undefined
  }
}

const disk = smallDisk()

afterAll(() => {
  if (disk === undefined) return
  execFileSync('umount', [disk])
  rmdirSync(disk)
})

describe.skipIf(disk === undefined)('the file sink on a real disk of 1 MiB (needs the right to mount one)', () => {
  const folder = disk as string

  it('refuses what does not fit, keeps whole lines, and goes on by itself when there is room again', async () => {
    const path = join(folder, 'out.jsonl')
    const ballast = join(folder, 'ballast')
    writeFileSync(ballast, Buffer.alloc(512 * 1024))
    const context = sinkContext()
    const sink = await openSink(path, {}, {}, context)
    const accepted: string[] = []
    const fill = async () => {
      for (let number = 0; ; number += 1) {
        const text = `${number}:${'x'.repeat(30_000)}`
        const settlement = await sink.send(jsonBatch(text))
        if (settlement.outcome === 'refused') return settlement.error
        accepted.push(text)
      }
    }
    const error = await fill()
    expect(error).toMatchObject({ code: 'FIELDSEAL_SINK_UNAVAILABLE', retryable: true })
    expect(accepted.length).toBeGreaterThan(10)
    expect(bodiesOf(path)).toEqual(accepted)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await sink.send(jsonBatch('y'.repeat(40_000)))).toMatchObject({ outcome: 'refused' })
    }
    expect(bodiesOf(path)).toEqual(accepted)

    rmSync(ballast)
    expect(await sink.send(jsonBatch('after'))).toMatchObject({ outcome: 'accepted' })
    expect(bodiesOf(path)).toEqual([...accepted, 'after'])
    expect(context.lines.map(({ event }) => event)).toEqual(['sink-failed', 'sink-recovered'])
    expect(sink.status()).toMatchObject({ healthy: true })
    rmSync(path)
  })

  it('starts on a disk that is full', async () => {
    const ballast = join(folder, 'ballast')
    try {
      writeFileSync(ballast, Buffer.alloc(2 << 20))
    } catch {
      // It fills what there is.
    }
    const path = join(folder, 'late.jsonl')
    const sink = await openSink(path)
    expect(await sink.send(jsonBatch('x'.repeat(5000)))).toMatchObject({ outcome: 'refused' })
    rmSync(ballast)
    expect(await sink.send(jsonBatch('a'))).toMatchObject({ outcome: 'accepted' })
    expect(bodiesOf(path)).toEqual(['a'])
  })
})
