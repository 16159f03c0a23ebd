import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WORKLOADS } from '../../../../bench/workloads/index.ts'
import { createFileSink } from '../../../../processor/sinks/file/sink.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { decodedJson } from '../../formats/otlp-full-messages.ts'
import { jsonBatch, outgoing, sinkContext, testSink } from '../suite.ts'
import { FaultyFiles } from './faulty-files.ts'
import { bodiesOf, fileSettings, linesOf, openSink } from './fixtures.ts'

testSink('the file sink', async () => {
  const files = new FaultyFiles()
  const path = join(temporaryFolder(), 'out.jsonl')
  return {
    create: (context, options = {}) => createFileSink(fileSettings(path, options), context, { files, now: Date.now }),
    received: async () => linesOf(path).map((line) => Buffer.from(line)),
    refuse: () => void files.fails('append', 'ENOSPC'),
    recover: () => files.mend(),
    says: 'canary-path',
    close: async () => {},
  }
})

describe('the file sink', () => {
  it('makes the file with mode 0600, whatever the umask lets through', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const before = process.umask(0)
    try {
      await openSink(path)
    } finally {
      process.umask(before)
    }
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('writes protobuf and JSON as one line of JSON each', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const sink = await openSink(path)
    const { bytes } = WORKLOADS.W2.batch(1, 5)
    const pretty = JSON.stringify(JSON.parse(jsonBatch('line\nbreak').bytes.toString()), undefined, 2)
    expect(await sink.send(outgoing(bytes, 'otlp-protobuf'))).toMatchObject({ outcome: 'accepted' })
    expect(await sink.send(outgoing(Buffer.from(pretty), 'otlp-json'))).toMatchObject({ outcome: 'accepted' })
    const [first, second, ...others] = linesOf(path)
    expect(JSON.parse(first as string)).toEqual(decodedJson(bytes))
    expect(second).toBe(jsonBatch('line\nbreak').bytes.toString())
    expect(others).toEqual([])
  })

  it('goes on behind what is in the file', async () => {
    const path = join(temporaryFolder({ 'out.jsonl': '{"resourceLogs":[]}\n' }), 'out.jsonl')
    const sink = await openSink(path)
    await sink.send(jsonBatch('a'))
    expect(linesOf(path)).toEqual(['{"resourceLogs":[]}', jsonBatch('a').bytes.toString()])
  })

  it('refuses a batch that has no JSON form, and is not ill for that', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const sink = await openSink(path)
    const broken = await sink.send(outgoing(Buffer.from([0x0a, 0x7f]), 'otlp-protobuf'))
    expect(broken).toMatchObject({ outcome: 'refused', error: { code: 'FIELDSEAL_INPUT_MALFORMED' } })
    expect(sink.status()).toEqual({ healthy: true, sending: 0 })
    expect(linesOf(path)).toEqual([])
  })

  it('writes and syncs batches together that came during the write before', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const files = new FaultyFiles()
    const sink = await openSink(path, {}, { files })
    let open = () => {}
    files.gate = new Promise((resolve) => {
      open = resolve
    })
    const first = sink.send(jsonBatch('first'))
    // The first write has begun, and waits.
    while (files.count('open') === 0) await new Promise(setImmediate)
    await new Promise(setImmediate)
    const others = Array.from({ length: 300 }, (_, index) => sink.send(jsonBatch(String(index))))
    expect(files.count('datasync')).toBe(0)
    open()
    await Promise.all([first, ...others])
    expect(files.count('append')).toBe(2)
    expect(files.count('datasync')).toBe(2)
    expect(bodiesOf(path)).toEqual(['first', ...Array.from({ length: 300 }, (_, index) => String(index))])
  })

  it('syncs before it accepts, and not at all where it is told not to', async () => {
    const files = new FaultyFiles()
    const folder = temporaryFolder()
    const synced = await openSink(join(folder, 'synced.jsonl'), {}, { files })
    await synced.send(jsonBatch('a'))
    expect(files.calls.slice(-2)).toEqual(['append', 'datasync'])
    const other = await openSink(join(folder, 'other.jsonl'), { sync: false }, { files })
    await other.send(jsonBatch('b'))
    expect(files.count('datasync')).toBe(1)
    expect(bodiesOf(join(folder, 'other.jsonl'))).toEqual(['b'])
  })

  it('takes more batches at once than one call writes, in their order', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const sink = await openSink(path)
    const texts = Array.from({ length: 1800 }, (_, index) => `${index}`)
    await Promise.all(texts.map((text) => sink.send(jsonBatch(text))))
    expect(bodiesOf(path)).toEqual(texts)
  })

  it('takes more bytes at once than it makes lines of beforehand', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const sink = await openSink(path, { sync: false })
    const texts = Array.from({ length: 30 }, (_, index) => `${index}:${'x'.repeat(1 << 20)}`)
    const settlements = await Promise.all(texts.map((text) => sink.send(jsonBatch(text))))
    expect(settlements.every(({ outcome }) => outcome === 'accepted')).toBe(true)
    expect(bodiesOf(path)).toEqual(texts)
  })

  it('has a file of its own in each worker', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'out.jsonl')
    for (const suffix of ['0', '1']) {
      const sink = await openSink(path, {}, {}, { ...sinkContext(), suffix })
      await sink.send(jsonBatch(suffix))
      expect(bodiesOf(join(folder, `out.${suffix}.jsonl`))).toEqual([suffix])
    }
  })

  it('shares the file with a sink that takes its place while it finishes', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const before = await openSink(path, { rotate: { size: 1 << 20 } })
    const sends = Array.from({ length: 50 }, (_, index) => before.send(jsonBatch(`old ${index}`)))
    const after = await openSink(path, { rotate: { size: 2 << 20 } })
    sends.push(...Array.from({ length: 50 }, (_, index) => after.send(jsonBatch(`new ${index}`))))
    await before.close()
    sends.push(after.send(jsonBatch('last')))
    for (const settlement of await Promise.all(sends)) expect(settlement).toMatchObject({ outcome: 'accepted' })
    expect(bodiesOf(path)).toHaveLength(101)
    expect(new Set(bodiesOf(path)).size).toBe(101)
  })

  it('does not take for torn what another sink of the process is just writing to the file', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const files = new FaultyFiles()
    const before = await openSink(path, {}, { files })
    let open = () => {}
    files.waitsHalfway = true
    files.gate = new Promise((resolve) => {
      open = resolve
    })
    const first = before.send(jsonBatch('first'))
    while (files.count('append') === 0) await new Promise(setImmediate)
    const after = openSink(path, {}, { files })
    // It has looked at the folder by then, and has to wait.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
    open()
    expect(await first).toMatchObject({ outcome: 'accepted' })
    expect(await (await after).send(jsonBatch('second'))).toMatchObject({ outcome: 'accepted' })
    expect(bodiesOf(path)).toEqual(['first', 'second'])
  })
})

