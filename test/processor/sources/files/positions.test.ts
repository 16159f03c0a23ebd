import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Lock } from '../../../../processor/sources/files/lock.ts'
import { filesSource } from '../../../../processor/sources/files/source.ts'
import { sourceContext, until } from '../suite.ts'
import { filesSettings, Logs } from './fixtures.ts'

const CANARY = 'canary-7f3a91'

async function positionsOf(text: string): Promise<{ logs: Logs; path: string }> {
  const logs = new Logs()
  logs.append(text)
  const { stop } = await logs.start()
  await logs.until(text)
  await stop()
  return { logs, path: logs.path('positions.json') }
}

describe('the position file', () => {
  test('goes on where the last source was, and has no record in it, in no form', async () => {
    const { logs, path } = await positionsOf(`${CANARY}\n`)
    const text = readFileSync(path, 'latin1')
    for (const encoding of ['utf8', 'hex', 'base64', 'utf16le'] as const)
      expect(text).not.toContain(Buffer.from(CANARY).toString(encoding).replace(/=+$/, '').slice(0, 16))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(JSON.parse(text)).toMatchObject({ version: 1, files: [{ path: logs.path(), offset: CANARY.length + 1 }] })
    logs.append('two\n')
    await logs.start()
    await logs.until('two\n')
    expect(logs.taken).toBe(`${CANARY}\ntwo\n`)
  })

  test('has a key of its own each time it is made, so that equal files have no equal fingerprints', async () => {
    const [one, other] = await Promise.all([positionsOf('same\n'), positionsOf('same\n')])
    const macs = [one, other].map(({ path }) => JSON.parse(readFileSync(path, 'utf8')).files[0].head.mac)
    expect(macs[0]).not.toBe(macs[1])
    expect(macs[0]).toMatch(/^[A-Za-z0-9+/]{43}=$/)
  })

  test('moves only once lines are accepted', async () => {
    const logs = new Logs()
    const deliver = logs.deliver
    let attempts = 0
    logs.deliver = () => {
      attempts += 1
      return new Promise(() => {})
    }
    logs.append('one\n')
    const { source } = await logs.start()
    await until(() => attempts === 1)
    await source.close()
    logs.deliver = deliver
    await logs.start()
    await logs.until('one\n')
  })

  test.each([
    ['not JSON', '{"version":1,'],
    ['of another version', '{"version":2,"key":"","files":[]}'],
    ['without its fields', '{"version":1,"key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","files":[{}]}'],
    ['empty', ''],
    ['zeros', '\0'.repeat(500)],
  ])('that is damaged (%s) is put aside and told of, and files are begun as start says', async (_, text) => {
    const { logs, path } = await positionsOf('one\n')
    writeFileSync(path, text)
    const { stop } = await logs.start()
    await until(() => logs.taken === 'one\none\n')
    expect(logs.events('positions-damaged')[0]).toContain('FIELDSEAL_POSITIONS_FAILED')
    expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(text)
    await stop()
    writeFileSync(path, text)
    logs.append('two\n')
    const { stop: stopAgain } = await logs.start({ start: 'end' })
    await stopAgain()
    expect(logs.taken).toBe('one\none\n')
  })

  test('that is missing is told of', async () => {
    const { logs, path } = await positionsOf('one\n')
    expect(logs.events('positions-missing')).toHaveLength(1)
    rmSync(path)
    await logs.start()
    await until(() => logs.taken === 'one\none\n')
    expect(logs.events('positions-missing')).toHaveLength(2)
  })

  test('is one that belongs to one source: the second is refused, whoever runs it', async () => {
    const logs = new Logs()
    const { stop } = await logs.start()
    await expect(logs.start()).rejects.toMatchObject({ code: 'FIELDSEAL_POSITIONS_FAILED' })
    await stop()
    const { stop: stopAgain } = await logs.start()
    await stopAgain()
  })

  test('cannot be in a folder that is not there', async () => {
    const logs = new Logs()
    await expect(logs.start({ positions: logs.path('no/such') })).rejects.toMatchObject({
      code: 'FIELDSEAL_POSITIONS_FAILED',
    })
  })

  test('that cannot be written is told of once, and stops nothing', async () => {
    const logs = new Logs()
    const context = sourceContext((batch) => logs.deliver(batch))
    const source = filesSource(filesSettings(logs.folder), context)
    await source.start()
    // What it is made in before it gets its name cannot be opened now.
    mkdirSync(logs.path('positions.json.new'))
    const events = () => context.lines.map(([event]) => event).filter((event) => event.startsWith('positions-'))
    logs.append('one\n')
    await logs.until('one\n')
    await until(() => events().includes('positions-failed'))
    logs.append('two\n')
    await logs.until('two\n')
    rmSync(logs.path('positions.json.new'), { recursive: true })
    await until(() => events().includes('positions-recovered'))
    expect(events()).toEqual(['positions-missing', 'positions-failed', 'positions-recovered'])
    await source.drain()
    await source.close()
    const restarted = await logs.start()
    await restarted.stop()
    expect(logs.taken).toBe('one\ntwo\n')
  })
})

test('the lock of a process that was killed is free', async () => {
  const logs = new Logs()
  const path = logs.path('lock')
  const lock = join(import.meta.dirname, '../../../../processor/sources/files/lock.ts')
  const program = `import(${JSON.stringify(lock)}).then(({ Lock }) => {
    globalThis.lock = Lock.take(${JSON.stringify(path)})
    process.stdout.write(String(globalThis.lock !== undefined))
    setInterval(() => {}, 1000)
  })`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [printed] = await once(child.stdout, 'data')
  expect(String(printed)).toBe('true')
  expect(Lock.take(path)).toBeUndefined()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const taken = Lock.take(path)
  expect(taken).toBeDefined()
  expect(Lock.take(path)).toBeUndefined()
  taken?.release()
  expect(statSync(path)).toMatchObject({ size: 0 })
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
