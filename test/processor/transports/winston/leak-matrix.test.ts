import { afterAll, describe, expect, test } from 'vitest'
import winston from 'winston'
import { openObject } from '../../../../processor/open.ts'
import { SealTransport, seal } from '../../../../processor/transports/winston/index.ts'
import { CANARY, canaryEngine, everythingIn, leaks, OPENING } from '../canaries.ts'
import { ended, SINKS, type Sink } from './sinks.ts'

const { mail, token, card } = CANARY
const CARD = Number(card)
const engine = canaryEngine()
afterAll(() => engine.close())

interface Shape {
  readonly name: string
  log(logger: winston.Logger): void
  /** What whoever has all keys reads in the lines; winston writes nothing of the others. */
  readonly opens: readonly string[]
}

const cause = () => new Error(`outer ${mail}`, { cause: new Error(`inner ${token}`) })
const plain = [mail]

const SHAPES: readonly Shape[] = [
  {
    name: 'the message',
    log: (logger) => logger.info(`login of ${mail}, ${token}, ${card}`),
    opens: [mail, token, card],
  },
  { name: 'a message and fields', log: (logger) => logger.info('x', { to: mail, token }), opens: [mail, token] },
  { name: 'one object', log: (logger) => logger.log({ level: 'info', message: mail, token }), opens: [mail, token] },
  { name: 'an error', log: (logger) => logger.error(new Error(`no ${mail}`)), opens: plain },
  {
    name: 'an error as the message of an object',
    log: (logger) => logger.log({ level: 'error', message: cause() as never }),
    opens: plain,
  },
  { name: 'an error as another argument', log: (logger) => logger.error('failed', cause()), opens: plain },
  { name: 'an error in a field', log: (logger) => logger.error('failed', { err: cause() }), opens: [] },
  {
    name: 'errors nested',
    log: (logger) => logger.error('x', { error: new AggregateError([cause()], mail) }),
    opens: [],
  },
  { name: '%s', log: (logger) => logger.info('login of %s', mail), opens: plain },
  {
    name: '%s with an object that has a message',
    log: (logger) => logger.info('of %s', mail, { message: token }),
    opens: [],
  },
  {
    name: '%s, %j and %d',
    log: (logger) => logger.info('%s %j %d', token, { to: mail }, CARD),
    opens: [mail, token, card],
  },
  { name: 'arguments that nobody asked for', log: (logger) => logger.info('x', mail, token, CARD), opens: [] },
  {
    name: 'an argument that is an object, and more',
    log: (logger) => logger.info('x', { a: 1 }, { to: mail }, [token]),
    opens: plain,
  },
  { name: 'a child', log: (logger) => logger.child({ owner: mail }).info('x', { token }), opens: [mail, token] },
  {
    name: 'the child of a child',
    log: (logger) => logger.child({ a: token }).child({ b: mail }).error(new Error('x')),
    opens: [],
  },
  { name: 'nested deep', log: (logger) => logger.info('x', { a: { b: [{ c: [[`<${mail}>`]] }] } }), opens: plain },
  { name: 'an array', log: (logger) => logger.info('x', { list: [mail, [token]] }), opens: [mail, token] },
  { name: 'a number', log: (logger) => logger.info('x', { pan: CARD }), opens: [card] },
  { name: 'a bigint', log: (logger) => logger.info('x', { pan: BigInt(card) }), opens: [card] },
  {
    name: 'a Map and a Set',
    log: (logger) => logger.info('x', { map: new Map([[mail, 1]]), set: new Set([token]) }),
    opens: [],
  },
  {
    name: 'a Buffer',
    log: (logger) => logger.info('x', { raw: Buffer.from(mail), bytes: new TextEncoder().encode(token) }),
    opens: [],
  },
  { name: 'toJSON', log: (logger) => logger.info('x', { of: { toJSON: () => ({ to: mail }) } }), opens: plain },
  { name: 'names of keys', log: (logger) => logger.info('x', { [mail]: { [token]: 1 } }), opens: [] },
  {
    name: 'a getter that throws',
    log: (logger) =>
      logger.info('x', {
        inner: {
          get bad() {
            throw new Error(mail)
          },
          good: token,
        },
      }),
    opens: [token],
  },
  {
    name: 'a getter that says something else each time',
    log(logger) {
      let times = 0
      const inner = {
        get to() {
          times += 1
          return times % 2 === 1 ? 'nobody' : mail
        },
      }
      logger.info('of %s', 'x', { inner, token }, { inner })
    },
    opens: [token],
  },
  {
    name: 'an instance of a class',
    log: (logger) =>
      logger.info('x', {
        user: new (class {
          to = mail
        })(),
      }),
    opens: plain,
  },
  { name: 'what contains itself', log: (logger) => logger.info('x', { self: circular() }), opens: plain },
  { name: 'a symbol', log: (logger) => logger.info('x', { of: Symbol(mail) }), opens: [] },
  {
    name: 'a function with properties',
    log: (logger) => logger.info('x', { of: Object.assign(() => mail, { toJSON: () => mail }) }),
    opens: [],
  },
  {
    name: 'an uncaught exception',
    log: (logger) => logger.log({ ...logger.exceptions.getAllInfo(new Error(mail)) } as never),
    opens: plain,
  },
]

