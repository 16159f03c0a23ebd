import { Writable } from 'node:stream'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import pino from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import winston from 'winston'
import { parse } from 'yaml'
import { DETECTORS } from '../../../../detectors/index.ts'
import { DetectorSet } from '../../../../detectors/set.ts'
import { SealingLogRecordExporter } from '../../../../processor/transports/otel/index.ts'
import { canaryOf } from '../../../../processor/transports/testing/canaries.ts'
import { assertSealed, CANARIES, DEFAULT_CANARIES } from '../../../../processor/transports/testing/index.ts'
import { seal } from '../../../../processor/transports/winston/index.ts'
import { opens } from '../../../detectors/opened.ts'
import { document } from '../../../docs/document.ts'
import { engineFor } from '../../engine/fixtures.ts'

const engine = engineFor([{ id: 'all', detect: Object.keys(CANARIES), seal: { to: 'all' } }])
const mailsOnly = engineFor([{ id: 'mails', detect: 'email', seal: { to: 'all' } }])
afterAll(() => {
  engine.close()
  mailsOnly.close()
})

function sink(): { lines: string[]; stream: Writable } {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { lines, stream }
}

const { combine, splat, json } = winston.format

function winstonLogger(stream: Writable, using?: typeof engine): winston.Logger {
  const formats = using === undefined ? [splat(), json()] : [splat(), seal({ engine: using }), json()]
  return winston.createLogger({ format: combine(...formats), transports: [new winston.transports.Stream({ stream })] })
}

describe('assertSealed', () => {
  test('passes for a sealed logger of winston', async () => {
    const { lines, stream } = sink()
    await assertSealed(winstonLogger(stream, engine), { outputs: { stream: () => lines } })
    expect(lines.length).toBeGreaterThan(100)
  })

  test('passes for a sealed logger of pino, and names each leak of one that is not', async () => {
    const lines: string[] = []
    const sealed = pino(
      { level: 'trace' },
      { write: (line) => lines.push(engine.seal(Buffer.from(line), 'json-lines').bytes.toString()) },
    )
    await assertSealed(sealed, { outputs: { stream: () => lines.join('') } })
    const open: string[] = []
    const error = await failure(
      pino({ level: 'trace' }, { write: (line) => open.push(line) }),
      {
        stream: () => open.join(''),
      },
      ['email'],
    )
    for (const way of ['trace x message', 'fatal x child', 'warn x cause', 'info x nested'])
      expect(error).toContain(`${way} x stream: email`)
    expect(error).not.toContain('jane.doe')
  })

  test('passes for a sealed logger of OpenTelemetry, and fails for one that is not', async () => {
    for (const isSealed of [true, false]) {
      const exporter = new InMemoryLogRecordExporter()
      const used = isSealed ? new SealingLogRecordExporter(exporter, { engine }) : exporter
      const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: used })] })
      const done = failure(provider.getLogger('test'), {
        memory: () => exporter.getFinishedLogRecords().map(({ body, attributes }) => ({ body, attributes })),
      })
      if (isSealed) expect(await done).toBe('')
      else expect(await done).toContain('x exception x memory')
    }
  })

  test('fails where one of several values leaves, and says which', async () => {
    const { lines, stream } = sink()
    const error = await failure(winstonLogger(stream, mailsOnly), { stream: () => lines }, ['email', 'payment_card'])
    expect(error).toContain('info x fields x stream: payment_card is in the clear (as it is)')
    expect(error).not.toContain('email')
  })

  test('fails where no record arrives, and where some do not', async () => {
    const { lines, stream } = sink()
    const logger = winstonLogger(stream, engine)
    expect(await failure(logger, { empty: () => '' }, ['email'], 50)).toMatch(
      /^empty: \d+ of \d+ records have not arrived/,
    )
    const part = () => lines.filter((line) => !line.includes('"level":"warn"'))
    expect(await failure(logger, { part }, ['email'], 50)).toMatch(/not arrived: warn x/)
  })

  test.each(['base64', 'hex'] as const)('sees a value in %s', async (encoding) => {
    const { lines, stream } = sink()
    const value = 'C-00000042'
    const read = () => lines.map((line) => `${line.replaceAll(value, '')} ${Buffer.from(line).toString(encoding)}`)
    const error = await failure(winstonLogger(stream), { read }, { customer: value }, 50)
    expect(error).toContain(`customer is in the clear (${encoding === 'hex' ? 'hexadecimal' : 'base64'}`)
    expect(error).not.toContain(value)
  })

  test('takes short values for words', async () => {
    for (const [written, is] of [
      ['xC-42x', false],
      ['of C-42.', true],
    ] as const) {
      const lines: string[] = []
      const read = () => lines.map((line) => line.replaceAll('C-42', '') + written)
      const error = await failure(pino({}, { write: (line) => lines.push(line) }), { read }, { customer: 'C-42' })
      expect(error.split('\n')[0]).toEqual(is ? expect.stringContaining('is in the clear (as it is)') : '')
    }
  })

  test('says of many values which are left open, and not more than can be read', async () => {
    const { lines, stream } = sink()
    const error = await failure(winstonLogger(stream, mailsOnly), { stream: () => lines })
    expect(error).toMatch(/and \d+ more$/)
    expect(error.split('\n')).toHaveLength(101)
    for (const line of error.split('\n').slice(0, -1))
      expect(line).toMatch(/^\w+ x [\w ]+ x stream: \w+ is in the clear \([\w ,-]+\)$/)
  })

  test('refuses what it could not look at', async () => {
    const { stream } = sink()
    await expect(assertSealed(console, { outputs: { x: () => '' } })).rejects.toThrow(TypeError)
    await expect(assertSealed(winstonLogger(stream), { outputs: {} })).rejects.toThrow(TypeError)
    await expect(
      assertSealed(winstonLogger(stream), { outputs: { x: () => '' }, canaries: ['nobody'] }),
    ).rejects.toThrow(TypeError)
    await expect(
      assertSealed(winstonLogger(stream), { outputs: { x: () => '' }, canaries: { short: 'abc' } }),
    ).rejects.toThrow(TypeError)
  })
})

