import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import winston from 'winston'
import { sealingHook, sealingStream } from '../../../processor/transports/pino/index.ts'
import { SealTransport, seal } from '../../../processor/transports/winston/index.ts'
import { CORPUS } from '../../conformance/corpus.ts'
import { fromJsonLines } from '../../conformance/json-lines-way.ts'
import type { Entries, LogRecord, Value } from '../../conformance/model.ts'
import { normalised } from '../../conformance/normalised.ts'
import { LOGGER_WAY } from '../../conformance/object-ways.ts'
import { RULES } from '../../conformance/rules.ts'
import { WAYS } from '../../conformance/ways.ts'
import { engineFor } from '../engine/fixtures.ts'
import { configured, ended as endedTransport, PINOS, type Pino, read as readFile } from './pino/programs.ts'
import { ended } from './winston/sinks.ts'

/** What the collector stage does to OTLP, the loggers do to what is logged. */
const REFERENCE = WAYS[0]!

const engine = engineFor(RULES)
afterAll(() => engine.close())

function expected(record: LogRecord): LogRecord {
  return normalised(REFERENCE.read(engine.seal(REFERENCE.write([record]), REFERENCE.format).bytes)[0]!)
}

/** A program logs records, and gives the lines that come of them. */
type Program = (records: readonly object[]) => Promise<string>

class Memory {
  text = ''
  write(text: string): boolean {
    this.text += text
    return true
  }
}

/** Nothing of pino's own beside what is logged, but the level. */
const BARE = { base: null, timestamp: false } as const

function byPino(pino: Pino, options: object, to: object): Program {
  return async (records) => {
    const memory = to as Memory
    const logger = pino({ ...BARE, ...options } as never, memory)
    for (const record of records) logger.info(record)
    return memory.text
  }
}

function byWinston(format: winston.Logform.Format, wrap: (inner: winston.transport) => winston.transport): Program {
  return async (records) => {
    const memory = new Memory()
    const stream = new Writable({
      write(chunk, _, done) {
        memory.write(String(chunk))
        done()
      },
    })
    const logger = winston.createLogger({
      format,
      transports: [wrap(new winston.transports.Stream({ stream, eol: '\n' }))],
    })
    for (const { msg, ...fields } of records as { msg?: unknown }[])
      logger.log({ level: 'info', message: msg as never, ...fields })
    await ended(logger)
    return memory.text
  }
}

/** The level is the logger's; `message`, if there is one, is the body. */
function read(lines: string, messageKey?: string): LogRecord[] {
  return fromJsonLines(Buffer.from(lines)).map((record) => ({
    ...record,
    body: record.body ?? record.attributes.find(([key]) => key === messageKey)?.[1],
    attributes: record.attributes.filter(([key]) => key !== messageKey && key !== 'level'),
  }))
}

const fromPino = (lines: string): LogRecord[] => read(lines)
const fromWinston = (lines: string): LogRecord[] => read(lines, 'message')

/** winston sorts keys, and pino puts the message last: an object has no order. */
function sorted({ body, attributes, ...rest }: LogRecord): LogRecord {
  return { ...rest, body: body === undefined ? body : sortedValue(body), attributes: sortedEntries(attributes) }
}

function sortedValue(value: Value): Value {
  if (value.type === 'map') return { type: 'map', entries: sortedEntries(value.entries) }
  return value.type === 'array' ? { type: 'array', values: value.values.map(sortedValue) } : value
}

