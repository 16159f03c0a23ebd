import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import { until } from '../suite.ts'
import { Logs } from './fixtures.ts'

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `{"n":${from + index},"at":${1e12 + from + index}}\n`).join('')

/** More than a fingerprint is taken of. */
const MANY = 100

/** A pipeline that refuses for as long as it is told to. */
function gate(logs: Logs) {
  const state = { open: true }
  logs.deliver = async ({ bytes }) => {
    if (!state.open) return refused(new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'down'), 5)
    logs.taken += bytes.toString()
    return accepted()
  }
  return state
}

describe('a file that is renamed', () => {
  test('is read to its end, and the new one from its beginning', async () => {
    const logs = new Logs()
    logs.append('one\n')
    const { counts } = await logs.start()
    await logs.until('one\n')
    logs.append('two\n')
    renameSync(logs.path(), logs.path('app.log.1'))
    logs.append('three\n', 'app.log.1')
    logs.append('four\n')
    await until(() => logs.taken.length >= 'one\ntwo\nthree\nfour\n'.length)
    expect(logs.taken.split('\n').sort()).toEqual(['', 'four', 'one', 'three', 'two'])
    await until(() => counts().files === 1)
  })

  test('is read on as long as it is written to', async () => {
    const logs = new Logs()
    logs.append('one\n')
    await logs.start({ rotate_wait: '300ms' })
    await logs.until('one\n')
    renameSync(logs.path(), logs.path('app.log.1'))
    logs.append('new\n')
    await logs.until('new\n')
    logs.append('late\n', 'app.log.1')
    await logs.until('late\n')
  })

  test('is not read twice where its new name is looked for, too', async () => {
    const logs = new Logs()
    logs.append(lines(0, MANY))
    await logs.start({ include: [logs.path('app.log*')] })
    await logs.until(lines(0, MANY))
    renameSync(logs.path(), logs.path('app.log.1'))
    logs.append('new\n')
    await logs.until('new\n')
    logs.append('late\n', 'app.log.1')
    await logs.until('late\n')
    expect(logs.taken).toBe(`${lines(0, MANY)}new\nlate\n`)
  })

  test('has its last line passed on, though that has no line break', async () => {
    const logs = new Logs()
    logs.append('one\nlast')
    await logs.start()
    await logs.until('one\n')
    renameSync(logs.path(), logs.path('app.log.1'))
    await logs.until('last')
    expect(logs.taken).toBe('one\nlast')
  })

  test.each([true, false])(
    'while nobody reads is found, and the new one is read (its new name is looked for: %s)',
    async (named) => {
      const logs = new Logs()
      const given = named ? { include: [logs.path('app.log*')] } : {}
      logs.append(lines(0, MANY))
      const { stop } = await logs.start(given)
      await logs.until(lines(0, MANY))
      await stop()
      logs.append('two\n')
      renameSync(logs.path(), logs.path('app.log.1'))
      logs.append('three\n')
      await logs.start(given)
      await logs.until('two\n')
      await logs.until('three\n')
      expect(logs.taken.split('\n').sort()).toEqual(`${lines(0, MANY)}two\nthree\n`.split('\n').sort())
      expect(logs.events('gap-suspected')).toEqual([])
    },
  )

  test('and deleted is read to its end', async () => {
    const logs = new Logs()
    const state = gate(logs)
    logs.append('one\n')
    const { counts } = await logs.start()
    await logs.until('one\n')
    state.open = false
    logs.append('two\n')
    unlinkSync(logs.path())
    logs.append('three\n')
    state.open = true
    await until(() => logs.taken.length >= 'one\ntwo\nthree\n'.length)
    expect(logs.taken.split('\n').sort()).toEqual(['', 'one', 'three', 'two'])
    await until(() => counts().files === 1)
  })

  test('and deleted while nobody reads is a gap that is suspected', async () => {
    const logs = new Logs()
    logs.append(lines(0, MANY))
    const { stop } = await logs.start()
    await logs.until(lines(0, MANY))
    await stop()
    logs.append('two\n')
    // As long as it has a name, its inode is not used again.
    mkdirSync(logs.path('elsewhere'))
    linkSync(logs.path(), logs.path('elsewhere/app.log'))
    unlinkSync(logs.path())
    logs.append('three\n')
    const { counts } = await logs.start()
    await logs.until('three\n')
    expect(logs.events('gap-suspected')).toHaveLength(1)
    expect(counts()).toMatchObject({ gaps_suspected: 1 })
  })
})

