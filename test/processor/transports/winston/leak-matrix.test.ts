import { inspect } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import winston from 'winston'
import { SealTransport, seal } from '../../../../processor/transports/winston/index.ts'
import { type Canary, Hunt } from '../../../canary/hunt.ts'
import { canaryEngine, noting, type Planted, plantedFor } from '../canaries.ts'
import { openedByJose } from '../opened.ts'
import { ended, SINKS, type Sink } from './sinks.ts'

const engine = canaryEngine()
afterAll(() => engine.close())

interface Shape {
  readonly name: string
  log(logger: winston.Logger, planted: Planted): void
}

const cause = ({ mail, token }: Planted) => new Error(`outer ${mail}`, { cause: new Error(`inner ${token}`) })

const SHAPES: readonly Shape[] = [
  {
    name: 'the message',
    log: (logger, p) => logger.info(`login of ${p.mail}, ${p.token}, ${p.card}`),
  },
  { name: 'a message and fields', log: (logger, p) => logger.info('x', { to: p.mail, token: p.token }) },
  { name: 'one object', log: (logger, p) => logger.log({ level: 'info', message: p.mail, token: p.token }) },
  { name: 'an error', log: (logger, p) => logger.error(new Error(`no ${p.mail}`)) },
  {
    name: 'an error as the message of an object',
    log: (logger, p) => logger.log({ level: 'error', message: cause(p) as never }),
  },
  { name: 'an error as another argument', log: (logger, p) => logger.error('failed', cause(p)) },
  { name: 'an error in a field', log: (logger, p) => logger.error('failed', { err: cause(p) }) },
  {
    name: 'errors nested',
    log: (logger, p) => logger.error('x', { error: new AggregateError([cause(p)], p.mail) }),
  },
  { name: '%s', log: (logger, p) => logger.info('login of %s', p.mail) },
  {
    name: '%s with an object that has a message',
    log: (logger, p) => logger.info('of %s', p.mail, { message: p.token }),
  },
  {
    name: '%s, %j and %d',
    log: (logger, p) => logger.info('%s %j %d', p.token, { to: p.mail }, Number(p.card)),
  },
  { name: 'arguments that nobody asked for', log: (logger, p) => logger.info('x', p.mail, p.token, Number(p.card)) },
  {
    name: 'an argument that is an object, and more',
    log: (logger, p) => logger.info('x', { a: 1 }, { to: p.mail }, [p.token]),
  },
  { name: 'a child', log: (logger, p) => logger.child({ owner: p.mail }).info('x', { token: p.token }) },
  {
    name: 'the child of a child',
    log: (logger, p) => logger.child({ a: p.token }).child({ b: p.mail }).error(new Error('x')),
  },
  { name: 'nested deep', log: (logger, p) => logger.info('x', { a: { b: [{ c: [[`<${p.mail}>`]] }] } }) },
  { name: 'an array', log: (logger, p) => logger.info('x', { list: [p.mail, [p.token]] }) },
  { name: 'a number', log: (logger, p) => logger.info('x', { pan: Number(p.card) }) },
  { name: 'a bigint', log: (logger, p) => logger.info('x', { pan: BigInt(p.card) }) },
  {
    name: 'a Map and a Set',
    log: (logger, p) => logger.info('x', { map: new Map([[p.mail, 1]]), set: new Set([p.token]) }),
  },
  {
    name: 'a Buffer',
    log: (logger, p) => logger.info('x', { raw: Buffer.from(p.mail), bytes: new TextEncoder().encode(p.token) }),
  },
  { name: 'toJSON', log: (logger, p) => logger.info('x', { of: { toJSON: () => ({ to: p.mail }) } }) },
  { name: 'names of keys', log: (logger, p) => logger.info('x', { [p.mail]: { [p.token]: 1 } }) },
  {
    name: 'a getter that throws',
    log: (logger, p) =>
      logger.info('x', {
        inner: {
          get bad() {
            throw new Error(p.mail)
          },
          good: p.token,
        },
      }),
  },
  {
    name: 'a getter that says something else each time',
    log(logger, p) {
      let times = 0
      const inner = {
        get to() {
          times += 1
          return times % 2 === 1 ? 'nobody' : p.mail
        },
      }
      logger.info('of %s', 'x', { inner, token: p.token }, { inner })
    },
  },
  {
    name: 'an instance of a class',
    log: (logger, p) =>
      logger.info('x', {
        user: new (class {
          to = p.mail
        })(),
      }),
  },
  { name: 'what contains itself', log: (logger, p) => logger.info('x', { self: circular(p) }) },
  { name: 'a symbol', log: (logger, p) => logger.info('x', { of: Symbol(p.mail) }) },
  {
    name: 'a function with properties',
    log: (logger, p) => logger.info('x', { of: Object.assign(() => p.mail, { toJSON: () => p.mail }) }),
  },
  {
    name: 'an uncaught exception',
    log: (logger, p) => logger.log({ ...logger.exceptions.getAllInfo(new Error(p.mail)) } as never),
  },
]

