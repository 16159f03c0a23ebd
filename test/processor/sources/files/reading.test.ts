import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { accepted, refused } from '../../../../processor/pipeline/settlement.ts'
import { filesSource } from '../../../../processor/sources/files/source.ts'
import { sourceContext, until } from '../suite.ts'
import { filesSettings, Logs } from './fixtures.ts'

describe('which files are read', () => {
  test('by patterns, without those that are excluded, and those that come later', async () => {
    const logs = new Logs()
    mkdirSync(logs.path('sub'))
    logs.append('a\n', 'a.log')
    logs.append('b\n', 'b.txt')
    logs.append('c\n', 'c.log')
    await logs.start({ include: [logs.path('**/*.log')], exclude: [logs.path('c*')] })
    logs.append('d\n', 'sub/d.log')
    await logs.until('a\n')
    await logs.until('d\n')
    expect(logs.taken.split('\n').sort()).toEqual(['', 'a', 'd'])
  })

  test('a file with the name of a pattern', async () => {
    const logs = new Logs()
    logs.append('one\n', 'app[1].log')
    await logs.start({ include: [logs.path('app[1].log')] })
    await logs.until('one\n')
  })

  test('what is no file, or no lines, is told of once, and costs the others nothing', async () => {
    const logs = new Logs()
    mkdirSync(logs.path('folder.log'))
    spawnSync('mkfifo', [logs.path('pipe.log')])
    writeFileSync(logs.path('old.log'), gzipSync('jane@example.com\n'))
    writeFileSync(logs.path('wide.log'), Buffer.from('\ufeffjane@example.com\n', 'utf16le'))
    logs.append('one\n', 'good.log')
    const { counts } = await logs.start({ include: [logs.path('*.log')] })
    logs.append('two\n', 'good.log')
    await logs.until('two\n')
    expect(logs.taken).toBe('one\ntwo\n')
    const skipped = logs.events('file-skipped').join('\n')
    for (const reason of ['no regular file', 'gzip', 'UTF-16']) expect(skipped).toContain(reason)
    expect(logs.events('file-skipped')).toHaveLength(4)
    expect(counts()).toMatchObject({ files: 1, files_skipped: 4 })
  })

  test.skipIf(process.getuid?.() === 0)('a file that cannot be read is read once it can', async () => {
    const logs = new Logs()
    logs.append('one\n')
    chmodSync(logs.path(), 0)
    await logs.start()
    expect(logs.events('file-skipped')[0]).toContain('EACCES')
    chmodSync(logs.path(), 0o600)
    await logs.until('one\n')
  })

  test('a hundred at once, each line once and in the order of its file', async () => {
    const logs = new Logs()
    await logs.start({ include: [logs.path('*.log')] })
    for (let line = 0; line < 20; line += 1)
      for (let file = 0; file < 100; file += 1) logs.append(`${file}:${line}\n`, `${file}.log`)
    await until(() => logs.taken.split('\n').length === 2001)
    for (let file = 0; file < 100; file += 1) {
      const own = logs.taken.split('\n').filter((line) => line.startsWith(`${file}:`))
      expect(own).toEqual(Array.from({ length: 20 }, (_, line) => `${file}:${line}`))
    }
  })

  test('no more than max_files are open; others are told of', async () => {
    const logs = new Logs()
    for (const name of ['a.log', 'b.log', 'c.log']) logs.append(`${name}\n`, name)
    const { counts } = await logs.start({ include: [logs.path('*.log')], max_files: 2 })
    await logs.until('a.log\n')
    await logs.until('b.log\n')
    expect(counts()).toMatchObject({ files: 2, files_skipped: 1 })
    // Two that are not written to any more make room.
    await logs.until('c.log\n')
    expect(logs.taken.split('\n').sort()).toEqual(['', 'a.log', 'b.log', 'c.log'])
    logs.append('again\n', 'a.log')
    await logs.until('again\n')
  })
})

describe('where a file is begun', () => {
  test('at its end, at the beginning of the line that is being written', async () => {
    const logs = new Logs()
    logs.append('old\nbegun ')
    const { stop } = await logs.start({ start: 'end' })
    logs.append('here\nnew\n')
    logs.append('later\n', 'app.log.1')
    await logs.until('new\n')
    expect(logs.taken).toBe('begun here\nnew\n')
    await stop()
    logs.append('between\n')
    await logs.start({ start: 'end' })
    await logs.until('between\n')
    expect(logs.taken).toBe('begun here\nnew\nbetween\n')
  })

  test('at its end, though that was never passed on', async () => {
    const logs = new Logs()
    logs.append('old\n')
    const { stop } = await logs.start({ start: 'end' })
    await stop()
    logs.append('new\n')
    await logs.start({ start: 'end' })
    await logs.until('new\n')
    expect(logs.taken).toBe('new\n')
  })

  test('at its beginning where it comes later', async () => {
    const logs = new Logs()
    await logs.start({ start: 'end' })
    logs.append('one\n')
    await logs.until('one\n')
  })
})

describe('a last line without a line break', () => {
  test('is passed on after a time, and again as a whole when it goes on', async () => {
    const logs = new Logs()
    logs.append('one\n{"mail":"jane@exa')
    const { stop } = await logs.start({ unfinished: '1s' })
    await logs.until('jane@exa')
    expect(logs.taken).toBe('one\n{"mail":"jane@exa')
    await stop()
    await logs.start({ unfinished: '1s' })
    logs.append('mple.com"}\n')
    await logs.until('mple.com"}\n')
    expect(logs.taken).toBe('one\n{"mail":"jane@exa{"mail":"jane@example.com"}\n')
  })

  test('is no bad line before it is finished', async () => {
    const logs = new Logs()
    logs.deliver = async ({ bytes }) => {
      if (!bytes.toString().endsWith('\n')) return refused(new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'half'))
      logs.taken += bytes.toString()
      return accepted()
    }
    logs.append('{"a":')
    await logs.start({ unfinished: '1s' })
    await new Promise((resolve) => setTimeout(resolve, 1300))
    logs.append('1}\n')
    await logs.until('{"a":1}\n')
    expect(logs.events('line-left-out')).toEqual([])
  })
})

test('a line that is longer than a batch, and not too long, is passed on', async () => {
  const logs = new Logs()
  const long = `${'x'.repeat(60_000)}\n`
  logs.append(`one\n${long}two\n`)
  await logs.start({ batch: '1000B' })
  await logs.until('two\n')
  expect(logs.taken).toBe(`one\n${long}two\n`)
})

test('of several workers the first one reads', async () => {
  const logs = new Logs()
  logs.append('one\n')
  const context = sourceContext(async () => accepted())
  const source = filesSource(filesSettings(logs.folder), { ...context, suffix: 'worker-2' })
  await source.start()
  expect(source.address).toBe('')
  await source.drain()
  await source.close()
})
