import { encode } from '@msgpack/msgpack'
import { describe } from 'vitest'
import type { FormatName } from '../../../../processor/formats/index.ts'
import type { Sink } from '../../../../processor/sinks/sink.ts'
import { testSink } from '../suite.ts'
import { entry, logsOf, QUICK, sinkTo } from './fixtures.ts'
import { FluentServer } from './server.ts'

/** Batches of the suite are OTLP JSON. Here each goes as the only record of a Forward message, and is taken out again. */
function wrapping(sink: Sink): Sink {
  const send: Sink['send'] = (batch) => {
    const bytes = Buffer.from(encode(['suite', entry({ log: batch.bytes.toString() }), { size: 1 }]))
    return sink.send({ ...batch, bytes, format: 'forward' as FormatName })
  }
  return new Proxy(sink, {
    get: (target, key) => {
      if (key === 'send') return send
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe.each(['none', 'gzip'])('compression: %s', (compression) => {
  testSink('the forward sink', async () => {
    let server = await FluentServer.listen()
    const servers = [server]
    const { endpoint, port } = server
    return {
      says: '',
      create: (context, { required = true } = {}) =>
        wrapping(sinkTo([endpoint], { required, compression, retry: { ...QUICK, give_up: '100ms' } }, context)),
      received: async () =>
        servers.flatMap(({ received }) =>
          received.flatMap(({ entries }) => logsOf(entries).map((log) => Buffer.from(log))),
        ),
      refuse: () => server.close(),
      recover: async () => {
        server = await FluentServer.listen({}, port)
        servers.push(server)
      },
      close: () => server.close(),
    }
  })
})