/** One after the other: a logger that ends with records before it loses them, whatever its transports are. */
async function logAll(logger: winston.Logger): Promise<{ logged: number; planted: Canary[] }> {
  let logged = 0
  const planted: Canary[] = []
  for (const transport of logger.transports) transport.handleExceptions = true
  for (const [index, { name, log }] of SHAPES.entries()) {
    const values = PLANTED[index]!
    try {
      log(
        logger,
        noting(values, (kind) => planted.push({ place: `${name}: ${kind}`, text: values[kind] })),
      )
      logged += 1
    } catch (error) {
      // json() and simple() of winston pass on what a getter throws.
      if ((error as Error).message !== values.mail) throw error
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { logged, planted }
}

/** Each shape has values of its own, so that it is known by them. */
const PLANTED = SHAPES.map((_, index) => plantedFor(index))
const EVERYTHING = SHAPES.flatMap(({ name }, index) =>
  Object.entries(PLANTED[index]!).map(([kind, text]) => ({ place: `${name}: ${kind}`, text: text as string })),
)

const HUNT = new Hunt(EVERYTHING)

function circular({ mail }: Planted): object {
  const self: Record<string, unknown> = { to: mail }
  self.self = self
  return self
}

const { combine, errors, json, splat, timestamp, printf, simple } = winston.format

interface Form {
  readonly form: string
  logger(sink: Sink, isSealed?: boolean): winston.Logger
}

const everything = { depth: Infinity, maxStringLength: null, breakLength: Infinity }
const told = () => seal({ engine, onError: () => {} })
const plain = winston.format((info) => info)

/** @param sealing - in the place of `seal()`, or of nothing. */
type Format = (sealing: () => winston.Logform.Format) => winston.Logform.Format

const FORMATS: Readonly<Record<string, Format>> = {
  'as it should be': (sealing) => combine(errors({ stack: true }), splat(), timestamp(), sealing(), json()),
  alone: (sealing) => combine(sealing(), json()),
  'before all others': (sealing) => combine(sealing(), errors({ stack: true }), splat(), json()),
  'after all others': (sealing) => combine(errors({ stack: true, cause: true }), splat(), json(), sealing()),
  'after a line for people': (sealing) => combine(splat(), simple(), sealing()),
  'before a line with all arguments': (sealing) =>
    combine(
      sealing(),
      printf(
        (info) =>
          `${info.level} ${info.message} ${inspect([info[Symbol.for('splat')], info['fieldseal.sealed']], everything)}`,
      ),
    ),
}

const TRANSPORTS: Readonly<Record<string, winston.Logform.Format | undefined>> = {
  'without a format': undefined,
  'with errors, splat and json': combine(errors({ stack: true }), splat(), json()),
  'with a line for people': combine(splat(), simple()),
}

const FORMS: readonly Form[] = [
  ...Object.entries(FORMATS).map(([where, format]) => ({
    form: `format ${where}`,
    logger: (sink: Sink, isSealed = true) =>
      winston.createLogger({ level: 'silly', format: format(isSealed ? told : plain), transports: [sink.transport()] }),
  })),
  ...Object.entries(TRANSPORTS).map(([where, format]) => ({
    form: `transport ${where}`,
    logger: (sink: Sink, isSealed = true) =>
      winston.createLogger({
        level: 'silly',
        ...(format === undefined ? {} : { format }),
        transports: [isSealed ? new SealTransport({ engine, inner: sink.transport() }) : sink.transport()],
      }),
  })),
]

interface Exception {
  readonly reason: string
  /** What does not open: a shape and one of its values. */
  readonly places: readonly string[]
  readonly forms: RegExp
  readonly sinks: RegExp
  /** Whether winston alone would have written it. */
  readonly isLost?: boolean
}

const ANY = /./
const LINES = /^a (stream|file)/
const SPLATTED = /should be|before all|after|with errors|line for people/
const BARE = /alone|before a line|without/

/** Arguments, where no splat() fills them in. */
const UNFILLED = [
  '%s with an object that has a message: mail',
  '%s with an object that has a message: token',
  '%s, %j and %d: mail',
  '%s, %j and %d: card',
  'arguments that nobody asked for: token',
  'arguments that nobody asked for: card',
  'an argument that is an object, and more: mail',
  'an argument that is an object, and more: token',
  'a getter that says something else each time: mail',
  'a getter that says something else each time: token',
]

/** All that does not open. What winston does not write, Fieldseal does not write either. */
const EXCEPTIONS: readonly Exception[] = [
  {
    reason: 'what a getter throws is in no record',
    places: ['a getter that throws: mail'],
    forms: ANY,
    sinks: ANY,
  },
  {
    reason: 'json() and simple() of the logger throw what a getter throws, before Fieldseal has the record',
    places: ['a getter that throws: token'],
    forms: /after|^transport/,
    sinks: ANY,
  },
  {
    reason: 'json() writes nothing of a Map or a Set',
    places: ['a Map and a Set: mail', 'a Map and a Set: token'],
    forms: /should be|alone|before all/,
    sinks: LINES,
  },
  {
    reason: 'neither JSON nor attributes have Maps and Sets',
    places: ['a Map and a Set: mail', 'a Map and a Set: token'],
    forms: ANY,
    sinks: /HTTP|telemetry/,
  },
  {
    reason: 'splat() leaves out what the message has no place for',
    places: ['mail', 'token', 'card'].map((kind) => `arguments that nobody asked for: ${kind}`),
    forms: SPLATTED,
    sinks: ANY,
  },
  {
    reason: 'winston takes the message of an argument for one of its own, and splat() puts it nowhere',
    places: ['%s with an object that has a message: token'],
    forms: SPLATTED,
    sinks: ANY,
  },
  {
    reason: 'errors() without `cause: true` leaves out the cause',
    places: ['an error as the message of an object: token'],
    forms: /should be|with errors/,
    sinks: ANY,
  },
  {
    reason: 'splat() behind seal() makes a number of the placeholder of a card: NaN',
    places: ['%s, %j and %d: card'],
    forms: /before all/,
    sinks: /^(?!all)/,
    isLost: true,
  },
  {
    reason: 'no line has arguments without splat()',
    places: [...UNFILLED, '%s: mail', '%s, %j and %d: token', 'arguments that nobody asked for: mail'],
    forms: /alone|without/,
    sinks: /^a |HTTP/,
  },
  {
    reason: 'winston sends the fields of a record by HTTP, and no arguments',
    places: [...UNFILLED, '%s: mail', '%s, %j and %d: token', 'arguments that nobody asked for: mail'],
    forms: /before a line/,
    sinks: /HTTP/,
  },
  {
    reason: 'of arguments @opentelemetry/winston-transport takes those that look like exceptions',
    places: UNFILLED.filter((place) => !/message: mail/.test(place)),
    forms: BARE,
    sinks: /telemetry/,
  },
  {
    reason: 'the line of this form has no fields',
    places: ['one object: token', 'a child: mail', 'the child of a child: mail', 'the child of a child: token'],
    forms: /before a line/,
    sinks: LINES,
  },
]

describe.each(FORMS)('winston, $form', ({ form, logger: make }) => {
  test.each(SINKS.map((sink) => ({ sink, name: sink.name })))('$name', async ({ sink: open }) => {
    const sink = await open()
    const logger = make(sink)
    const { logged, planted } = await logAll(logger)
    await ended(logger)
    const text = await sink.read()
    const records = await sink.records()
    await sink.close()
    expect(HUNT.in(text)).toEqual([])
    if (form.includes('line')) expect(records.length).toBeLessThanOrEqual(logged)
    else expect(records).toHaveLength(logged)
    const { plaintexts, ...left } = await openedByJose(text)
    expect(left).toEqual({ unopened: 0, orphans: 0 })
    const all = plaintexts.join('\n')
    const exceptions = EXCEPTIONS.filter(({ forms, sinks }) => forms.test(form) && sinks.test(sink.name))
    const unopened = places(planted.filter(({ text }) => !all.includes(text)))
    expect(unopened).toEqual([...new Set(exceptions.flatMap(({ places }) => places))].toSorted())
    if (!COMPARED.test(sink.name)) return
    const written = await writtenByWinston(make, open)
    expect(unopened.filter((place) => written.includes(place))).toEqual(
      exceptions.filter(({ isLost }) => isLost).flatMap(({ places }) => places),
    )
  })
})

/** Sinks that winston alone can write everything to: its own way over HTTP fails for what JSON does not have. */
const COMPARED = /stream|telemetry/

/** What the same logger writes where nobody seals. */
async function writtenByWinston(make: Form['logger'], open: () => Sink | Promise<Sink>): Promise<string[]> {
  const sink = await open()
  const logger = make(sink, false)
  await logAll(logger)
  await ended(logger)
  const found = places(HUNT.in(await sink.read()))
  await sink.close()
  return found
}

test('every exception is one somewhere', () => {
  for (const { places, forms } of EXCEPTIONS) {
    expect(FORMS.some(({ form }) => forms.test(form))).toBe(true)
    expect(places.filter((place) => !EVERYTHING.some((canary) => canary.place === place))).toEqual([])
  }
})

function places(found: readonly { readonly place: string }[]): string[] {
  return [...new Set(found.map(({ place }) => place))].toSorted()
}

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
    const found = HUNT.in(await sink.read())
    await sink.close()
    expect(new Set(found.map(({ place }) => place.replace(/.*: /, '')))).toEqual(new Set(['mail', 'token', 'card']))
  }
})
