import { otlpHttpSinkSettings } from '../../processor/sinks/otlp-http/settings.ts'
import { createOtlpHttpSink } from '../../processor/sinks/otlp-http/sink.ts'
import { CONNECTIONS, type HttpClient, PATH } from './client.ts'

/** The sink itself, over the client that it has: what retries, limits and settlements cost. */
export async function otlpHttpSink(port: number): Promise<HttpClient> {
  const endpoint = `http://127.0.0.1:${port}${PATH}`
  const settings = otlpHttpSinkSettings.parse({ type: 'otlp_http', endpoint, requests: CONNECTIONS })
  const sink = createOtlpHttpSink(settings, { name: 'bench', log: () => {} })
  await sink.start()
  const { signal } = new AbortController()
  return {
    post(bytes, done) {
      sink
        .send({ bytes, format: 'otlp-protobuf', records: 512, signal })
        .then(({ outcome }) => done(outcome === 'accepted' ? 200 : 0))
    },
  }
}