describe('a file that is copied and emptied', () => {
  test('is read from its beginning', async () => {
    const logs = new Logs()
    logs.append(lines(0, MANY))
    const { counts } = await logs.start()
    await logs.until(lines(0, MANY))
    truncateSync(logs.path())
    logs.append('new\n')
    await logs.until('new\n')
    expect(logs.taken).toBe(`${lines(0, MANY)}new\n`)
    expect(logs.events('file-replaced')[0]).toContain('"copy":false')
    expect(counts()).toMatchObject({ gaps_suspected: 1 })
  })

  test('is read from its beginning when it has become longer than it was, too', async () => {
    const logs = new Logs()
    logs.append(lines(0, 10))
    await logs.start()
    await logs.until(lines(0, 10))
    writeFileSync(logs.path(), lines(1000, 1200))
    await logs.until(lines(1000, 1200))
    expect(logs.taken).toBe(`${lines(0, 10)}${lines(1000, 1200)}`)
  })

  test.each([
    ['beside it', {}],
    ['among those that are looked for', { include: 'app.log*' }],
  ])('is read on in its copy, %s', async (_, { include }: { include?: string }) => {
    const logs = new Logs()
    const state = gate(logs)
    logs.append(lines(0, MANY))
    await logs.start(include === undefined ? {} : { include: [logs.path(include)] })
    await logs.until(lines(0, MANY))
    state.open = false
    logs.append(lines(MANY, 2 * MANY))
    copyFileSync(logs.path(), logs.path('app.log.1'))
    truncateSync(logs.path())
    logs.append('new\n')
    state.open = true
    await logs.until(lines(2 * MANY - 1, 2 * MANY))
    await logs.until('new\n')
    expect(logs.taken.split('\n').sort()).toEqual(`${lines(0, 2 * MANY)}new\n`.split('\n').sort())
    expect(logs.events('gap-suspected')).toEqual([])
  })

  test('while nobody reads is read on in its copy', async () => {
    const logs = new Logs()
    logs.append(lines(0, MANY))
    const { stop } = await logs.start()
    await logs.until(lines(0, MANY))
    await stop()
    logs.append(lines(MANY, 2 * MANY))
    copyFileSync(logs.path(), logs.path('app.log.1'))
    truncateSync(logs.path())
    logs.append('new\n')
    await logs.start()
    await logs.until(lines(MANY, 2 * MANY))
    await logs.until('new\n')
    expect(logs.taken.split('\n').sort()).toEqual(`${lines(0, 2 * MANY)}new\n`.split('\n').sort())
    expect(logs.events('gap-suspected')).toEqual([])
  })

  test('before anything of it was passed on is read in its copy', async () => {
    const logs = new Logs()
    const state = gate(logs)
    state.open = false
    logs.append(lines(0, MANY))
    await logs.start()
    await new Promise((resolve) => setTimeout(resolve, 30))
    copyFileSync(logs.path(), logs.path('app.log.1'))
    truncateSync(logs.path())
    logs.append('new\n')
    state.open = true
    await logs.until('new\n')
    await logs.until(lines(0, MANY))
  })

  test('twice while a sink is away is read on in both copies', async () => {
    const logs = new Logs()
    const state = gate(logs)
    logs.append(lines(0, MANY))
    await logs.start()
    await logs.until(lines(0, MANY))
    state.open = false
    for (const copy of [1, 2]) {
      logs.append(lines(copy * MANY, (copy + 1) * MANY))
      // A look for files comes each second, and takes notice of what is there.
      await new Promise((resolve) => setTimeout(resolve, 1800))
      copyFileSync(logs.path(), logs.path(`app.log.${copy}`))
      truncateSync(logs.path())
    }
    logs.append(lines(3 * MANY, 4 * MANY))
    state.open = true
    for (const part of [1, 2, 3]) await logs.until(lines(part * MANY, (part + 1) * MANY))
    expect(logs.events('gap-suspected')).toEqual([])
    expect(logs.events('file-replaced')).toHaveLength(2)
  })

  test('under load is read on in each copy: no line is lost', async () => {
    const logs = new Logs()
    const deliver = logs.deliver
    logs.deliver = async (batch) => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      return deliver(batch)
    }
    const { counts } = await logs.start({ batch: '8KiB' })
    let written = 0
    for (let copy = 1; copy <= 10; copy += 1) {
      for (let burst = 0; burst < 20; burst += 1) {
        logs.append(lines(written, written + 20))
        written += 20
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      copyFileSync(logs.path(), logs.path(`app.log.${copy}`))
      truncateSync(logs.path())
    }
    const missing = () => {
      const seen = new Set(logs.taken.split('\n').map((line) => (line === '' ? -1 : JSON.parse(line).n)))
      return Array.from({ length: written }, (_, number) => number).filter((number) => !seen.has(number))
    }
    await until(() => missing().length === 0)
    expect(counts()).toMatchObject({ gaps_suspected: 0 })
    expect(logs.events('file-replaced').every((event) => event.includes('"copy":true'))).toBe(true)
    // Those that were read before are not read in the copy again, but for the batch that was under way.
    expect(logs.taken.split('\n').length).toBeLessThan(written * 1.5)
  })

  test('has a copy that is not read while it is being made', async () => {
    const logs = new Logs()
    logs.append(lines(0, MANY))
    await logs.start({ include: [logs.path('app.log*')] })
    await logs.until(lines(0, MANY))
    const all = readFileSync(logs.path(), 'utf8')
    logs.append(all.slice(0, 1500), 'app.log.1')
    await new Promise((resolve) => setTimeout(resolve, 1200))
    logs.append(all.slice(1500), 'app.log.1')
    truncateSync(logs.path())
    logs.append('new\n')
    await logs.until('new\n')
    expect(logs.taken).toBe(`${lines(0, MANY)}new\n`)
  })

  test('is read behind the NULs that a program leaves that does not append', async () => {
    const logs = new Logs()
    logs.append(lines(0, MANY))
    await logs.start()
    await logs.until(lines(0, MANY))
    truncateSync(logs.path())
    // As the system fills the hole that a write behind the end leaves.
    truncateSync(logs.path(), 1_000_000)
    logs.append('{"behind":1}\n')
    await logs.until('{"behind":1}\n')
    expect(logs.taken.replaceAll(' ', '')).toBe(`${lines(0, MANY)}{"behind":1}\n`)
    expect(logs.events('line-left-out')).toEqual([])
  })
})

