import { checkForwardSink } from './check-forward-sink.ts'
import type { Findings } from './findings.ts'
import { quoted } from './issue.ts'
import { listenersOf, reaches } from './listeners.ts'
import { isLoopback, type ListenAddress } from './network.ts'
import type { Settings } from './schema.ts'

type Sink = Settings['sinks'][string]
type HttpSink = Extract<Sink, { endpoint: string }>

/** What a sink says of a request by itself; hop-by-hop headers are the connection's (RFC 9110 section 7.6.1). */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Checks options of sinks that depend on each other and on the sources. Paths are absolute already. */
export function checkSinks(settings: Settings, findings: Findings): void {
  const sinks = Object.entries(settings.sinks)
  if (sinks.length > 0 && sinks.every(([, { required }]) => !required)) {
    const message = 'no sink is required: batches would be acknowledged that nobody has'
    findings.issueAtKey(['sinks'], message, 'leave required: true for at least one')
  }
  const files = new Map<string, string>()
  let stdout: string | undefined
  for (const [name, sink] of sinks) {
    if (sink.type === 'file') {
      const other = files.get(sink.path)
      if (other === undefined) files.set(sink.path, name)
      else findings.issue(['sinks', name, 'path'], `sink ${quoted(other)} writes the same file`)
    } else if (sink.type === 'stdout') {
      if (stdout === undefined) stdout = name
      else findings.issue(['sinks', name, 'type'], `sink ${quoted(stdout)} writes to standard output`)
    } else if (sink.type === 'forward') {
      checkForwardSink(name, sink, settings, findings)
    } else {
      checkEndpoint(name, sink, settings, findings)
      checkTls(name, sink, findings)
      checkHeaders(name, sink, findings)
      if (sink.retry.first > sink.retry.longest)
        findings.issue(['sinks', name, 'retry', 'first'], 'first is longer than longest')
    }
  }
}

function checkEndpoint(name: string, { endpoint }: HttpSink, settings: Settings, findings: Findings): void {
  const { username, password } = new URL(endpoint)
  const place = ['sinks', name, 'endpoint']
  if (username !== '' || password !== '') {
    const message = 'a URL is shown in messages: user and password do not belong into it'
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what the operator writes.
    findings.issue(place, message, 'use headers: {authorization: "Basic ${NAME}"}')
  }
  const target = addressOf(endpoint)
  const itself = listenersOf(settings).find(({ address }) => reaches(target, address))
  if (itself !== undefined)
    findings.issue(place, `${itself.owner} listens here: batches would come back without end`, 'choose another port')
}

function checkTls(name: string, { endpoint, tls }: HttpSink, findings: Findings): void {
  if (tls === undefined) return
  if (!endpoint.startsWith('https:'))
    findings.issueAtKey(['sinks', name, 'tls'], 'tls needs an https endpoint, and this one is http')
  if (tls.cert !== undefined && tls.key === undefined)
    findings.issueAtKey(['sinks', name, 'tls', 'cert'], 'cert needs key, the file of its private key')
  if (tls.key !== undefined && tls.cert === undefined)
    findings.issueAtKey(['sinks', name, 'tls', 'key'], 'key needs cert, the file of its certificate')
}

function checkHeaders(name: string, { endpoint, headers }: HttpSink, findings: Findings): void {
  const seen = new Set<string>()
  for (const header of Object.keys(headers)) {
    const lower = header.toLowerCase()
    const place = ['sinks', name, 'headers', header]
    if (RESERVED_HEADERS.has(lower)) findings.issueAtKey(place, 'the sink sets this header itself')
    if (seen.has(lower)) findings.issueAtKey(place, 'this header is set twice; case does not count')
    seen.add(lower)
  }
  if (seen.has('authorization') && endpoint.startsWith('http:') && !isLoopback(addressOf(endpoint)))
    findings.warning(`sink ${quoted(name)}: authorization goes over the network in the clear; use an https endpoint`)
}

function addressOf(endpoint: string): ListenAddress {
  const { hostname, port, protocol } = new URL(endpoint)
  const standard = protocol === 'https:' ? 443 : 80
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) }
}
