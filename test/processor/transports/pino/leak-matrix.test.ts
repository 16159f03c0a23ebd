import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { sealingHook, sealingStream } from '../../../../processor/transports/pino/index.ts'
import { CANARY, canaryEngine, leaks } from '../canaries.ts'
import { expectOpens } from '../opened.ts'
import { configured, ended, PINOS, type Pino, read } from './programs.ts'

const { mail, token, card, owner } = CANARY
const CARD = Number(card)

interface Shape {
  readonly name: string
  readonly options?: object
  readonly log: (logger: ReturnType<Pino>) => void
  /** What somebody with all keys reads; empty where JSON has nothing of it. */
  readonly opens: readonly string[]
}

const SHAPES: readonly Shape[] = [
  { name: 'the message', log: (l) => l.info(`login of ${mail} with ${token}, ${card}`), opens: [mail, token, card] },
  { name: 'a merging object', log: (l) => l.info({ to: mail, token }, 'x'), opens: [mail, token] },
  { name: 'an Error', log: (l) => l.error(new Error(`no ${mail}`)), opens: [mail] },
  { name: 'an Error with a message beside it', log: (l) => l.error(new Error(mail), token), opens: [mail, token] },
  {
    name: 'a cause',
    log: (l) => l.error(new Error('outer', { cause: new Error(mail, { cause: new Error(token) }) })),
    opens: [mail, token],
  },
  {
    name: 'nested errors',
    log: (l) => l.error({ err: new AggregateError([new Error(mail)], token) }),
    opens: [mail, token],
  },
  {
    name: 'properties of an error',
    log: (l) => l.error({ err: Object.assign(new Error('x'), { user: { to: mail } }) }),
    opens: [mail],
  },
  {
    name: 'arguments of a format',
    log: (l) => l.info('%s paid %d %j', mail, CARD, { token }),
    opens: [mail, card, token],
  },
  { name: 'child bindings', log: (l) => l.child({ owner, req: { token } }).info('x'), opens: [owner, token] },
  { name: 'child of a child', log: (l) => l.child({ owner }).child({ token }).info(mail), opens: [owner, token, mail] },
  { name: 'msgPrefix', log: (l) => l.child({}, { msgPrefix: `${mail} ` }).info('x'), opens: [mail] },
  {
    name: 'serializers',
    options: { serializers: { user: () => ({ address: mail }) } },
    log: (l) => l.info({ user: 1 }),
    opens: [mail],
  },
  { name: 'a mixin', options: { mixin: () => ({ owner }) }, log: (l) => l.info(token), opens: [owner, token] },
  {
    name: 'formatters',
    options: { formatters: { log: (o: object) => ({ ...o, owner }), bindings: () => ({ token }) } },
    log: (l) => l.info({ a: 1 }),
    opens: [owner, token],
  },
  {
    name: 'redact beside it',
    options: { redact: ['user.password'] },
    log: (l) => l.info({ user: { password: 'p', to: mail } }, token),
    opens: [mail, token],
  },
  { name: 'base', options: { base: { owner } }, log: (l) => l.info('x'), opens: [owner] },
  { name: 'a messageKey', options: { messageKey: 'text' }, log: (l) => l.info(`of ${mail}`), opens: [mail] },
  {
    name: 'a nestedKey',
    options: { nestedKey: 'payload' },
    log: (l) => l.info({ to: mail }, token),
    opens: [mail, token],
  },
  { name: 'an errorKey', options: { errorKey: 'fault' }, log: (l) => l.error(new Error(mail)), opens: [mail] },
  { name: 'nested deep', log: (l) => l.info({ a: { b: [{ c: [[{ d: { e: `<${mail}>` } }]] }] } }), opens: [mail] },
  { name: 'names of keys', log: (l) => l.info({ users: { [mail]: { role: token } } }), opens: [token] },
  { name: 'an array', log: (l) => l.info({ list: ['x', mail, [token]] }), opens: [mail, token] },
  { name: 'a number', log: (l) => l.info({ pan: CARD }), opens: [card] },
  { name: 'a bigint', log: (l) => l.info({ pan: BigInt(card) }), opens: [card] },
  { name: 'a Map', log: (l) => l.info({ map: new Map([['to', mail]]) }), opens: [] },
  { name: 'a Buffer', log: (l) => l.info({ raw: Buffer.from(`of ${mail}`) }), opens: [mail] },
  { name: 'a Uint8Array', log: (l) => l.info({ list: [Uint8Array.from(Buffer.from(token))] }), opens: [token] },
  { name: 'toJSON', log: (l) => l.info({ user: { toJSON: () => ({ to: mail }) } }), opens: [mail] },
  {
    name: 'a getter that throws',
    log: (l) => {
      const bad = {
        get to(): string {
          throw new Error(mail)
        },
      }
      l.info({ bad, token })
    },
    opens: [token],
  },
  {
    name: 'what contains itself',
    log: (l) => {
      const round: Record<string, unknown> = { to: mail, raw: Buffer.from(token) }
      round.self = round
      l.info({ round })
    },
    opens: [mail, token],
  },
  { name: 'escapes', log: (l) => l.info({ a: `\u0001"${mail}"\n`, b: '\ud800' }), opens: [mail] },
]

const engine = canaryEngine()
afterAll(() => engine.close())
const { folder, config } = configured()

async function check(sealed: string, opens: readonly string[]): Promise<void> {
  expect(leaks(sealed)).toEqual([])
  for (const line of sealed.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ time: expect.any(Number) })
  await expectOpens(sealed, opens)
}

class Memory {
  text = ''
  write(text: string): boolean {
    this.text += text
    return true
  }
}

describe.each(PINOS)('with $version, nothing planted leaves, and all of it opens:', ({ version, pino, target }) => {
  describe.each(SHAPES)('$name', ({ options = {}, log, opens }) => {
    const { messageKey } = options as { messageKey?: string }
    const named = messageKey === undefined ? {} : { messageKey }

    test('by the hook', async () => {
      const memory = new Memory()
      const seal = sealingHook({ config, ...named })
      log(pino({ ...options, ...seal } as object, memory))
      seal.close()
      await check(memory.text, opens)
    })

    test('by the stream', async () => {
      const memory = new Memory()
      const stream = sealingStream({ engine, to: memory })
      log(pino(options, stream))
      await check(memory.text, opens)
      stream.destroy()
    })
  })

  test('by the worker, to a file and through a pipeline', async () => {
    const byKey = Map.groupBy(SHAPES, ({ options }) => JSON.stringify((options as { messageKey?: string })?.messageKey))
    let run = 0
    for (const shapes of byKey.values()) {
      const files = ['file', 'pipe'].map((name) => join(folder, `${version}-${run}-${name}`.replace(' ', '-')))
      run += 1
      const transports = [
        pino.transport({ target, options: { config, destination: files[0] } }),
        pino.transport({
          pipeline: [
            { target, options: { config } },
            { target: 'pino/file', options: { destination: files[1] } },
          ],
        }),
      ]
      for (const transport of transports) {
        for (const { options = {}, log } of shapes) log(pino(options, transport))
        await ended(transport)
      }
      for (const file of files) {
        await check(
          read(file),
          shapes.flatMap(({ opens }) => opens),
        )
        expect(read(file).trimEnd().split('\n')).toHaveLength(shapes.length)
      }
    }
  })
})