describe('The canaries', () => {
  test('are one for each detector that is not off', () => {
    expect(Object.keys(CANARIES)).toEqual(
      DETECTORS.filter(({ activation }) => activation !== 'off').map(({ name }) => name),
    )
  })

  test('are by default those of the default rules', () => {
    const { rules } = parse(document('rules/packs/default.yaml')) as { rules: { detect?: string[] }[] }
    const used = new Set(rules.flatMap(({ detect = [] }) => detect))
    expect(new Set(DEFAULT_CANARIES)).toEqual(used)
  })

  test.each(Object.keys(CANARIES))('%s is found by its detector, by the key where it has one', (name) => {
    const { text, value, key = '' } = canaryOf(name)
    const { activation } = DETECTORS.find((detector) => detector.name === name)!
    expect(text).toContain(value)
    expect(value.length).toBeGreaterThanOrEqual(4)
    if (activation === 'key') expect(opens(DETECTORS.find((detector) => detector.name === name)!, key)).toBe(true)
    else
      expect(
        new DetectorSet([DETECTORS.find((one) => one.name === name)!]).find(
          Buffer.from(key === '' ? `x of ${text} there` : text),
          () => true,
          key,
        ),
      ).not.toEqual([])
  })

  test('have addresses and hosts of nobody', () => {
    for (const text of Object.values(CANARIES)) {
      for (const [, domain] of text.matchAll(/@([\w-]+(?:\.[\w-]+)+)/g))
        expect(domain).toMatch(/(^|\.)(example(\.(com|org|net))?|invalid|test)$/)
    }
  })
})

async function failure(
  logger: unknown,
  outputs: Parameters<typeof assertSealed>[1]['outputs'],
  canaries?: NonNullable<Parameters<typeof assertSealed>[1]['canaries']>,
  timeout = 5000,
): Promise<string> {
  try {
    await assertSealed(logger, { outputs, timeout, ...(canaries === undefined ? {} : { canaries }) })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
