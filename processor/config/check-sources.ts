import { checkForwardSource } from './check-forward-source.ts'
import { checkLineSources } from './check-line-sources.ts'
import type { Findings } from './findings.ts'
import { isLoopback } from './network.ts'
import type { Settings } from './schema.ts'
import { sizeText } from './size-text.ts'

type Source = Extract<Settings['sources'][string], { type: 'otlp_http' | 'otlp_grpc' }>

/** Checks options of sources that depend on each other and on those of the service. */
export function checkSources(settings: Settings, findings: Findings): void {
  checkLineSources(settings, findings)
  for (const [name, source] of Object.entries(settings.sources)) {
    if (source.type === 'forward') checkForwardSource(name, source, settings, findings)
    if (source.type !== 'otlp_http' && source.type !== 'otlp_grpc') continue
    checkAccess(name, source, findings)
    checkRoom(name, source, settings, findings)
    // Node refuses to make a server otherwise.
    if (source.type === 'otlp_http' && source.headers_timeout > source.request_timeout) {
      const message = 'headers_timeout is longer than request_timeout, which includes it'
      findings.issue(['sources', name, 'headers_timeout'], message)
    }
  }
}

function checkAccess(name: string, source: Source, findings: Findings): void {
  const guarded = source.tokens.length > 0 || source.tls?.client_ca !== undefined
  if (source.insecure && guarded) {
    findings.issue(
      ['sources', name, 'insecure'],
      'insecure lets everyone in, and tokens or tls.client_ca do not',
      'remove either',
    )
  } else if (!isLoopback(source.listen) && !guarded && !source.insecure) {
    findings.issue(
      ['sources', name, 'listen'],
      'other machines can reach this address, and nothing says who is let in',
      'set tokens or tls.client_ca, or listen on 127.0.0.1; insecure: true lets everyone in',
    )
  }
  if (source.tokens.length > 0 && source.tls === undefined && !isLoopback(source.listen))
    findings.warning(`source "${name}": tokens come over the network in the clear; set tls`)
}

/** Bytes that one request takes at the most. */
function largestRequest({ type, max_wire: wire, max_inflated: inflated }: Source): number {
  // As it came and inflated, a request is in memory twice; a message of gRPC is inflated as it comes.
  return type === 'otlp_http' ? wire + inflated : Math.max(wire, inflated)
}

function checkRoom(name: string, source: Source, { service, limits }: Settings, findings: Findings): void {
  const { connection } = service.in_flight
  const largest = largestRequest(source)
  if (largest > connection) {
    const what = source.type === 'otlp_http' ? 'max_wire and max_inflated are' : 'max_wire or max_inflated is'
    const size = source.type === 'otlp_http' ? `${sizeText(largest)} together` : sizeText(largest)
    findings.issue(
      ['sources', name, 'max_inflated'],
      `${what} ${size}, and service.in_flight.connection is ${sizeText(connection)}: such a request could never be accepted`,
      'raise service.in_flight.connection, or lower them',
    )
  }
  if (source.max_inflated > limits.batch) {
    const bytes = `${sizeText(source.max_inflated)}, limits.batch ${sizeText(limits.batch)}`
    findings.warning(`source "${name}": max_inflated is ${bytes}: what is between them is taken in, then refused`)
  }
}
