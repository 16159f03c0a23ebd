import { resourceFromAttributes } from '@opentelemetry/resources'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SealingLogRecordExporter, SealingLogRecordProcessor } from '../../../../processor/transports/otel/index.ts'
import { CANARY, canaryEngine, everythingIn, leaks } from '../canaries.ts'
import { expectOpens, openedByJose } from '../opened.ts'
import { Backend, type Exporter, LINES, OTLP, Probe, type Sdk } from './sdk.ts'

type Emitted = Parameters<ReturnType<InstanceType<Sdk['LoggerProvider']>['getLogger']>['emit']>[0]

interface Shape {
  readonly name: string
  /** What is logged; the SDK copies attributes, and leaves bodies as they are. */
  readonly record: () => object
  /** What somebody with all keys must be able to read, in a sink that holds all there is. */
  readonly opens: readonly string[]
}

const { mail, token, card } = CANARY
const CARD = Number(card)
const all = [mail, token]

function errorWith(message: string, cause?: unknown): Error {
  return new Error(message, cause === undefined ? {} : { cause })
}

const SHAPES: readonly Shape[] = [
  { name: 'the message', record: () => ({ body: `login of ${mail} with ${token}, ${card}` }), opens: [...all, card] },
  { name: 'a message that is nothing else', record: () => ({ body: mail }), opens: [mail] },
  { name: 'attributes', record: () => ({ body: 'x', attributes: { to: mail, token } }), opens: all },
  { name: 'a body that is an object', record: () => ({ body: { to: mail, inner: { token } } }), opens: all },
  {
    name: 'an exception',
    record: () => ({ body: 'failed', exception: errorWith(`no user ${mail}`) }),
    opens: [mail],
  },
  { name: 'an error', record: () => ({ body: errorWith(`no ${mail}`) }), opens: [mail] },
  {
    name: 'the cause of an error',
    record: () => ({ body: errorWith('outer', errorWith(`inner ${mail}`, { token })) }),
    opens: all,
  },
  {
    name: 'an error inside of the body',
    record: () => ({ body: { err: new AggregateError([errorWith(mail)], token) } }),
    opens: all,
  },
  { name: 'arguments of a format', record: () => ({ body: ['%s paid %d', mail, CARD] }), opens: [mail, card] },
  {
    name: 'names of keys',
    record: () => ({ body: { [mail]: { role: token } }, attributes: { [`user ${mail}`]: 1 } }),
    opens: [token],
  },
  {
    name: 'nested deep',
    record: () => ({ attributes: { a: { b: [{ c: { d: [[{ e: `<${mail}>` }]] } }] }, f: { g: { h: token } } } }),
    opens: all,
  },
  { name: 'an array', record: () => ({ body: [mail, [token]], attributes: { list: ['x', mail] } }), opens: all },
  { name: 'a number', record: () => ({ body: CARD, attributes: { pan: CARD } }), opens: [card] },
  { name: 'a bigint', record: () => ({ body: { pan: BigInt(card) } }), opens: [card] },
  { name: 'a Map', record: () => ({ body: new Map([['to', mail]]) }), opens: [mail] },
  { name: 'a Set', record: () => ({ body: new Set([token]) }), opens: [token] },
  {
    name: 'a Buffer',
    record: () => ({ body: Buffer.from(`of ${mail}`), attributes: { raw: Buffer.from(token) } }),
    opens: all,
  },
  { name: 'toJSON', record: () => ({ body: { toJSON: () => ({ to: mail }), other: token } }), opens: [mail] },
  {
    name: 'a getter that throws',
    record: () => ({
      body: {
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
    record: () => {
      let times = 0
      return {
        body: {
          get to() {
            times += 1
            return times === 1 ? 'nobody' : mail
          },
          token,
        },
      }
    },
    opens: [token],
  },
  {
    name: 'an instance of a class',
    record: () => ({
      body: new (class User {
        to = mail
      })(),
    }),
    opens: [mail],
  },
  { name: 'JSON in a text', record: () => ({ body: JSON.stringify({ to: mail, token }) }), opens: all },
  { name: 'the name of the event', record: () => ({ body: 'x', eventName: { to: mail } }), opens: [] },
  { name: 'the text of the severity', record: () => ({ body: mail, severityText: [token] }), opens: [mail] },
]

/**
 * What is sealed in place and then not written, by shape: the exporters of OTLP write nothing of Maps, Sets and errors in a
 * body. Parts of texts stand in the list beside it, and open.
 */
const LOST_IN_OTLP: Readonly<Record<string, readonly string[]>> = {
  'the cause of an error': [token],
  'a Map': [mail],
  'a Set': [token],
}

const FORMS = [
  {
    form: 'exporter',
    processor: (sdk: Sdk, exporter: Exporter) =>
      new sdk.BatchLogRecordProcessor({ exporter: new SealingLogRecordExporter(exporter, { engine }) }),
  },
  {
    form: 'exporter, one by one',
    processor: (sdk: Sdk, exporter: Exporter) =>
      new sdk.SimpleLogRecordProcessor({ exporter: new SealingLogRecordExporter(exporter, { engine }) }),
  },
  {
    form: 'processor',
    processor: (sdk: Sdk, exporter: Exporter) =>
      new SealingLogRecordProcessor(new sdk.BatchLogRecordProcessor({ exporter }), { engine }),
  },
] as const

const engine = canaryEngine()
const backend = new Backend()
beforeAll(() => backend.start())
afterAll(async () => {
  engine.close()
  await backend.stop()
})

describe.each(LINES)('sdk-logs $line', ({ sdk }) => {
  describe.each(FORMS)('$form', ({ processor }) => {
    async function logged({ record }: Shape, exporter: Exporter): Promise<void> {
      const resource = resourceFromAttributes({ owner: `the team of ${CANARY.owner}` })
      const provider = new sdk.LoggerProvider({ resource, processors: [processor(sdk, exporter)] })
      provider.getLogger('app', '1', { attributes: { owner: CANARY.owner } }).emit(record() as Emitted)
      await provider.shutdown()
    }

    test.each(SHAPES)('$name, in memory', async (shape) => {
      const memory = new Probe()
      await logged(shape, memory)
      expect(memory.records).toHaveLength(1)
      const written = everythingIn(memory.records)
      expect(leaks(written)).toEqual([])
      await expectOpens(written, [...shape.opens, CANARY.owner])
    })

    test.each(OTLP.flatMap((otlp) => SHAPES.map((shape) => ({ ...otlp, ...shape }))))(
      '$name, as $format',
      async ({ exporter, ...shape }) => {
        await logged(shape, exporter(backend.url))
        const [body, ...more] = backend.take()
        expect(more).toEqual([])
        expect(leaks(body!)).toEqual([])
        const lost = LOST_IN_OTLP[shape.name] ?? []
        await expectOpens(body!, [...shape.opens.filter((value) => !lost.includes(value)), CANARY.owner])
        // What is listed as not written is written nowhere.
        const { plaintexts } = await openedByJose(body!)
        expect(lost.filter((value) => plaintexts.join('\n').includes(value))).toEqual([])
      },
    )
  })
})

test('the canaries are found where nobody seals', async () => {
  const provider = new LINES[0].sdk.LoggerProvider({
    processors: [new LINES[0].sdk.BatchLogRecordProcessor({ exporter: OTLP[0]!.exporter(backend.url) })],
  })
  provider.getLogger('app').emit({ body: `login of ${mail} with ${token}`, attributes: { raw: Buffer.from(card) } })
  await provider.shutdown()
  expect(leaks(backend.take()[0]!).map(({ place }) => place)).toEqual(['mail', 'token', 'card'])
})