describe('the file sink at its start', () => {
  const starting = async (path: string) => createFileSink(fileSettings(path), sinkContext('archive')).start()
  const INVALID = { code: 'FIELDSEAL_CONFIG_INVALID', message: expect.stringContaining('sink archive') }

  it('refuses a folder that is not there, or is none', async () => {
    const folder = temporaryFolder({ file: '' })
    const missing = starting(join(folder, 'canary', 'out.jsonl'))
    await expect(missing).rejects.toMatchObject(INVALID)
    // The operator knows the path; a message that is sent to a client does not tell it.
    await expect(missing).rejects.not.toMatchObject({ message: expect.stringContaining('canary') })
    await expect(starting(join(folder, 'file', 'out.jsonl'))).rejects.toMatchObject(INVALID)
  })

  it('refuses what is no regular file: a folder, a pipe, a device', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'folder'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    symlinkSync('/dev/null', join(folder, 'device'))
    for (const name of ['folder', 'pipe', 'device']) {
      await expect(starting(join(folder, name))).rejects.toMatchObject(INVALID)
    }
  })

  it('cuts off a last line that is torn, however long it is', async () => {
    const whole = '{"resourceLogs":[]}\n'
    for (const torn of ['{', '{"resourceLogs":[{', `{${'x'.repeat(65_535)}`, `{${'x'.repeat(200_000)}`, '\0\0\0']) {
      for (const before of ['', whole, whole.repeat(9000)]) {
        const path = join(temporaryFolder({ 'out.jsonl': before + torn }), 'out.jsonl')
        const sink = await openSink(path)
        expect(readFileSync(path, 'utf8') === before).toBe(true)
        await sink.send(jsonBatch('next'))
        expect(linesOf(path).at(-1)).toBe(jsonBatch('next').bytes.toString())
      }
    }
  })

  it('leaves a file alone that ends with what cannot be a torn line of its own', async () => {
    const path = join(temporaryFolder({ 'out.jsonl': '# notes\nnot a log' }), 'out.jsonl')
    await expect(starting(path)).rejects.toMatchObject(INVALID)
    expect(readFileSync(path, 'utf8')).toBe('# notes\nnot a log')
  })

  it('starts all the same where the disk is full, and takes batches once it is not', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const files = new FaultyFiles().fails('open', 'ENOSPC')
    const context = sinkContext()
    const sink = await openSink(path, {}, { files }, context)
    expect(sink.status()).toEqual({ healthy: false, sending: 0, lastError: 'FIELDSEAL_SINK_UNAVAILABLE' })
    expect(await sink.send(jsonBatch('a'))).toMatchObject({ outcome: 'refused', error: { retryable: true } })
    files.mend()
    expect(await sink.send(jsonBatch('b'))).toMatchObject({ outcome: 'accepted' })
    expect(bodiesOf(path)).toEqual(['b'])
    expect(context.lines.map(({ event }) => event)).toEqual(['sink-failed', 'sink-recovered'])
  })

  it('comes back when the folder does', async () => {
    const folder = join(temporaryFolder(), 'inner')
    mkdirSync(folder)
    let now = 1_790_000_000_000
    const sink = await openSink(join(folder, 'out.jsonl'), {}, { now: () => now })
    rmSync(folder, { recursive: true })
    now += 1000
    expect(await sink.send(jsonBatch('a'))).toMatchObject({ outcome: 'refused', error: { retryable: true } })
    mkdirSync(folder)
    expect(await sink.send(jsonBatch('b'))).toMatchObject({ outcome: 'accepted' })
    expect(bodiesOf(join(folder, 'out.jsonl'))).toEqual(['b'])
  })

  it('leaves bytes alone that others have appended since', async () => {
    const path = join(temporaryFolder(), 'out.jsonl')
    const sink = await openSink(path)
    writeFileSync(path, '')
    appendFileSync(path, '{"by":"others"}\n')
    await sink.send(jsonBatch('a'))
    expect(linesOf(path)).toEqual(['{"by":"others"}', jsonBatch('a').bytes.toString()])
  })
})
