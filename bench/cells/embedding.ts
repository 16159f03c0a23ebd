import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'
import winston from 'winston'
import { opensTo } from '../checks/opens-to.ts'
import type { Subject } from '../measure.ts'
import type { EmbeddingCell } from './cell.ts'
import { joseOpeners } from './jose-opener.ts'
import { type KeyPair, threeKeyPairs } from './key-pairs.ts'
import { product } from './product.ts'

/** Calls in one turn of the event loop: a request of a program logs some lines, and the loop goes on. */
const CALLS = 32
const RULES = 20
const EMAIL = 'jane.doe@example.org'
/** A service's record: ten fields beside those that the logger adds. */
const RECORD = {
  requestId: '01HQ3V9Z7M2K8',
  method: 'GET',
  route: '/v1/orders/:id',
  status: 200,
  durationMs: 12.5,
  host: 'orders-7c9d',
  region: 'eu-central-1',
  tenant: 'acme',
  cached: false,
  retries: 0,
}
const MESSAGE = 'request completed'
const REDACTED = ['password', 'user.email', 'headers.authorization', 'card.number', 'token']
/** As programs mask: each expression over each text. */
const EXPRESSIONS = [
  /[\w.+-]+@[\w-]+\.[\w.-]+/g,
  /\b\d{13,19}\b/g,
  /\b\d{3}-\d{2}-\d{4}\b/g,
  /\bBearer \S+/g,
  /\+\d{7,15}\b/g,
]

/** A logger, where its lines go, and how it ends. */
interface Setting {
  log(): void
  /** Resolves once nothing of what was logged waits; not part of the cost of a call. */
  drained(): Promise<void>
  /** Lines of which the last is looked at. */
  readonly lines: readonly string[]
  close(): Promise<void>
}

/** Takes lines and keeps the last few. */
function destination(): { stream: DestinationStream & { write(line: string): void }; lines: string[] } {
  const lines: string[] = []
  const write = (line: string): void => {
    lines[0] = line
  }
  return { lines, stream: { write } }
}

function inThread(options: LoggerOptions, record: object = RECORD): Setting {
  const { stream, lines } = destination()
  const logger = pino(options, stream)
  return { lines, log: () => logger.info(record, MESSAGE), drained: async () => {}, close: async () => {} }
}

function inWorker(target: string, options: object): Setting {
  const transport = pino.transport({ target, options })
  const logger: Logger = pino(transport)
  // The worker keeps no program alive that waits for it.
  const alive = setInterval(() => {}, 1000)
  return {
    lines: [],
    log: () => logger.info(RECORD, MESSAGE),
    async drained() {
      // The worker is as fast as it is: what waits for it is no cost of the calls.
      if ((transport as { writableNeedDrain?: boolean }).writableNeedDrain === true) await once(transport, 'drain')
    },
    async close() {
      const closed = once(transport, 'close')
      transport.end()
      await closed
      clearInterval(alive)
    },
  }
}

function inWinston(format: winston.Logform.Format): Setting {
  const lines: string[] = []
  const stream = new Writable({
    write(line, _encoding, done) {
      lines[0] = String(line)
      done()
    },
  })
  const logger = winston.createLogger({
    format: winston.format.combine(winston.format.timestamp(), format, winston.format.json()),
    transports: [new winston.transports.Stream({ stream })],
  })
  return {
    lines,
    log: () => logger.info(MESSAGE, RECORD),
    drained: async () => {},
    close: async () => logger.close() as never,
  }
}

const masking = winston.format((info) => {
  for (const [key, value] of Object.entries(info)) {
    if (typeof value === 'string')
      info[key] = EXPRESSIONS.reduce((text, pattern) => text.replace(pattern, '****'), value)
  }
  return info
})

const NOTHING = fileURLToPath(new URL('./nothing-transport.ts', import.meta.url))
const built = (path: string): string =>
  fileURLToPath(new URL(`../../dist/processor/transports/${path}`, import.meta.url))

async function settingOf({ setting }: EmbeddingCell, config: string): Promise<Setting> {
  switch (setting) {
    case 'pino':
      return inThread({})
    case 'pino redact':
      return inThread({ redact: REDACTED })
    case 'pino hook':
      return inThread({ hooks: (await product.pino()).sealingHook({ config }).hooks })
    case 'pino hook, one e-mail':
      return inThread({ hooks: (await product.pino()).sealingHook({ config }).hooks }, { ...RECORD, tenant: EMAIL })
    case 'pino worker, nothing':
      return inWorker(NOTHING, {})
    case 'pino worker, sealing':
      return inWorker(built('pino/index.js'), { config, destination: '/dev/null' })
    case 'winston':
      return inWinston(winston.format((info) => info)())
    case 'winston masking':
      return inWinston(masking())
    case 'winston seal':
      return inWinston((await product.winston()).seal({ config }) as never)
  }
}

/** What one call of a logger costs the thread that calls it. */
export async function prepareEmbedding(cell: EmbeddingCell): Promise<Subject> {
  const pairs = await threeKeyPairs('P-256')
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-bench-'))
  const config = join(folder, 'config.yaml')
  writeFileSync(config, configuration(pairs))
  const setting = await settingOf(cell, config)
  return {
    clock: 'thread',
    work: async () => {
      for (let call = 0; call < CALLS; call += 1) setting.log()
      await turn()
      await setting.drained()
    },
    perWork: { records: CALLS, bytes: 0, values: CALLS },
    check: async () => {
      const problems = await problemsOf(cell, setting.lines.at(-1), pairs)
      await setting.close()
      rmSync(folder, { recursive: true, force: true })
      return problems
    },
  }
}

function configuration(pairs: readonly KeyPair[]): string {
  return JSON.stringify({
    recipients: Object.fromEntries(pairs.map(({ name, publicJwk }) => [name, { jwk: publicJwk }])),
    groups: { default: pairs.map(({ name }) => name) },
    rules: [fileURLToPath(new URL(`../rules/${RULES}.yaml`, import.meta.url))],
  })
}

/** Whether what came out is what should. The lines of workers go nowhere. */
async function problemsOf(
  { setting }: EmbeddingCell,
  line: string | undefined,
  pairs: readonly KeyPair[],
): Promise<string[]> {
  if (setting.startsWith('pino worker')) return []
  const record = JSON.parse(line ?? '{}') as Record<string, string>
  if (setting !== 'pino hook, one e-mail')
    return record.requestId === RECORD.requestId ? [] : ['the record did not come out']
  const problems: string[] = []
  for (const { name, open } of await joseOpeners(pairs, 1)) {
    if (!(await opensTo(open, record.tenant ?? '', EMAIL))) problems.push(`${name} does not open the address`)
  }
  return problems
}
