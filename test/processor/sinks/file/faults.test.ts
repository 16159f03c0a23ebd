import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFileSink } from '../../../../processor/sinks/file/sink.ts'
import { temporaryFolder } from '../../config/temporary-folder.ts'
import { jsonBatch, sinkContext } from '../suite.ts'
import { type Call, type Fault, FaultyFiles } from './faulty-files.ts'
import { asideIn, bodiesOf, fileSettings, linesOf, openSink } from './fixtures.ts'

const UNAVAILABLE = { outcome: 'refused', error: { code: 'FIELDSEAL_SINK_UNAVAILABLE', retryable: true } }
const ACCEPTED = { outcome: 'accepted' }

function place() {
  const folder = temporaryFolder()
  return { folder, path: join(folder, 'out.jsonl'), files: new FaultyFiles() }
}

describe('the file sink, where the system fails', () => {
  it.each(['EIO', 'ENOSPC', 'short', 'torn'] as const)(
    'refuses a write that fails (%s), and leaves nothing of it',
    async (fault) => {
      const { path, files, folder } = place()
      const sink = await openSink(path, {}, { files })
      expect(await sink.send(jsonBatch('a'))).toMatchObject(ACCEPTED)
      files.fails('append', fault)
      const group = await Promise.all(['b', 'c', 'd'].map((text) => sink.send(jsonBatch(text))))
      for (const settlement of group) expect(settlement).toMatchObject(UNAVAILABLE)
      expect(bodiesOf(path)).toEqual(['a'])
      files.mend()
      expect(await sink.send(jsonBatch('e'))).toMatchObject(ACCEPTED)
      expect(bodiesOf(path)).toEqual(['a', 'e'])
      expect(asideIn(folder)).toEqual([])
    },
  )

  it('never syncs a file again whose fdatasync has failed: it is put aside, and another one takes its place', async () => {
    const { path, files, folder } = place()
    const sink = await openSink(path, {}, { files })
    await sink.send(jsonBatch('a'))
    files.fails('datasync')
    expect(await sink.send(jsonBatch('b'))).toMatchObject(UNAVAILABLE)
    files.mend()
    expect(files.count('open')).toBe(1)
    expect(await sink.send(jsonBatch('c'))).toMatchObject(ACCEPTED)
    expect(files.count('open')).toBe(2)
    expect(bodiesOf(path)).toEqual(['c'])
    expect(asideIn(folder).map(bodiesOf)).toEqual([['a']])
  })

  it('accepts nothing before such a file is put aside, however often that fails', async () => {
    const { path, files } = place()
    const sink = await openSink(path, {}, { files })
    await sink.send(jsonBatch('a'))
    files.fails('datasync').fails('rename')
    expect(await sink.send(jsonBatch('b'))).toMatchObject(UNAVAILABLE)
    files.faults.delete('datasync')
    for (const text of ['c', 'd']) expect(await sink.send(jsonBatch(text))).toMatchObject(UNAVAILABLE)
    expect(files.count('append')).toBe(2)
    files.mend()
    expect(await sink.send(jsonBatch('e'))).toMatchObject(ACCEPTED)
    expect(bodiesOf(path)).toEqual(['e'])
  })

  it('puts a file aside whose torn end cannot be cut off, and appends nothing to it', async () => {
    const { path, files, folder } = place()
    const sink = await openSink(path, {}, { files })
    await sink.send(jsonBatch('a'))
    files.fails('append', 'short').fails('truncate')
    expect(await sink.send(jsonBatch('b'))).toMatchObject(UNAVAILABLE)
    files.mend()
    expect(await sink.send(jsonBatch('c'))).toMatchObject(ACCEPTED)
    expect(bodiesOf(path)).toEqual(['c'])
    const [aside] = asideIn(folder)
    expect(readFileSync(aside as string, 'utf8').startsWith(`${jsonBatch('a').bytes}\n{`)).toBe(true)
  })

  it('does not make a file longer that others have emptied, when it takes back a failed write', async () => {
    const { path, files, folder } = place()
    const sink = await openSink(path, {}, { files })
    await sink.send(jsonBatch('a'.repeat(100)))
    truncateSync(path, 0)
    files.fails('append', 'short')
    expect(await sink.send(jsonBatch('b'))).toMatchObject(UNAVAILABLE)
    files.mend()
    expect(await sink.send(jsonBatch('c'))).toMatchObject(ACCEPTED)
    expect(bodiesOf(path)).toEqual(['c'])
    expect(readFileSync(asideIn(folder)[0] as string).includes(0)).toBe(false)
  })

  it('refuses a batch whose new file is not sure to be found again', async () => {
    const { path, files } = place()
    const sink = await openSink(path, { rotate: { size: 1 } }, { files })
    expect(await sink.send(jsonBatch('a'))).toMatchObject(ACCEPTED)
    files.fails('syncFolder')
    expect(await sink.send(jsonBatch('b'))).toMatchObject(UNAVAILABLE)
    expect(await sink.send(jsonBatch('c'))).toMatchObject(UNAVAILABLE)
    files.mend()
    expect(await sink.send(jsonBatch('d'))).toMatchObject(ACCEPTED)
    expect(bodiesOf(path)).toEqual(['d'])
  })

  it('says which sink it is and the code of the system, and nothing of what the system says', async () => {
    const { path, files } = place()
    const context = sinkContext('archive')
    const sink = await openSink(path, {}, { files }, context)
    const messages: string[] = []
    for (const [call, fault] of [
      ['append', 'ENOSPC'],
      ['append', 'short'],
      ['datasync', 'EIO'],
    ] as const) {
      files.mend()
      files.fails(call, fault)
      const settlement = await sink.send(jsonBatch('a'))
      if (settlement.outcome === 'refused') messages.push(settlement.error.message)
    }
    expect(messages).toEqual([
      'sink archive: the file cannot be written: ENOSPC',
      'sink archive: the file cannot be written: a write was cut short',
      'sink archive: the file cannot be written: EIO',
    ])
    expect(context.lines).toHaveLength(1)
    expect(context.lines[0]?.fields).toMatchObject({ sink: 'archive', code: 'FIELDSEAL_SINK_UNAVAILABLE' })
  })

  it('has what it accepted, once and as whole lines, whatever fails and in whatever order', async () => {
    const calls: Call[] = ['open', 'append', 'datasync', 'truncate', 'rename', 'syncFolder', 'state', 'list', 'remove']
    const step = fc.record({
      faults: fc.dictionary(fc.constantFrom(...calls), fc.constantFrom<Fault>('EIO', 'ENOSPC', 'short', 'torn'), {
        maxKeys: 2,
      }),
      lengths: fc.array(fc.nat(300), { minLength: 1, maxLength: 6 }),
      restart: fc.boolean(),
      wait: fc.constantFrom(0, 0, 500, 1000),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.constantFrom(1, 400, 1 << 20), async (steps, size) => {
        const { path, files, folder } = place()
        let now = 1_790_000_000_000
        const open = () => {
          const parts = { files, now: () => now }
          return createFileSink(fileSettings(path, { rotate: { size } }), sinkContext(), parts)
        }
        let sink = open()
        await sink.start()
        const accepted: string[] = []
        let number = 0
        for (const { faults, lengths, restart, wait } of [
          ...steps,
          { faults: {}, lengths: [1], restart: true, wait: 0 },
        ]) {
          files.mend()
          if (restart) {
            await sink.close()
            sink = open()
            await sink.start()
          }
          now += wait
          for (const [call, fault] of Object.entries(faults)) files.fails(call as Call, fault)
          const sent = lengths.map(async (length) => {
            number += 1
            const text = `${number}:${'x'.repeat(length)}`
            const { outcome } = await sink.send(jsonBatch(text))
            if (outcome === 'accepted') accepted.push(text)
          })
          await Promise.all(sent)
        }
        files.mend()
        await sink.close()
        // What is put aside because it could not be mended may end with a torn line; no other file may.
        const aside = asideIn(folder).flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(0, -1))
        const lines = [...aside, ...linesOf(path)]
        const texts = lines.map((line) => JSON.parse(line).resourceLogs[0].scopeLogs[0].logRecords[0].body.stringValue)
        expect(accepted.length).toBeGreaterThan(0)
        for (const text of accepted) expect(texts.filter((one) => one === text)).toHaveLength(1)
        expect(new Set(texts).size).toBe(texts.length)
      }),
      { numRuns: 150 },
    )
  })

  it('is found out by the check above where a torn line is left', () => {
    const { path } = place()
    writeFileSync(path, '{"torn"')
    expect(() => linesOf(path)).toThrow('torn')
  })
})
