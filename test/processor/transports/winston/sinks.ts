import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { logs } from '@opentelemetry/api-logs'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { OpenTelemetryTransportV3 } from '@opentelemetry/winston-transport'
import winston from 'winston'
import { everythingIn } from '../canaries.ts'

/** Somewhere that winston writes to, with a real transport. */
export interface Sink {
  readonly name: string
  transport(): winston.transport
  /** All that has arrived, once the logger has ended. */
  read(): Promise<string>
  /** Records of it as objects, where it has them. */
  records(): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

const EOL = '\n'
const parsed = (text: string): Record<string, unknown>[] =>
  text
    .split(EOL)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

function streamSink(): Sink {
  let text = ''
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk)
      done()
    },
  })
  return {
    name: 'a stream of lines',
    transport: () => new winston.transports.Stream({ stream, eol: EOL }),
    read: async () => text,
    records: async () => parsed(text),
    close: async () => {},
  }
}

/** All that a format or transport could see of a record, symbols included. */
function probeSink(): Sink {
  const infos: object[] = []
  const stream = new Writable({
    objectMode: true,
    write(info, _, done) {
      infos.push(info)
      done()
    },
  })
  return {
    name: 'all of the record',
    transport: () => Object.assign(stream, { log: () => {} }) as unknown as winston.transport,
    read: async () => everythingIn(infos),
    records: async () => infos.map((info) => ({ ...info, splat: Reflect.get(info, Symbol.for('splat')) })),
    close: async () => {},
  }
}

function fileSink(): Sink {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-winston-'))
  const filename = join(folder, 'app.log')
  return {
    name: 'a file',
    transport: () => new winston.transports.File({ filename }),
    read: async () => readFileSync(filename, 'utf8'),
    records: async () => parsed(readFileSync(filename, 'utf8')),
    close: async () => rmSync(folder, { recursive: true }),
  }
}

async function httpSink(): Promise<Sink> {
  const bodies: string[] = []
  let expected = 0
  let arrived = () => {}
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString())
      response.end()
      arrived()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    name: 'HTTP',
    transport() {
      const transport = new winston.transports.Http({ host: '127.0.0.1', port })
      const log = transport.log!.bind(transport)
      // It does not wait for its requests when it ends.
      transport.log = (info, next) => {
        expected += 1
        return log(info, next)
      }
      return transport
    },
    async read() {
      while (bodies.length < expected) await new Promise<void>((resolve) => (arrived = resolve))
      return bodies.join(EOL)
    },
    records: async () => bodies.map((body) => JSON.parse(body)),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function otelSink(): Sink {
  const exporter = new InMemoryLogRecordExporter()
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] })
  return {
    name: '@opentelemetry/winston-transport',
    transport() {
      logs.disable()
      logs.setGlobalLoggerProvider(provider)
      return new OpenTelemetryTransportV3() as unknown as winston.transport
    },
    read: async () =>
      everythingIn(
        exporter
          .getFinishedLogRecords()
          .map(({ body, attributes, severityText, eventName }) => ({ body, attributes, severityText, eventName })),
      ),
    records: async () =>
      exporter.getFinishedLogRecords().map(({ body, attributes }) => ({ message: body, ...attributes })),
    close: () => provider.shutdown(),
  }
}

export const SINKS: readonly (() => Sink | Promise<Sink>)[] = [streamSink, probeSink, fileSink, httpSink, otelSink]

/** Ends a logger, and waits until each of its transports has written what it had. */
export function ended(logger: winston.Logger): Promise<void> {
  return new Promise((resolve) => {
    logger.once('finish', () => resolve())
    logger.end()
  })
}
