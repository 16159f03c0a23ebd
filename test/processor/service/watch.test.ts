import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { FileWatch } from '../../../processor/service/watch.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'

/** Watches files of a folder; `next` resolves with the next change that is reported. */
function watching(folder: string, names: readonly string[], pollMs?: number) {
  let report = () => {}
  let reports = 0
  const watch = new FileWatch(
    names.map((name) => join(folder, name)),
    () => {
      reports += 1
      report()
    },
    pollMs,
  )
  onTestFinished(() => watch.close())
  return {
    watch,
    reports: () => reports,
    next: () => new Promise<void>((resolve) => (report = resolve)),
  }
}

describe('a watch on files', () => {
  test.each<[string, (file: string) => void]>([
    ['is written to', (file) => appendFileSync(file, '!')],
    ['is written with as many bytes', (file) => writeFileSync(file, 'two')],
    [
      'is replaced',
      (file) => {
        writeFileSync(`${file}.new`, 'one')
        renameSync(`${file}.new`, file)
      },
    ],
    ['is removed', (file) => rmSync(file)],
    ['may be read by others', (file) => chmodSync(file, 0o600)],
  ])('says so when one of them %s', async (_, change) => {
    const folder = temporaryFolder({ a: 'one', b: 'other' })
    const { next, reports } = watching(folder, ['a', 'b'])
    const changed = next()
    change(join(folder, 'a'))
    await changed
    expect(reports()).toBe(1)
  })

  test('says so when one comes into being', async () => {
    const folder = temporaryFolder()
    const { next } = watching(folder, ['a'])
    const changed = next()
    writeFileSync(join(folder, 'a'), '')
    await changed
  })

  test('sees what Kubernetes does to a ConfigMap: all files change by one link', async () => {
    const folder = temporaryFolder({
      '..1/config.yaml': 'a',
      '..1/rules.yaml': 'b',
      '..2/config.yaml': 'a',
      '..2/rules.yaml': 'b',
    })
    symlinkSync('..1', join(folder, '..data'))
    for (const name of ['config.yaml', 'rules.yaml']) symlinkSync(join('..data', name), join(folder, name))
    const { next, reports } = watching(folder, ['config.yaml', 'rules.yaml'])
    const changed = next()
    symlinkSync('..2', join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
    await changed
    expect(reports()).toBe(1)
  })

  test('sees what is not reported, by looking from time to time', async () => {
    const folder = temporaryFolder({ 'elsewhere/a': 'one' })
    symlinkSync(join('elsewhere', 'a'), join(folder, 'a'))
    const { next } = watching(folder, ['a'], 20)
    const changed = next()
    writeFileSync(join(folder, 'elsewhere', 'a'), 'two')
    await changed
  })

  test('does not mind other files of the folder', async () => {
    const folder = temporaryFolder({ a: 'one' })
    const { reports } = watching(folder, ['a'], 20)
    const other = watching(folder, ['other'], 20)
    const changed = other.next()
    writeFileSync(join(folder, 'other'), 'x')
    await changed
    expect([reports(), other.reports()]).toEqual([0, 1])
  })

  test('waits for folders that are not there', async () => {
    const folder = temporaryFolder()
    const { next } = watching(folder, ['later/a'], 20)
    const changed = next()
    mkdirSync(join(folder, 'later'))
    writeFileSync(join(folder, 'later', 'a'), '')
    await changed
  })

  test('reports what is written in pieces once it is at rest', async () => {
    const folder = temporaryFolder({ a: 'one' })
    const { next, reports } = watching(folder, ['a'])
    const changed = next()
    for (let piece = 0; piece < 20; piece += 1) {
      appendFileSync(join(folder, 'a'), 'piece')
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    await changed
    expect(reports()).toBe(1)
  })

  test('watches other files when it is told, and loses no change of those that stay', async () => {
    const folder = temporaryFolder({ a: 'one', b: 'one' })
    const { watch, next } = watching(folder, ['a'])
    const changed = next()
    writeFileSync(join(folder, 'a'), 'two')
    watch.watch([join(folder, 'a'), join(folder, 'b')])
    await changed
    const again = next()
    writeFileSync(join(folder, 'b'), 'two')
    await again
    const once = next()
    watch.watch([join(folder, 'b')])
    utimesSync(join(folder, 'a'), 1, 1)
    utimesSync(join(folder, 'b'), 1, 1)
    await once
  })

  test('is quiet once it is closed', async () => {
    const folder = temporaryFolder({ a: 'one' })
    const { watch, reports } = watching(folder, ['a'], 10)
    const other = watching(folder, ['a'], 10)
    writeFileSync(join(folder, 'a'), 'two')
    watch.close()
    await other.next()
    expect(reports()).toBe(0)
  })
})
