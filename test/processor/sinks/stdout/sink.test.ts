import { expect, test } from 'vitest'
import type { LineStream } from '../../../../processor/sinks/stdout/line-stream.ts'
import type { StdoutSinkSettings } from '../../../../processor/sinks/stdout/settings.ts'
import { createStdoutSink } from '../../../../processor/sinks/stdout/sink.ts'
import { WholeWrites } from '../../../../processor/sinks/stdout/whole-writes.ts'
import { jsonBatch, outgoing, type SinkDriver, sinkContext, testSink } from '../suite.ts'

/** A stream in memory that takes what it is given, or half of it and then fails. */
class MemoryStream implements LineStream {
  text = ''
  error: NodeJS.ErrnoException | undefined

  async write(bytes: Buffer): Promise<void> {
    // In two parts, as a pipe takes them: others could write in between.
    const half = bytes.length >> 1
    this.text += bytes.toString('utf8', 0, half)
    await new Promise((resolve) => setImmediate(resolve))
    if (this.error !== undefined) throw this.error
    this.text += bytes.toString('utf8', half)
  }
}

const settings = (more: Partial<StdoutSinkSettings> = {}): StdoutSinkSettings => ({
  type: 'stdout',
  format: 'otlp_json',
  required: true,
  ...more,
})

const failing = (code: string) => Object.assign(new Error('of the system'), { code })

async function open(): Promise<SinkDriver> {
  let text = ''
  let fails = false
  const writes = new WholeWrites({
    async write(bytes) {
      if (fails) throw failing('ENOSPC')
      text += bytes
    },
  })
  return {
    create: (context, { required = true } = {}) => createStdoutSink(settings({ required }), context, () => writes),
    received: async () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => Buffer.from(line)),
    refuse: () => {
      fails = true
    },
    recover: () => {
      fails = false
    },
    says: 'of the system',
    close: async () => {},
  }
}

testSink('stdout', open)

async function started(stream: LineStream, more: Partial<StdoutSinkSettings> = {}) {
  const context = sinkContext()
  const sink = createStdoutSink(settings(more), context, () => new WholeWrites(stream))
  await sink.start()
  return { sink, context }
}

test('lines go out as they are, and OTLP as a line for each record', async () => {
  const stream = new MemoryStream()
  const { sink } = await started(stream, { format: 'json_lines' })
  for (const text of ['{"a":1}\na text\r\n', '\n\n', 'no end'])
    await sink.send(outgoing(Buffer.from(text), 'json-lines'))
  expect(stream.text).toBe('{"a":1}\na text\r\n\n\nno end\n')
  stream.text = ''
  await sink.send(jsonBatch('hello'))
  expect(JSON.parse(stream.text)).toMatchObject({ message: 'hello' })
  expect(stream.text.endsWith('}\n')).toBe(true)
})

test('lines go out as OTLP requests, one a line, where that is wanted', async () => {
  const stream = new MemoryStream()
  const { sink } = await started(stream)
  await sink.send(outgoing(Buffer.from('{"msg":"one","n":1}\ntwo\n'), 'json-lines'))
  expect(stream.text.split('\n')).toHaveLength(2)
  const { logRecords } = JSON.parse(stream.text).resourceLogs[0].scopeLogs[0]
  expect(logRecords.map((record: { body: unknown }) => record.body)).toEqual([
    { stringValue: 'one' },
    { stringValue: 'two' },
  ])
})

test('a batch without records is accepted, and makes no line', async () => {
  const stream = new MemoryStream()
  const { sink } = await started(stream, { format: 'json_lines' })
  expect(await sink.send(outgoing(Buffer.from('{}'), 'otlp-json'))).toMatchObject({ outcome: 'accepted' })
  expect(stream.text).toBe('')
})

test('two sinks of one process write whole lines', async () => {
  const stream = new MemoryStream()
  const writes = new WholeWrites(stream)
  const sinks = [0, 1].map(() => createStdoutSink(settings({ format: 'json_lines' }), sinkContext(), () => writes))
  await Promise.all(sinks.map((sink) => sink.start()))
  const line = (index: number) => `${index}:${String(index % 10).repeat(1000)}`
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => sinks[index % 2]!.send(outgoing(Buffer.from(line(index)), 'text'))),
  )
  expect(stream.text.split('\n').sort()).toEqual(['', ...Array.from({ length: 40 }, (_, index) => line(index))].sort())
})

test('what a failed write has torn is ended before the next line', async () => {
  const stream = new MemoryStream()
  const { sink } = await started(stream, { format: 'json_lines' })
  stream.error = failing('ENOSPC')
  expect(await sink.send(outgoing(Buffer.from('torn'), 'text'))).toMatchObject({
    outcome: 'refused',
    error: { code: 'FIELDSEAL_SINK_UNAVAILABLE', retryable: true, message: expect.stringContaining('ENOSPC') },
  })
  stream.error = undefined
  await sink.send(outgoing(Buffer.from('whole'), 'text'))
  expect(stream.text).toBe('to\nwhole\n')
})

test('what another worker has torn is ended, too', async () => {
  const stream = new MemoryStream()
  const writes = new WholeWrites(stream)
  await writes.write([Buffer.from('line')], (act) => act(true))
  expect(stream.text).toBe('\nline\n')
})

test.each(['EPIPE', 'ECONNRESET'])(
  'once nobody reads any more (%s) it says so, and writes nothing more',
  async (code) => {
    const stream = new MemoryStream()
    const { sink, context } = await started(stream, { format: 'json_lines' })
    let gone: unknown
    void sink.gone?.then((error) => {
      gone = error
    })
    stream.error = failing(code)
    const settlement = await sink.send(outgoing(Buffer.from('one'), 'text'))
    expect(settlement).toMatchObject({
      outcome: 'refused',
      error: { code: 'FIELDSEAL_OUTPUT_CLOSED', retryable: false, exit: 74 },
    })
    expect(gone).toMatchObject({ code: 'FIELDSEAL_OUTPUT_CLOSED' })
    stream.error = undefined
    expect(await sink.send(outgoing(Buffer.from('two'), 'text'))).toMatchObject({ outcome: 'refused' })
    expect(stream.text).not.toContain('tw')
    expect(sink.status()).toMatchObject({ healthy: false, lastError: 'FIELDSEAL_OUTPUT_CLOSED' })
    expect(context.lines.map(({ event }) => event)).toEqual(['sink-failed'])
  },
)

test('where nobody reads for now, batches wait', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { sink } = await started({ write: () => promise }, { format: 'json_lines' })
  let settled = false
  const sent = sink.send(outgoing(Buffer.from('one'), 'text')).then((settlement) => {
    settled = true
    return settlement
  })
  await new Promise((resolved) => setImmediate(resolved))
  expect([settled, sink.status().sending]).toEqual([false, 1])
  resolve()
  expect(await sent).toMatchObject({ outcome: 'accepted' })
})