function sortedEntries(entries: Entries): Entries {
  return entries
    .map(([key, value]) => [key, sortedValue(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

const same = (inner: winston.transport) => inner
const { combine, json } = winston.format

interface Form {
  readonly form: string
  readonly sealing: Program
  readonly plain: Program
  readonly read: (lines: string) => LogRecord[]
}

const FORMS: readonly Form[] = [
  ...PINOS.flatMap(({ version, pino }) => {
    const memory = () => new Memory()
    const plain: Program = (records) => byPino(pino, {}, memory())(records)
    return [
      {
        form: `the hook in ${version}`,
        sealing: (records: readonly object[]) => byPino(pino, sealingHook({ engine }), memory())(records),
        plain,
        read: fromPino,
      },
      {
        form: `the stream in ${version}`,
        sealing: async (records: readonly object[]) => {
          const to = memory()
          const stream = sealingStream({ engine, to })
          await byPino(pino, {}, stream)(records)
          stream.destroy()
          return to.text
        },
        plain,
        read: fromPino,
      },
    ]
  }),
  {
    form: 'the format in winston',
    sealing: byWinston(combine(seal({ engine }), json()), same),
    plain: byWinston(json(), same),
    read: fromWinston,
  },
  {
    form: 'the transport in winston',
    sealing: byWinston(
      winston.format((info) => info)(),
      (inner) => new SealTransport({ engine, inner: Object.assign(inner, { format: json() }) }),
    ),
    plain: byWinston(json(), same),
    read: fromWinston,
  },
]

const ONE_NUMBER = 'JavaScript has one type of number'
/** Entries of the corpus that a logger cannot say: without Fieldseal it writes something else. */
const NOT_SAID: Readonly<Record<'pino' | 'winston', Readonly<Record<string, string>>>> = {
  pino: {
    'a card as a double': ONE_NUMBER,
    'a whole double': ONE_NUMBER,
    bytes: 'JSON has no bytes',
    'doubles that JSON lacks': 'they are logged as null',
    'resource and scope': 'a record of a logger has neither',
    'keys that occur twice': 'an object has each key once',
  },
  winston: {
    'a card as a double': ONE_NUMBER,
    'a whole number': 'json() of winston makes a text of a bigint',
    'a whole double': ONE_NUMBER,
    bytes: 'JSON has no bytes',
    'doubles that JSON lacks': 'they are logged as null',
    'resource and scope': 'a record of a logger has neither',
    'keys that occur twice': 'an object has each key once',
  },
}

/** As it is logged and written where nobody seals. */
async function isSaid({ plain, read }: Form, record: LogRecord): Promise<boolean> {
  if (!LOGGER_WAY.carries(record)) return false
  const [written] = read(await plain([LOGGER_WAY.write(record)]))
  return JSON.stringify(sorted(written!), bigints) === JSON.stringify(sorted(record), bigints)
}

describe.each(FORMS)('by $form', (form) => {
  test('the same is done to the corpus as by the collector stage', async () => {
    const left: string[] = []
    for (const { name, record } of CORPUS) {
      if (!(await isSaid(form, record))) {
        left.push(name)
        continue
      }
      const [sealed, ...more] = form.read(await form.sealing([LOGGER_WAY.write(record)]))
      expect(more).toEqual([])
      expect(sorted(normalised(sealed!)), name).toEqual(sorted(expected(record)))
    }
    expect(left).toEqual(Object.keys(NOT_SAID[form.form.includes('pino') ? 'pino' : 'winston']))
  })
})

test.each(PINOS)('by the worker in $version the same is done, all at once', async ({ version, pino, target }) => {
  const { folder, config } = configured(RULES, { hash_keys: { k: { file: 'k.key' } } })
  writeFileSync(join(folder, 'k.key'), Buffer.alloc(32, 7).toString('base64'))
  const destination = join(folder, `${version.replace(' ', '-')}.log`)
  const transport = pino.transport({ target, options: { config, destination } })
  const logger = pino(BARE, transport)
  const said = CORPUS.filter(({ name }) => NOT_SAID.pino[name] === undefined)
  for (const { record } of said) logger.info(LOGGER_WAY.write(record))
  await endedTransport(transport)
  const records = fromPino(readFile(destination))
  expect(records).toHaveLength(said.length)
  for (const [index, { name, record }] of said.entries())
    expect(sorted(normalised(records[index]!)), name).toEqual(sorted(expected(record)))
})

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
