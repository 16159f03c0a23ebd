import type { Findings } from './findings.ts'
import { isLoopback } from './network.ts'
import type { Settings } from './schema.ts'

type Source = Settings['sources'][string]

/** Checks options of sources that depend on each other and on those of the service. */
export function checkSources(settings: Settings, findings: Findings): void {
  for (const [name, source] of Object.entries(settings.sources)) {
    checkAccess(name, source, findings)
    checkRoom(name, source, settings, findings)
    // Node refuses to make a server otherwise.
    if (source.headers_timeout > source.request_timeout) {
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

function checkRoom(name: string, source: Source, { service, limits }: Settings, findings: Findings): void {
  const { connection } = service.in_flight
  // As it came and inflated, a request is in memory twice.
  const largest = source.max_wire + source.max_inflated
  if (largest > connection) {
    findings.issue(
      ['sources', name, 'max_inflated'],
      `max_wire and max_inflated are ${sizeText(largest)} together, and service.in_flight.connection is ${sizeText(connection)}: such a request could never be accepted`,
      'raise service.in_flight.connection, or lower them',
    )
  }
  if (source.max_inflated > limits.batch) {
    const bytes = `${sizeText(source.max_inflated)}, limits.batch ${sizeText(limits.batch)}`
    findings.warning(`source "${name}": max_inflated is ${bytes}: what is between them is taken in, then refused`)
  }
}

/** A size as an operator writes it. */
function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let [size, unit] = [bytes, 0]
  while (size >= 1024 && size % 1024 === 0) [size, unit] = [size / 1024, unit + 1]
  return `${size}${units[unit]}`
}
