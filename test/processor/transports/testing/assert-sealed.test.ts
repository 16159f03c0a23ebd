import { Writable } from 'node:stream'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import pino from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import winston from 'winston'
import { SealingLogRecordExporter } from '../../../../processor/transports/otel/index.ts'
import { assertSealed, CANARIES } from '../../../../processor/transports/testing/index.ts'
import { seal } from '../../../../processor/transports/winston/index.ts'
import { engineFor } from '../../engine/fixtures.ts'

const engine = engineFor([
  { id: 'all', detect: ['email', 'payment_card', 'iban', 'phone_e164', 'aws_access_key_id'], seal: { to: 'all' } },
])
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
    const error = await failure(pino({ level: 'trace' }, { write: (line) => open.push(line) }), {
      stream: () => open.join(''),
    })
    for (const way of ['trace x message', 'fatal x child', 'warn x cause', 'info x nested'])
      expect(error).toContain(`${way} x stream: email`)
    for (const value of Object.values(CANARIES)) expect(error).not.toContain(value)
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
      else expect(await done).toContain('ERROR x exception x memory')
    }
  })

  test('fails where one of several values leaves, and says which', async () => {
    const { lines, stream } = sink()
    const error = await failure(winstonLogger(stream, mailsOnly), { stream: () => lines })
    expect(error).toContain('payment_card is in the clear')
    expect(error).not.toContain('email')
  })

  test('fails where no record arrives, and where some do not', async () => {
    const { lines, stream } = sink()
    const logger = winstonLogger(stream, engine)
    expect(await failure(logger, { empty: () => '' }, 50)).toMatch(/^empty: \d+ of \d+ records have not arrived/)
    expect(await failure(logger, { part: () => lines.filter((line) => !line.includes('"level":"warn"')) }, 50)).toMatch(
      /not arrived: warn x/,
    )
  })

  test.each(['base64', 'hex'] as const)('sees a value in %s', async (encoding) => {
    const { lines, stream } = sink()
    const read = () =>
      lines.map((line) =>
        line.includes('canary.f')
          ? `${line.slice(0, 200)} ${Buffer.from(line).toString(encoding)}`.replaceAll(CANARIES.email!, '')
          : line,
      )
    expect(await failure(winstonLogger(stream), { read }, 50)).toContain(encoding === 'hex' ? 'hexadecimal' : 'base64')
  })

  test('refuses what it could not look at', async () => {
    const { stream } = sink()
    await expect(assertSealed(console, { outputs: { x: () => '' } })).rejects.toThrow(TypeError)
    await expect(assertSealed(winstonLogger(stream), { outputs: {} })).rejects.toThrow(TypeError)
    await expect(
      assertSealed(winstonLogger(stream), { outputs: { x: () => '' }, canaries: ['nobody'] }),
    ).rejects.toThrow(TypeError)
  })
})

async function failure(
  logger: unknown,
  outputs: Parameters<typeof assertSealed>[1]['outputs'],
  timeout = 5000,
): Promise<string> {
  try {
    await assertSealed(logger, { outputs, timeout })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
