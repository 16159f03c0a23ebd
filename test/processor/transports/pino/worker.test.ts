import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { open } from '../../../../processor/open.ts'
import { CANARY, leaks, OPENING } from '../canaries.ts'
import { Backend } from './backend.ts'
import { configured, ended, PINOS, read } from './programs.ts'

const { mail, token, card } = CANARY
const { folder, config } = configured()
/** A record that is too large is what a stranger can send. */
const small = configured(undefined, { limits: { record: '1KiB' } })

let files = 0
function newFile(): string {
  files += 1
  return join(folder, `out-${files}`)
}

describe.each(PINOS)('the transport with $version', ({ pino, target }) => {
  let backend: Backend
  let url: string
  beforeEach(async () => {
    backend = new Backend()
    url = await backend.start()
  })
  afterEach(() => backend.stop())

  test('sends OTLP: level, time, message, ids, and all else as attributes', async () => {
    const transport = pino.transport({
      target,
      options: {
        config,
        nestedKey: 'payload',
        otlp: { url, headers: { a: 'b' }, resource: { 'service.name': 'shop', owner: mail } },
      },
    })
    const logger = pino(
      {
        messageKey: 'text',
        errorKey: 'fault',
        nestedKey: 'payload',
        customLevels: { audit: 35 },
        base: { owner: token },
      },
      transport,
    )
    logger.info({ to: mail, trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), n: 5 }, `of ${mail}`)
    logger.audit('x')
    logger.error(new Error(`no ${mail}`))
    await backend.received(3)
    await ended(transport)
    expect(leaks(backend.text)).toEqual([])
    const [first, second, third] = backend.records()
    expect(first).toMatchObject({
      severityNumber: 9,
      severityText: 'INFO',
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
    })
    expect(Math.abs(Number(first?.timeUnixNano) / 1e6 - Date.now())).toBeLessThan(600_000)
    expect(first?.body.stringValue).toMatch(/^of \{"protected"|^of \[sealed:email:/)
    expect(first?.attributes.map(({ key }) => key)).toEqual(expect.arrayContaining(['owner', 'to', 'n']))
    expect(second).toMatchObject({ severityNumber: 9, severityText: 'AUDIT', body: { stringValue: 'x' } })
    expect(third?.severityText).toBe('ERROR')
    expect(third?.attributes.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['exception.type', 'exception.message', 'exception.stacktrace']),
    )
    for (const body of backend.bodies) {
      const opened = open(body, 'otlp-json', OPENING)
      expect(opened.unopened).toBe(0)
      expect(opened.bytes.toString()).toContain(mail)
    }
  })

  test('comes before pino-opentelemetry-transport, which receives nothing in the clear', async () => {
    const transport = pino.transport({
      pipeline: [
        { target, options: { config } },
        {
          target: 'pino-opentelemetry-transport',
          options: {
            logRecordProcessorOptions: [
              {
                recordProcessorType: 'simple',
                exporterOptions: { protocol: 'http/json', httpExporterOptions: { url } },
              },
            ],
            loggerName: 'x',
            serviceVersion: '1',
          },
        },
      ],
    })
    const logger = pino(transport)
    for (let n = 0; n < 20; n += 1) logger.info({ n, to: mail, pan: Number(card) }, `of ${token}`)
    logger.error(new Error(mail, { cause: new Error(token) }))
    expect(await backend.received(21)).toHaveLength(21)
    await ended(transport)
    expect(leaks(backend.text)).toEqual([])
    const opened = Buffer.concat(backend.bodies.map((body) => open(body, 'otlp-json', OPENING).bytes)).toString()
    for (const planted of [mail, token, card]) expect(opened).toContain(planted)
  })

  test('takes lines that are no JSON for texts', async () => {
    const file = newFile()
    const transport = pino.transport({ target, options: { config, destination: file } })
    pino(transport)
    transport.write(`plain ${mail}\n"${token}"\n[1, "${mail}"]\nnull\n\n{"msg":"${mail}"}\nthe end of ${token}`)
    await ended(transport)
    expect(leaks(read(file))).toEqual([])
    expect(read(file).trimEnd().split('\n')).toHaveLength(6)
    expect(read(file)).toContain('\nnull\n')
  })

  test('fails where a line cannot be sealed, and says so in the main thread', async () => {
    const file = newFile()
    const transport = pino.transport({ target, options: { config: small.config, destination: file } })
    const failed = once(transport, 'error')
    pino(transport).info({ long: 'x'.repeat(2000), to: mail })
    const [error] = await failed
    expect(error.message).toMatch(/^FIELDSEAL_INPUT_TOO_LARGE: /)
    expect(leaks(`${error.stack}`)).toEqual([])
    expect(leaks(read(file))).toEqual([])
  })

  test.each(['a file', 'the next target'])(
    'leaves such a line out with `drop`, counts it, and goes on to %s',
    async (way) => {
      const file = newFile()
      const options = { config: small.config, onFailure: 'drop' }
      const transport =
        way === 'a file'
          ? pino.transport({ target, options: { ...options, destination: file } })
          : pino.transport({
              pipeline: [
                { target, options: { ...options } as object },
                { target: 'pino/file', options: { destination: file } },
              ],
            })
      const told: { dropped: number }[] = []
      transport.on('fieldseal', (stats: { dropped: number }) => told.push(stats))
      const logger = pino(transport)
      logger.info(token)
      logger.info({ long: 'x'.repeat(2000), to: mail })
      transport.write(`{"broken": "${mail}\n`)
      logger.info('x')
      await ended(transport)
      expect(leaks(read(file))).toEqual([])
      expect(read(file).trimEnd().split('\n')).toHaveLength(2)
      expect(told.at(-1)).toEqual({
        sealed: 1,
        passed: 1,
        dropped: 2,
        failed: { FIELDSEAL_INPUT_TOO_LARGE: 1, FIELDSEAL_INPUT_MALFORMED: 1 },
      })
    },
  )

  test.each([
    ['no configuration', { config: join(folder, 'none.yaml') }, /^FIELDSEAL_CONFIG_UNREADABLE: /],
    ['no backend that is one', { config, otlp: { url: 'x' } }, /^FIELDSEAL_CONFIG_INVALID: /],
    ['no file that can be made', { config, destination: '/dev/null/x' }, /^FIELDSEAL_OUTPUT_FAILED: .*ENOTDIR/],
  ])('fails with %s', async (_, options, message) => {
    const transport = pino.transport({ target, options })
    const failed = once(transport, 'error')
    pino(transport).info(mail)
    expect((await failed)[0].message).toMatch(message)
  })

  test('counts what a backend has not taken, and neither ends nor keeps it', async () => {
    backend.answer = (response) => response.writeHead(400).end()
    const transport = pino.transport({ target, options: { config, otlp: { url } } })
    const logger = pino(transport)
    const counted = new Promise<void>((done) => {
      transport.on('fieldseal', ({ dropped }: { dropped: number }) => dropped === 10 && done())
    })
    for (let n = 0; n < 10; n += 1) logger.info(mail)
    await counted
    await ended(transport)
  })

  test('flushes what was logged when it is asked to', async () => {
    const file = newFile()
    const transport = pino.transport({ target, options: { config, destination: file } })
    const logger = pino(transport)
    for (let n = 0; n < 100; n += 1) logger.info(mail)
    await new Promise<void>((done, failed) => logger.flush((error) => (error ? failed(error) : done())))
    // pino 9 calls back once the worker has the lines.
    await ended(transport)
    expect(read(file).trimEnd().split('\n')).toHaveLength(100)
  })

  test('whose worker is killed ends no program, keeps no lines and leaks none', async () => {
    const file = newFile()
    const transport = pino.transport({ target, options: { config, destination: file } })
    const logger = pino(transport)
    await once(transport, 'ready')
    let errors = 0
    transport.on('error', () => {
      errors += 1
    })
    const lines = (): number => (existsSync(file) ? read(file).split('\n').length - 1 : 0)
    for (let n = 0; n < 1000; n += 1) logger.info({ n, to: mail })
    while (lines() < 1000) await setTimeout(10)
    for (let n = 0; n < 1000; n += 1) logger.info({ n, to: mail })
    const closed = new Promise((done) => transport.once('close', done))
    await (transport as typeof transport & { readonly worker: Worker }).worker.terminate()
    await closed
    const before = process.memoryUsage()
    for (let n = 0; n < 50_000; n += 1) logger.info({ n, to: mail, rest: 'x'.repeat(1000) })
    const after = process.memoryUsage()
    expect(errors).toBeGreaterThan(0)
    // 50 MB were logged.
    expect(after.rss + after.external - before.rss - before.external).toBeLessThan(40e6)
    expect(lines()).toBeGreaterThanOrEqual(1000)
    expect(leaks(read(file))).toEqual([])
  })
})
