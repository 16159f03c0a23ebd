import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import winston from 'winston'
import { SealTransport, seal } from '../../../../processor/transports/winston/index.ts'
import { CANARY, canaryEngine, configFolder, leaks } from '../canaries.ts'
import { expectOpens } from '../opened.ts'
import { ended } from './sinks.ts'

const { mail } = CANARY
const engine = canaryEngine()
afterAll(() => engine.close())

const ROOT = resolve(import.meta.dirname, '../../../..')
const SOURCE = join(ROOT, 'processor/transports/winston/index.ts')

function folder(): string {
  const made = configFolder()
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

function lines() {
  let text = ''
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk)
      done()
    },
  })
  return { text: () => text, transport: new winston.transports.Stream({ stream, eol: '\n' }) }
}

async function run(cwd: string, program: string): Promise<{ code: number; stdout: string; stderr: string }> {
  writeFileSync(join(cwd, 'program.mts'), program)
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, ['program.mts'], { cwd })) }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

describe('a configuration file', () => {
  test('seals by the format and by the transport, which share its engine', async () => {
    const config = join(folder(), 'fieldseal.yaml')
    const [first, second] = [lines(), lines()]
    const format = seal({ config })
    const transport = new SealTransport({ config, inner: second.transport })
    const loggers = [
      winston.createLogger({
        format: winston.format.combine(format, winston.format.json()),
        transports: [first.transport],
      }),
      winston.createLogger({ transports: [transport] }),
    ]
    for (const logger of loggers) {
      logger.info(`of ${mail}`)
      await ended(logger)
    }
    format.close()
    for (const text of [first.text(), second.text()]) {
      expect(leaks(text)).toEqual([])
      expect(text).toMatch(/of \[sealed:email:[\w-]{8}\/0\]/)
    }
    await expectOpens(second.text(), [mail])
    expect(transport.stats()).toEqual({ sealed: 1, passed: 0, dropped: 0, failed: {} })
  })

  test('that is not there, or that is none, is said at once, by format and transport', () => {
    const made = folder()
    writeFileSync(join(made, 'bad.yaml'), 'rules: 7')
    for (const name of ['nowhere.yaml', 'bad.yaml']) {
      const config = join(made, name)
      const code = name === 'bad.yaml' ? 'FIELDSEAL_CONFIG_INVALID' : 'FIELDSEAL_CONFIG_UNREADABLE'
      expect(() => seal({ config })).toThrow(expect.objectContaining({ code }))
      expect(() => new SealTransport({ config, inner: lines().transport })).toThrow(expect.objectContaining({ code }))
    }
    expect(() => seal({ config: 'x', engine } as never)).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_CONFIG_INVALID' }),
    )
  })

  test('is read anew once the last who used it has closed it', async () => {
    const made = folder()
    const config = join(made, 'fieldseal.yaml')
    const uses = [seal({ config }), seal({ config })] as const
    writeFileSync(join(made, 'rules.yaml'), 'rules: []')
    const write = (format: ReturnType<typeof seal>) => format.transform({ level: 'info', message: mail })
    uses[0].close()
    uses[0].close()
    expect(leaks(JSON.stringify(write(uses[1])))).toEqual([])
    uses[1].close()
    const [, other] = [uses, seal({ config })]
    expect(write(other)).toMatchObject({ message: mail })
    other.close()
  })
})

describe('a transport of winston 2', () => {
  test('gets level, message and fields sealed, and is closed when the logger ends', async () => {
    const got: unknown[][] = []
    let closed = 0
    const legacy = {
      name: 'legacy',
      log(level: string, message: string, meta: object, done: (error: null, ok: boolean) => void) {
        got.push([level, message, meta])
        done(null, true)
      },
      close() {
        closed += 1
      },
    }
    const transport = new SealTransport({ engine, inner: legacy })
    const logger = winston.createLogger({ transports: [transport] })
    logger.warn(`login of ${mail}`, { token: CANARY.token })
    logger.info('nothing')
    await ended(logger)
    const text = JSON.stringify(got)
    expect(leaks(text)).toEqual([])
    await expectOpens(text, [mail, CANARY.token])
    expect(got.map(([level]) => level)).toEqual(['warn', 'info'])
    expect(closed).toBeGreaterThan(0)
    expect(transport.stats()).toMatchObject({ sealed: 1, passed: 1 })
  })

  test('that winston wraps itself gets what the format has sealed', async () => {
    const got: unknown[][] = []
    class Legacy {
      readonly name = 'legacy'
      log(level: string, message: string, meta: object, done: (error: null, ok: boolean) => void) {
        got.push([level, message, meta])
        done(null, true)
      }
      on() {}
      removeListener() {}
    }
    const logger = winston.createLogger({ format: seal({ engine }), transports: [new Legacy() as never] })
    logger.info(`login of ${mail}`, { token: CANARY.token })
    await ended(logger)
    const text = JSON.stringify(got)
    expect(leaks(text)).toEqual([])
    await expectOpens(text, [mail, CANARY.token])
  })
})

