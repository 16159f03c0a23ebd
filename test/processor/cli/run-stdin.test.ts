import { once } from 'node:events'
import { appendFileSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { until } from '../sources/suite.ts'
import { folderWith, line, many, masked, run } from './run-process.ts'

const PIPE = 'sources: {in: {type: stdin}}\nsinks: {out: {type: stdout}}\n'
describe('standard input to standard output', () => {
  test('passes on all lines, masked, and ends with 0 at the end of the input', async () => {
    const child = run(folderWith(PIPE))
    const [out, log] = [text(child.stdout!), text(child.stderr!)]
    child.stdin!.end(`${many(line, 5000)}last jane@example.com`)
    const [code] = await once(child, 'close')
    expect(await out).toBe(`${many(masked, 5000)}last ****\n`)
    expect(code).toBe(0)
    const events = (await log)
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).event)
    expect(events).toEqual(['started', 'ended', 'draining', 'stopped'])
  })

  test('takes files as well as pipes', async () => {
    const folder = folderWith(PIPE)
    appendFileSync(join(folder, 'in'), many(line, 100))
    const child = run(folder, openSync(join(folder, 'in'), 'r'), openSync(join(folder, 'out'), 'a'))
    expect(await once(child, 'close')).toEqual([0, null])
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(many(masked, 100))
  })

  test('waits for a reader, without end and in little memory', async () => {
    const child = run(folderWith('sources: {in: {type: stdin, batch: 64KiB}}\nsinks: {out: {type: stdout}}\n'))
    child.stdout!.pause()
    const all = many(line, 40_000)
    let taken = false
    child.stdin!.end(all, () => {
      taken = true
    })
    await once(child.stderr!, 'data')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect([taken, child.exitCode]).toEqual([false, null])
    expect((await text(child.stdout!)).length).toBe(many(masked, 40_000).length)
    expect(child.exitCode ?? (await once(child, 'close'))[0]).toBe(0)
  })

  test('stops with a code of its own when nobody reads its output any more', async () => {
    const child = run(folderWith(PIPE))
    const log = text(child.stderr!)
    child.stdout!.destroy()
    child.stdin!.on('error', () => {})
    child.stdin!.write(many(line, 100))
    const [code] = await once(child, 'exit')
    expect(code).toBe(74)
    expect(await log).toContain('"code":"FIELDSEAL_OUTPUT_CLOSED"')
  })

  test('refuses what is compressed, and says so', async () => {
    const child = run(folderWith(PIPE))
    const [out, log] = [text(child.stdout!), text(child.stderr!)]
    child.stdin!.on('error', () => {})
    child.stdin!.end(Buffer.concat([Buffer.from([0x1f, 0x8b, 0x08]), Buffer.alloc(100)]))
    expect(await once(child, 'close')).toEqual([65, null])
    expect(await out).toBe('')
    expect(await log).toContain('gzip')
  })

  test('finishes what it has read when it is told to stop', async () => {
    const child = run(folderWith(PIPE))
    const out = text(child.stdout!)
    const log = text(child.stderr!)
    child.stdin!.write(many(line, 10))
    let passed = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      passed += chunk
    })
    await until(() => passed.length > 0)
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
    expect(await out).toBe(many(masked, 10))
    expect(await log).not.toContain('lines-lost')
  })
})