describe('which file is meant', () => {
  test('a new file with the inode of an old one is read from its beginning', async () => {
    const logs = new Logs()
    logs.append(lines(0, MANY))
    const { stop } = await logs.start()
    await logs.until(lines(0, MANY))
    await stop()
    // The same inode, other bytes.
    writeFileSync(logs.path(), lines(500, 500 + 2 * MANY))
    await logs.start()
    await logs.until(lines(500, 500 + 2 * MANY))
  })

  test('one that was moved to another disk is not read twice', async () => {
    const logs = new Logs()
    logs.append(lines(0, MANY))
    const { stop } = await logs.start()
    await logs.until(lines(0, MANY))
    await stop()
    copyFileSync(logs.path(), logs.path('other'))
    rmSync(logs.path())
    renameSync(logs.path('other'), logs.path())
    logs.append('more\n')
    await logs.start()
    await logs.until('more\n')
    expect(logs.taken).toBe(`${lines(0, MANY)}more\n`)
  })

  test('files that begin alike are read from their beginning, each', async () => {
    const logs = new Logs()
    const banner = `${'='.repeat(3000)}\n`
    logs.append(banner, 'a.log')
    await logs.start({ include: [logs.path('*.log')] })
    await logs.until(banner)
    logs.append(`${banner}b\n`, 'b.log')
    await logs.until('b\n')
    expect(logs.taken).toBe(`${banner}${banner}b\n`)
  })

  test('a new file that begins as the renamed one is read at once', async () => {
    const logs = new Logs()
    const banner = `${'='.repeat(3000)}\n`
    logs.append(`${banner}old\n`)
    await logs.start({ rotate_wait: '1h' })
    await logs.until('old\n')
    renameSync(logs.path(), logs.path('app.log.1'))
    logs.append(`${banner}new\n`)
    await logs.until('new\n')
  })

  test('one file with several names is read once', async () => {
    const logs = new Logs()
    logs.append('one\n', 'real.log')
    symlinkSync(logs.path('real.log'), logs.path('link.log'))
    linkSync(logs.path('real.log'), logs.path('hard.log'))
    await logs.start({ include: [logs.path('*.log')] })
    await logs.until('one\n')
    logs.append('two\n', 'real.log')
    await logs.until('two\n')
    expect(logs.taken).toBe('one\ntwo\n')
  })

  test('a link that leads to another file leaves the old one read to its end', async () => {
    const logs = new Logs()
    logs.append('one\n', 'first')
    symlinkSync(logs.path('first'), logs.path('app.log'))
    await logs.start()
    await logs.until('one\n')
    logs.append('two\n', 'first')
    logs.append('three\n', 'second')
    symlinkSync(logs.path('second'), logs.path('next'))
    renameSync(logs.path('next'), logs.path('app.log'))
    await logs.until('two\n')
    await logs.until('three\n')
  })
})
