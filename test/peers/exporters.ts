import { join } from 'node:path'
import { describe } from 'vitest'
import { describeWithPeer } from './peer.ts'
import { RunningProgram } from './running-program.ts'

export interface SendOptions {
  readonly endpoint: string
  readonly records: number
  readonly batch: number
  readonly compression: 'none' | 'gzip'
  /** By default HTTP. */
  readonly protocol?: 'http' | 'grpc'
  /** Files of PEM: the authority to trust, and for mutual TLS a certificate with its key. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** What an exporter was told of the records that it sent, by their numbers. */
export interface Sent {
  readonly accepted: readonly number[]
  readonly refused: readonly number[]
  readonly code: number | null
}

export interface Exporter {
  readonly name: string
  readonly format: 'otlp-json' | 'otlp-protobuf'
  /** It tells its caller that a batch has failed of which the backend wanted a part alone. */
  readonly partialSuccessFails: boolean
  /** It may have several batches under way together, which then arrive in any order. */
  readonly concurrent: boolean
  send(options: SendOptions): Promise<Sent>
}

const JAVASCRIPT = join(import.meta.dirname, 'javascript-exporter/main.ts')

/** A suite for each exporter; those that cannot be had are skipped by name. */
export function describeEachExporter(suite: (exporter: Exporter) => void): void {
  for (const encoding of ['json', 'protobuf'] as const) {
    const javascript = javascriptExporter(encoding)
    describe(javascript.name, () => suite(javascript))
  }
  for (const [name, peer] of PEERS)
    describeWithPeer(name, peer, (program) => suite(exporter(name, 'otlp-protobuf', program)))
}

/** The same over gRPC, which has one encoding. */
export function describeEachGrpcExporter(suite: (exporter: Exporter) => void): void {
  const over = (sends: Exporter): Exporter => ({
    ...sends,
    send: (options) => sends.send({ ...options, protocol: 'grpc' }),
  })
  const javascript = over(exporter('the JavaScript SDK, gRPC', 'otlp-protobuf', process.execPath, [JAVASCRIPT]))
  describe(javascript.name, () => suite(javascript))
  for (const [name, peer] of PEERS)
    describeWithPeer(`${name}, gRPC`, peer, (program) =>
      suite(over(exporter(`${name}, gRPC`, 'otlp-protobuf', program))),
    )
}

/** The one exporter that is always there. */
export function javascriptExporter(encoding: 'json' | 'protobuf'): Exporter {
  const args = [JAVASCRIPT, '--encoding', encoding]
  return exporter(`the JavaScript SDK, http/${encoding}`, `otlp-${encoding}`, process.execPath, args)
}

const PEERS = [
  ['the Python SDK', 'python-exporter'],
  ['the Go SDK', 'go-exporter'],
] as const

function exporter(name: string, format: Exporter['format'], command: string, args: readonly string[] = []): Exporter {
  return {
    name,
    format,
    partialSuccessFails: command.includes('go-exporter'),
    concurrent: args.includes(JAVASCRIPT),
    async send(options) {
      const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
      const program = new RunningProgram(command, [...args, ...flags])
      const { code } = await program.finished
      const outcomes = program.lines
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Partial<Pick<Sent, 'accepted' | 'refused'>>)
      return {
        accepted: outcomes.flatMap(({ accepted = [] }) => accepted),
        refused: outcomes.flatMap(({ refused = [] }) => refused),
        code,
      }
    },
  }
}
