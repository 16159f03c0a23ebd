import { existsSync, readdirSync, renameSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { jsonBatch } from '../suite.ts'
import { FaultyFiles } from './faulty-files.ts'
import { asideIn, bodiesOf, openSink } from './fixtures.ts'

const START = Date.UTC(2026, 10, 24, 18, 30, 5, 123)
const LINE = jsonBatch('1').bytes.length + 1

/** A clock that stands still until it is set. */
function clock() {
  const time = { now: START }
  return { time, now: () => time.now }
}

function place() {
  const folder = temporaryFolder()
  return { folder, path: join(folder, 'out.jsonl') }
}

describe('a file that would become too large', () => {
  it('is put aside under a name with the time, and has a number where that name is taken', async () => {
    const { folder, path } = place()
    const { now } = clock()
    const sink = await openSink(path, { rotate: { size: LINE } }, { now })
    for (const text of ['1', '2', '3']) await sink.send(jsonBatch(text))
    expect(bodiesOf(path)).toEqual(['3'])
    expect(asideIn(folder).map((file) => [basename(file), bodiesOf(file)])).toEqual([
      ['out-2026-11-24T18-30-05.123Z-1.jsonl', ['2']],
      ['out-2026-11-24T18-30-05.123Z.jsonl', ['1']],
    ])
  })

  it('may have as many bytes as it is allowed, and not one more', async () => {
    for (const [size, counts] of [
      [3 * LINE, [3, 3, 3]],
      [3 * LINE - 1, [2, 2, 2, 2, 1]],
      [3 * LINE + 1, [3, 3, 3]],
    ] as const) {
      const { folder, path } = place()
      const { time, now } = clock()
      const sink = await openSink(path, { rotate: { size } }, { now })
      for (let number = 1; number <= 9; number += 1) {
        time.now += 1
        await sink.send(jsonBatch(String(number)))
      }
      const files = [...asideIn(folder), path]
      expect(files.map((file) => bodiesOf(file).length)).toEqual(counts)
      for (const file of files) expect(statSync(file).size).toBeLessThanOrEqual(size)
      expect(files.flatMap(bodiesOf)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
    }
  })

  it('takes of batches that come together only those that fit', async () => {
    for (const [size, counts] of [
      [3 * LINE, [1, 3, 3]],
      [3 * LINE - 1, [1, 2, 2, 2]],
    ] as const) {
      const { folder, path } = place()
      const sink = await openSink(path, { rotate: { size } })
      const texts = ['1', '2', '3', '4', '5', '6', '7']
      const settlements = await Promise.all(texts.map((text) => sink.send(jsonBatch(text))))
      expect(settlements.every(({ outcome }) => outcome === 'accepted')).toBe(true)
      const files = readdirSync(folder).map((name) => bodiesOf(join(folder, name)).length)
      expect(files.sort((a, b) => a - b)).toEqual(counts)
      expect(bodiesOf(path)).toEqual(['7'])
    }
  })

  it('leaves a line that is larger than a file may be a file for itself', async () => {
    const { folder, path } = place()
    const { time, now } = clock()
    const sink = await openSink(path, { rotate: { size: 2 * LINE } }, { now })
    const large = 'x'.repeat(1000)
    for (const text of ['1', large, large, '2', '3']) {
      time.now += 1
      expect(await sink.send(jsonBatch(text))).toMatchObject({ outcome: 'accepted' })
    }
    expect([...asideIn(folder), path].map(bodiesOf)).toEqual([['1'], [large], [large], ['2', '3']])
  })

  it('is found again after a loss of power: its folder is synced when it is made, and when it is put aside', async () => {
    const { path } = place()
    const files = new FaultyFiles()
    const sink = await openSink(path, { rotate: { size: LINE } }, { files })
    expect(files.calls).toEqual(['state', 'open', 'syncFolder'])
    await sink.send(jsonBatch('1'))
    files.calls.length = 0
    await sink.send(jsonBatch('2'))
    const after = files.calls.filter((call) => call !== 'state')
    expect(after).toEqual(['rename', 'syncFolder', 'open', 'syncFolder', 'append', 'datasync'])
  })
})

describe('files that were put aside', () => {
  it('are deleted, the oldest first, where only some are to be kept', async () => {
    const { folder, path } = place()
    const { time, now } = clock()
    const sink = await openSink(path, { rotate: { size: 1, keep: 2 } }, { now })
    for (let number = 1; number <= 6; number += 1) {
      // Two of them have one time, and so a number.
      if (number % 2 === 0) time.now += 1
      await sink.send(jsonBatch(String(number)))
    }
    expect(bodiesOf(path)).toEqual(['6'])
    expect(asideIn(folder).flatMap(bodiesOf).sort()).toEqual(['4', '5'])
  })

  it('are told from all other files in the folder', async () => {
    const others = [
      'out-2026-11-24T18-30-05.123Z.jsonl.gz',
      'out-2026-11-24.jsonl',
      'out-notes.jsonl',
      'out-2020-01-01T00-00-00.000Z-x.jsonl',
      'out-2020-01-01T00-00-00.000Z.json',
      'about-2020-01-01T00-00-00.000Z.jsonl',
      'out.0-2020-01-01T00-00-00.000Z.jsonl',
      'out-out-2020-01-01T00-00-00.000Z.jsonl',
    ]
    const folder = temporaryFolder(
      Object.fromEntries([...others, 'out-2020-01-01T00-00-00.000Z.jsonl'].map((name) => [name, ''])),
    )
    const sink = await openSink(join(folder, 'out.jsonl'), { rotate: { size: 1, keep: 1 } })
    for (let number = 1; number <= 4; number += 1) await sink.send(jsonBatch(String(number)))
    const left = readdirSync(folder)
    expect(left).toEqual(expect.arrayContaining(others))
    expect(left).not.toContain('out-2020-01-01T00-00-00.000Z.jsonl')
    expect(left).toHaveLength(others.length + 2)
  })

  it('are no reason to refuse a batch where they cannot be deleted', async () => {
    const { path } = place()
    const files = new FaultyFiles().fails('remove').fails('list')
    const sink = await openSink(path, { rotate: { size: 1, keep: 1 } }, { files })
    for (const text of ['1', '2', '3']) expect(await sink.send(jsonBatch(text))).toMatchObject({ outcome: 'accepted' })
  })
})

describe('a file that is old', () => {
  it('is put aside before the next write', async () => {
    const { folder, path } = place()
    const { time, now } = clock()
    const sink = await openSink(path, { rotate: { age: 60_000 } }, { now })
    await sink.send(jsonBatch('1'))
    time.now += 59_999
    await sink.send(jsonBatch('2'))
    expect(asideIn(folder)).toEqual([])
    time.now += 1
    await sink.send(jsonBatch('3'))
    expect(asideIn(folder).map(bodiesOf)).toEqual([['1', '2']])
    expect(bodiesOf(path)).toEqual(['3'])
    time.now += 59_999
    await sink.send(jsonBatch('4'))
    expect(bodiesOf(path)).toEqual(['3', '4'])
  })

  it('keeps its age when the service starts again', async () => {
    const { folder, path } = place()
    const rotate = { age: 3_600_000 }
    const first = await openSink(path, { rotate })
    await first.send(jsonBatch('1'))
    await first.close()
    // The system knows when the file was made; the clock of the second sink is an hour ahead of that.
    const second = await openSink(path, { rotate }, { now: () => Date.now() + 3_600_000 })
    await second.send(jsonBatch('2'))
    expect(bodiesOf(path)).toEqual(['2'])
    expect(asideIn(folder).map(bodiesOf)).toEqual([['1']])
  })

  it('is put aside also where nothing is written to it any more', async () => {
    const { folder, path } = place()
    const sink = await openSink(path, { rotate: { age: 20 } })
    await sink.send(jsonBatch('1'))
    await vi.waitFor(() => expect(asideIn(folder).map(bodiesOf)).toEqual([['1']]), { timeout: 60_000 })
    // An empty file is not put aside, however old it is.
    await vi.waitFor(() => expect(bodiesOf(path)).toEqual([]), { timeout: 60_000 })
    await sink.send(jsonBatch('2'))
    await vi.waitFor(() => expect(asideIn(folder).map(bodiesOf)).toEqual([['1'], ['2']]), { timeout: 60_000 })
  })
})

describe('a file that others move', () => {
  it('is made anew within a second after it was moved away (logrotate)', async () => {
    const { folder, path } = place()
    const { time, now } = clock()
    const sink = await openSink(path, {}, { now })
    await sink.send(jsonBatch('1'))
    const moved = join(folder, 'out.jsonl.1')
    renameSync(path, moved)
    time.now += 999
    await sink.send(jsonBatch('2'))
    expect(bodiesOf(moved)).toEqual(['1', '2'])
    expect(existsSync(path)).toBe(false)
    time.now += 1
    await sink.send(jsonBatch('3'))
    expect(bodiesOf(moved)).toEqual(['1', '2'])
    expect(bodiesOf(path)).toEqual(['3'])
  })

  it('is made anew after it was deleted, and taken as it is where another one has its name', async () => {
    const { path } = place()
    const { time, now } = clock()
    const sink = await openSink(path, {}, { now })
    await sink.send(jsonBatch('1'))
    unlinkSync(path)
    time.now += 1000
    await sink.send(jsonBatch('2'))
    expect(bodiesOf(path)).toEqual(['2'])
    const other = join(path, '..', 'other')
    writeFileSync(other, `${jsonBatch('theirs').bytes}\n`)
    renameSync(other, path)
    time.now += 1000
    await sink.send(jsonBatch('3'))
    expect(bodiesOf(path)).toEqual(['theirs', '3'])
  })

  it('begins at nothing where it was copied and emptied (copytruncate)', async () => {
    const { folder, path } = place()
    const { time, now } = clock()
    const sink = await openSink(path, { rotate: { size: 3 * LINE } }, { now })
    for (const text of ['1', '2', '3']) await sink.send(jsonBatch(text))
    truncateSync(path, 0)
    time.now += 1000
    for (const text of ['4', '5', '6']) await sink.send(jsonBatch(text))
    expect(bodiesOf(path)).toEqual(['4', '5', '6'])
    expect(asideIn(folder)).toEqual([])
  })

  it('is not put aside where another one has its name', async () => {
    const { folder, path } = place()
    const { now } = clock()
    const sink = await openSink(path, { rotate: { size: LINE } }, { now })
    await sink.send(jsonBatch('1'))
    renameSync(path, join(folder, 'moved'))
    writeFileSync(path, '')
    await sink.send(jsonBatch('2'))
    expect(asideIn(folder)).toEqual([])
    expect(bodiesOf(path)).toEqual(['2'])
  })
})
