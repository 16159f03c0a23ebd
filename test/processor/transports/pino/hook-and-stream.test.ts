import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import type { ObjectEngine } from '../../../../processor/engine.ts'
import type { FieldsealError } from '../../../../processor/errors.ts'
import { sealingHook, sealingStream } from '../../../../processor/transports/pino/index.ts'
import { codeOf } from '../../engine/fixtures.ts'
import { CANARY, canaryEngine, leaks } from '../canaries.ts'
import { configured, PINOS } from './programs.ts'

const { mail, token } = CANARY
const engine = canaryEngine()
afterAll(() => engine.close())

/** Fails as nothing of ours does, and quotes the line. */
const failing: ObjectEngine = {
  ...engine,
  sealLine(line) {
    throw new Error(line)
  },
}

class Memory {
  text = ''
  write(text: string): boolean {
    this.text += text
    return true
  }
}

describe.each(PINOS)('the hook with $version', ({ pino }) => {
  test('puts a marker in the place of a line that cannot be sealed: level, time, code, and nothing else', () => {
    const memory = new Memory()
    const told: FieldsealError[] = []
    const seal = sealingHook({ engine: failing, onError: (error) => told.push(error), messageKey: 'text' })
    const logger = pino({ ...seal, messageKey: 'text' }, memory)
    logger.warn({ to: mail }, token)
    expect(JSON.parse(memory.text)).toEqual({
      level: 40,
      time: expect.any(Number),
      'fieldseal.error': 'FIELDSEAL_INTERNAL',
      text: '[fieldseal: not passed on]',
    })
    expect(leaks(`${told[0]?.stack}`)).toEqual([])
    expect(seal.stats()).toEqual({ sealed: 0, passed: 0, dropped: 1, failed: { FIELDSEAL_INTERNAL: 1 } })
  })

  test('takes over neither a level nor a time that may be anything', () => {
    const memory = new Memory()
    const formatters = { level: () => ({ level: mail }) }
    const seal = sealingHook({ engine: failing, onError: () => {} })
    pino({ ...seal, formatters, timestamp: () => `,"time":"${token}"` }, memory).info('x')
    expect(leaks(memory.text)).toEqual([])
    expect(JSON.parse(memory.text)).toMatchObject({ level: 50, time: expect.any(Number) })
  })

  test('throws into the call where it is asked to', () => {
    const memory = new Memory()
    const logger = pino({ ...sealingHook({ engine: failing, onFailure: 'throw', onError: () => {} }) }, memory)
    expect(codeOf(() => logger.info(mail))).toBe('FIELDSEAL_INTERNAL')
    expect(memory.text).toBe('')
  })

  test('may be logged by whoever is told of an error', () => {
    const memory = new Memory()
    const seal = sealingHook({ engine: failing, onError: () => logger.info(mail) })
    const logger = pino({ ...seal }, memory)
    logger.info(token)
    expect(leaks(memory.text)).toEqual([])
    expect(seal.stats().dropped).toBe(2)
  })

  test('makes the message the body, whatever its key', () => {
    const { config } = configured([{ id: 'all', path: 'body', mask: {} }])
    const memory = new Memory()
    const seal = sealingHook({ config, messageKey: 'text' })
    pino({ ...seal, messageKey: 'text' }, memory).info({ a: 1 }, 'secret')
    expect(JSON.parse(memory.text)).toMatchObject({ text: '****', a: 1 })
    seal.close()
  })

  test('leaves lines in which nothing is found as they are', () => {
    const lines: string[] = []
    const seal = sealingHook({ engine })
    const streamWrite = (line: string): string => {
      expect(seal.hooks.streamWrite(line)).toBe(line)
      return line
    }
    pino({ hooks: { streamWrite } }, { write: (line: string) => lines.push(line) }).info({ a: 'x', n: 1.5 }, 'y "z"\n')
    expect(lines).toHaveLength(1)
    expect(seal.stats().passed).toBe(1)
  })
})

describe('options that are wrong are refused at once:', () => {
  test.each([
    ['neither configuration nor engine', {}],
    ['both', { config: 'x', engine }],
    ['another onFailure', { engine, onFailure: 'plaintext' }],
  ])('%s', (_, options) => {
    expect(codeOf(() => sealingHook(options as never))).toBe('FIELDSEAL_CONFIG_INVALID')
    expect(codeOf(() => sealingStream({ ...options, to: new Memory() } as never))).toBe('FIELDSEAL_CONFIG_INVALID')
  })

  test('a stream without another to write to', () => {
    expect(codeOf(() => sealingStream({ engine } as never))).toBe('FIELDSEAL_CONFIG_INVALID')
  })
})

describe('the stream', () => {
  test('puts lines together however they come in pieces', async () => {
    const text = `{"msg":"of ${mail}, ünï"}\nplain ${token}\r\n\n{"a":1}\nthe end of ${mail}`
    const whole = new Memory()
    const one = sealingStream({ engine, to: whole })
    one.end(text)
    await once(one, 'finish')
    const bytes = Buffer.from(text)
    for (const size of [1, 2, 7, 30]) {
      const memory = new Memory()
      const stream = sealingStream({ engine, to: memory })
      for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size))
      expect(leaks(memory.text)).toEqual([])
      stream.end()
      await once(stream, 'finish')
      expect(memory.text.split('\n')).toHaveLength(5)
      expect(leaks(memory.text)).toEqual([])
      expect(stream.stats()).toEqual(one.stats())
    }
    expect(leaks(whole.text)).toEqual([])
    expect(one.stats()).toMatchObject({ sealed: 3, passed: 1 })
  })

  test('drops a line that does not end, and goes on behind it', () => {
    const memory = new Memory()
    const stream = sealingStream({ engine, to: memory, mostLineBytes: 100, onError: () => {} })
    for (let n = 0; n < 100; n += 1) stream.write(`${mail} `)
    stream.write('\n{"msg":"x"}\n')
    expect(memory.text).toBe('{"msg":"x"}\n')
    expect(stream.stats()).toMatchObject({ dropped: 1, failed: { FIELDSEAL_INPUT_TOO_LARGE: 1 } })
    stream.destroy()
  })

  test('leaves out a line that cannot be sealed, and not those beside it', () => {
    const memory = new Memory()
    const stream = sealingStream({ engine, to: memory, onError: () => {} })
    stream.write(`{"a":1}\n{"to":"${mail}\n{"b":2}\n`)
    expect(memory.text).toBe('{"a":1}\n{"b":2}\n')
    stream.destroy()
  })

  test('throws from the call that writes where it is asked to', () => {
    const stream = sealingStream({ engine, to: new Memory(), onFailure: 'throw', onError: () => {} })
    expect(codeOf(() => stream.write(`{"to":"${mail}\n`))).toBe('FIELDSEAL_INPUT_MALFORMED')
    stream.destroy()
  })

  test('says when its destination cannot take more, and when it can', async () => {
    const to = new PassThrough({ highWaterMark: 10 })
    const stream = sealingStream({ engine, to })
    expect(stream.write('{"a":1}\n{"b":2}\n')).toBe(false)
    const drained = once(stream, 'drain')
    to.resume()
    await drained
    expect(stream.write('x\n')).toBe(true)
    stream.end()
    await once(stream, 'finish')
    expect(to.writableEnded).toBe(true)
  })

  test('fails with its destination', async () => {
    const to = new PassThrough()
    const stream = sealingStream({ engine, to })
    const failed = once(stream, 'error')
    to.destroy(new Error('full'))
    expect((await failed)[0].message).toBe('full')
  })
})