/** One after the other: a logger that ends with records before it loses them, whatever its transports are. */
async function logAll(logger: winston.Logger): Promise<number> {
  let logged = 0
  for (const transport of logger.transports) transport.handleExceptions = true
  for (const { log } of SHAPES) {
    try {
      log(logger)
      logged += 1
    } catch (error) {
      // json() and simple() of winston pass on what a getter throws.
      if ((error as Error).message !== mail) throw error
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  return logged
}

function circular(): object {
  const self: Record<string, unknown> = { to: mail }
  self.self = self
  return self
}

const { combine, errors, json, splat, timestamp, printf, simple } = winston.format

interface Form {
  readonly form: string
  logger(sink: Sink): winston.Logger
}

const FORMATS = {
  'as it should be': () => combine(errors({ stack: true }), splat(), timestamp(), seal({ engine }), json()),
  alone: () => combine(seal({ engine, onError: () => {} }), json()),
  'before all others': () => combine(seal({ engine, onError: () => {} }), errors({ stack: true }), splat(), json()),
  'after all others': () =>
    combine(errors({ stack: true, cause: true }), splat(), json(), seal({ engine, onError: () => {} })),
  'after a line for people': () => combine(splat(), simple(), seal({ engine, onError: () => {} })),
  'before a line with all arguments': () =>
    combine(
      seal({ engine, onError: () => {} }),
      printf(
        (info) =>
          `${info.level} ${info.message} ${JSON.stringify([info[Symbol.for('splat')], info.err, info.stack], shown)}`,
      ),
    ),
}

/** A bigint, which JSON does not have. */
function shown(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

const FORMS: readonly Form[] = [
  ...Object.entries(FORMATS).map(([where, format]) => ({
    form: `format ${where}`,
    logger: (sink: Sink) => winston.createLogger({ level: 'silly', format: format(), transports: [sink.transport()] }),
  })),
  ...[undefined, combine(errors({ stack: true }), splat(), json()), combine(splat(), simple())].map(
    (format, index) => ({
      form: `transport, ${['without a format', 'with errors, splat and json', 'with a line for people'][index]}`,
      logger: (sink: Sink) =>
        winston.createLogger({
          level: 'silly',
          ...(format === undefined ? {} : { format }),
          transports: [new SealTransport({ engine, inner: sink.transport() })],
        }),
    }),
  ),
]

describe.each(FORMS)('winston, $form', ({ form, logger: make }) => {
  test.each(SINKS.map((sink) => ({ sink, name: sink.name })))('$name', async ({ sink: open }) => {
    const sink = await open()
    const logger = make(sink)
    const logged = await logAll(logger)
    await ended(logger)
    const text = await sink.read()
    const records = await sink.records()
    await sink.close()
    expect(leaks(text)).toEqual([])
    // What could not be opened would be no leak, and no use.
    if (form.includes('line')) expect(records.length).toBeLessThanOrEqual(logged)
    else expect(records).toHaveLength(logged)
    const sealed = records.flatMap((record) => openObject(record, OPENING))
    // A splat() behind it puts sealed values into texts, where nobody looks for them.
    if (!form.includes('before')) expect(sealed.filter(({ unopened }) => unopened > 0)).toEqual([])
    expect(sealed.reduce((sum, { opened }) => sum + opened, 0) > 0 || form.includes('line')).toBe(true)
    if (form !== 'format as it should be' || sink.name !== 'a stream of lines') return
    for (const [index, { opens }] of SHAPES.entries()) {
      const shown = everythingIn(sealed[index]!.record)
      for (const value of opens) expect(shown).toContain(value)
    }
  })
})

test('the same calls leak everything without Fieldseal', async () => {
  for (const open of SINKS) {
    const sink = await open()
    const logger = winston.createLogger({
      level: 'silly',
      format: combine(errors({ stack: true }), splat(), json()),
      transports: [sink.transport()],
    })
    await logAll(logger)
    await ended(logger)
    const found = leaks(await sink.read())
    await sink.close()
    expect(new Set(found.map(({ place }) => place))).toEqual(new Set(['mail', 'token', 'card']))
  }
})
