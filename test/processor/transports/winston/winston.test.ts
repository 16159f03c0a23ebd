import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import winston from 'winston'
import TransportStream from 'winston-transport'
import type { FieldsealError } from '../../../../processor/errors.ts'
import { open } from '../../../../processor/open.ts'
import { OtlpTransport, SealTransport, seal } from '../../../../processor/transports/winston/index.ts'
import { engineFor } from '../../engine/fixtures.ts'
import { CANARY, CANARY_RULES, canaryEngine, leaks, OPENING } from '../canaries.ts'
import { ended } from './sinks.ts'

const engine = canaryEngine()
const small = engineFor(CANARY_RULES, { limits: { record: 2000 } })
afterAll(() => {
  engine.close()
  small.close()
})
const { combine, splat, json } = winston.format

function lines(): { text: () => string; transport: winston.transport } {
  let text = ''
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk)
      setImmediate(done)
    },
  })
  return { text: () => text, transport: new winston.transports.Stream({ stream, eol: '\n' }) }
}

describe('a record that cannot be sealed', () => {
  const large = `${CANARY.mail} ${'x'.repeat(3000)}`

  test('is left out by the format, counted and told of, without its value', async () => {
    const { text, transport } = lines()
    const errors: FieldsealError[] = []
    const format = seal({ engine: small, onError: (error) => errors.push(error) })
    const logger = winston.createLogger({ format: combine(format, json()), transports: [transport] })
    logger.info(large)
    logger.info('small')
    await ended(logger)
    expect(text()).toBe('{"level":"info","message":"small"}\n')
    expect(format.stats()).toEqual({ sealed: 0, passed: 1, dropped: 1, failed: { FIELDSEAL_INPUT_TOO_LARGE: 1 } })
    expect(leaks(errors.map(({ message }) => message).join())).toEqual([])
    expect(errors).toHaveLength(1)
  })

  test('is thrown into the call where that is asked for, and left out by the transport', async () => {
    const { text, transport } = lines()
    const throwing = winston.createLogger({
      format: seal({ engine: small, onFailure: 'throw', onError: () => {} }),
      transports: [transport],
    })
    expect(() => throwing.info(large)).toThrow(expect.objectContaining({ code: 'FIELDSEAL_INPUT_TOO_LARGE' }))
    const other = lines()
    const sealing = new SealTransport({ engine: small, inner: other.transport, onError: () => {} })
    const logger = winston.createLogger({ transports: [sealing] })
    logger.info(large)
    logger.info(CANARY.mail.slice(0, 4))
    await ended(logger)
    expect(text() + other.text()).toBe('{"level":"info","message":"jane"}\n')
    expect(sealing.stats()).toMatchObject({ passed: 1, dropped: 1 })
  })
})

describe('seal() in the wrong place', () => {
  test.each([
    ['behind the line', () => combine(json(), SEAL()), 'already made a line'],
    ['before splat()', () => combine(SEAL(), splat(), json()), 'Put splat() before'],
  ])('%s says so once', (_, format, says) => {
    warnings = []
    const logger = winston.createLogger({ format: format(), transports: [lines().transport] })
    for (let i = 0; i < 3; i += 1) logger.info('of %s', CANARY.mail)
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'FIELDSEAL_MISPLACED', message: expect.stringContaining(says) }),
    ])
  })

  test('on a transport says so, and where it belongs nothing', () => {
    warnings = []
    const { transport } = lines()
    transport.format = combine(SEAL(), json())
    winston.createLogger({ format: winston.format.splat(), transports: [transport] }).info('x')
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('format of a transport')])
    warnings = []
    const right = combine(winston.format.errors({ stack: true }), splat(), SEAL(), json())
    const logger = winston.createLogger({ format: right, transports: [lines().transport] })
    logger.error(new Error('x'))
    logger.info('of %s', CANARY.mail)
    expect(warnings).toEqual([])
  })
})

let warnings: FieldsealError[] = []
const SEAL = () => seal({ engine, onError: (error) => warnings.push(error) })

test('the transport hands over all records to a slow one before it ends, and goes on with the level of the inner one', async () => {
  const got: string[] = []
  const transport = new TransportStream({
    level: 'warn',
    log(info, next) {
      setImmediate(() => {
        got.push(info.message)
        next()
      })
    },
  })
  const sealing = new SealTransport({ engine, inner: transport })
  const logger = winston.createLogger({ level: 'silly', transports: [sealing] })
  for (let i = 0; i < 10; i += 1) logger.warn(`${i} ${CANARY.mail}`)
  logger.info('below')
  await ended(logger)
  expect(got.map((text) => text.slice(0, 1)).join('')).toBe('0123456789')
  expect(leaks(got.join())).toEqual([])
  expect(sealing.level).toBe('warn')
})

test('objects with a method are transports as well', async () => {
  const got: string[] = []
  const inner = {
    log: (info: { message: string }, next: () => void) => {
      got.push(info.message)
      next()
    },
  }
  const logger = winston.createLogger({ transports: [new SealTransport({ engine, inner })] })
  logger.info(`of ${CANARY.mail}`)
  await ended(logger)
  expect(got).toEqual([expect.stringMatching(/^of \[sealed:email:/)])
})

describe('OtlpTransport', () => {
  test('sends what opens, in batches, and flushes at the end', async () => {
    const { url, bodies } = await backend(200)
    const transport = new OtlpTransport({
      engine,
      url,
      headers: { 'x-key': 'k' },
      compression: 'gzip',
      maxExportBatchSize: 2,
      resource: { owner: CANARY.owner },
    })
    const logger = winston.createLogger({ transports: [transport] })
    logger.info(`login of ${CANARY.mail}`, { token: CANARY.token })
    logger.error('failed', new Error(CANARY.mail, { cause: new Error(CANARY.card) }))
    logger.info('last')
    await ended(logger)
    const sent = bodies.map(({ body }) => body.toString()).join('\n')
    expect(leaks(sent)).toEqual([])
    expect(bodies).toHaveLength(2)
    expect(bodies[0]?.key).toBe('k')
    const opened = bodies.map(({ body }) => open(body, 'otlp-json', OPENING).bytes.toString()).join('\n')
    for (const value of Object.values(CANARY)) expect(opened).toContain(value)
    expect(opened).toContain('exception.stacktrace')
    expect(transport.stats()).toMatchObject({ sealed: 3, dropped: 0 })
  })

  test('counts what the backend refuses and what is too much, and lets the application go on', async () => {
    const { url } = await backend(400)
    const transport = new OtlpTransport({ engine, url, maxQueueSize: 2, onError: () => {} })
    const logger = winston.createLogger({ transports: [transport] })
    for (let i = 0; i < 5; i += 1) logger.info(CANARY.mail)
    await ended(logger)
    expect(transport.stats()).toEqual({
      sealed: 0,
      passed: 0,
      dropped: 5,
      failed: { FIELDSEAL_BUSY: 3, FIELDSEAL_SINK_UNAVAILABLE: 2 },
    })
  })

  test('refuses an address that is none, and limits that limit nothing', () => {
    expect(() => new OtlpTransport({ engine, url: 'nowhere' })).toThrow('url')
    expect(() => new OtlpTransport({ engine, url: 'http://x', maxQueueSize: 0 })).toThrow('maxQueueSize')
  })
})

async function backend(status: number): Promise<{ url: string; bodies: { body: Buffer; key: unknown }[] }> {
  const bodies: { body: Buffer; key: unknown }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      bodies.push({
        body: request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body,
        key: request.headers['x-key'],
      })
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`, bodies }
}