test('an uncaught exception and a rejection are written sealed by a program that ends of them', async () => {
  const cases = [
    ['setImmediate(() => { throw new Error(text) })', 'exceptionHandlers'],
    ['Promise.reject(new Error(text))', 'rejectionHandlers'],
  ].flatMap((one) => ['format', 'transport'].map((form) => [...one, form]))
  await Promise.all(
    cases.map(async ([end, option, form]) => {
      const made = folder()
      symlinkSync(join(ROOT, 'node_modules'), join(made, 'node_modules'))
      const { code, stdout, stderr } = await run(
        made,
        `import winston from 'winston'
import { SealTransport, seal } from ${JSON.stringify(SOURCE)}
const { combine, errors, json } = winston.format
const config = 'fieldseal.yaml'
// Its File writes nothing of an exception that ends the program.
const out = (format) => new winston.transports.Console({ format })
const text = ['jane.canary', 'plant.example'].join('@')
winston.createLogger(${
          form === 'format'
            ? `{ format: combine(errors({ stack: true }), seal({ config }), json()), transports: [], ${option}: [out()] }`
            : `{ transports: [], ${option}: [new SealTransport({ config, inner: out(json()) })] }`
        })
${end}
`,
      )
      expect(code).toBe(1)
      expect(leaks(stdout + stderr)).toEqual([])
      await expectOpens(stdout, [mail])
      expect(JSON.parse(stdout.trim())).toMatchObject({ level: 'error' })
    }),
  )
})

test('where the exporter of OTLP is not installed, each record is left out, with the code and the command', async () => {
  const made = folder()
  // A package beside which all is installed but that.
  const modules = join(made, 'node_modules')
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name.startsWith('.')) continue
    const scoped = name.startsWith('@') ? readdirSync(join(ROOT, 'node_modules', name)) : []
    for (const one of name.startsWith('@') ? scoped.map((inner) => `${name}/${inner}`) : [name])
      if (one !== '@opentelemetry/exporter-logs-otlp-http') link(modules, one)
  }
  for (const part of ['processor', 'detectors', 'rules', 'package.json'])
    cpSync(join(ROOT, part), join(made, part), { recursive: true })
  const { stdout, stderr } = await run(
    made,
    `import winston from 'winston'
import { OtlpTransport } from './processor/transports/winston/index.ts'
const told = []
const transport = new OtlpTransport({ config: 'fieldseal.yaml', url: 'http://127.0.0.1:9/v1/logs', onError: (e) => told.push(e) })
const logger = winston.createLogger({ transports: [transport] })
logger.info('of ${mail}')
logger.on('finish', () => console.log(JSON.stringify([transport.stats(), told.map(({ code, message }) => [code, message])])))
logger.end()
`,
  )
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual([
    { sealed: 0, passed: 0, dropped: 1, failed: { FIELDSEAL_PEER_MISSING: 1 } },
    [['FIELDSEAL_PEER_MISSING', expect.stringContaining('npm install @opentelemetry/exporter-logs-otlp-http')]],
  ])
})

function link(modules: string, name: string): void {
  mkdirSync(join(modules, name, '..'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
}

describe('a transport that is taken off its logger', () => {
  test('has written what it got, gets no more, and others go on', async () => {
    const config = join(folder(), 'fieldseal.yaml')
    const [taken, other] = [lines(), lines()]
    const [first, second] = [taken, other].map(({ transport }) => new SealTransport({ config, inner: transport }))
    const logger = winston.createLogger({ transports: [first!, second!] })
    logger.info(`one ${mail}`)
    await setTimeout(0)
    logger.remove(first!)
    logger.info(`two ${mail}`)
    await ended(logger)
    expect(taken.text()).toContain('one ')
    expect(taken.text()).not.toContain('two ')
    expect(other.text()).toMatch(/one [\s\S]*two /)
    expect(leaks(taken.text() + other.text())).toEqual([])
  })

  test('seals a record that comes all the same, by clear() and close() of the logger as well', async () => {
    const config = join(folder(), 'fieldseal.yaml')
    for (const stop of ['clear', 'close'] as const) {
      const { text, transport } = lines()
      const sealing = new SealTransport({ config, inner: transport })
      const logger = winston.createLogger({ transports: [sealing] })
      logger.info(`one ${mail}`)
      await setTimeout(0)
      logger[stop]()
      sealing.log(
        {
          level: 'info',
          message: `two ${mail}`,
          [Symbol.for('level')]: 'info',
          [Symbol.for('message')]: `two ${mail}`,
        },
        () => {},
      )
      expect(text()).toMatch(/one \[sealed[\s\S]*two \[sealed/)
      expect(leaks(text())).toEqual([])
    }
  })
})
