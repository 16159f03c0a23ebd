import type { Findings } from './findings.ts'
import { quoted } from './issue.ts'
import { isLoopback } from './network.ts'
import type { Settings } from './schema.ts'
import { sizeText } from './size-text.ts'

type ForwardSource = Extract<Settings['sources'][string], { type: 'forward' }>

/** Bytes that are read ahead, and kept of messages beside their own. */
const BESIDE = 1024 * 1024

/** Checks options of a source of Fluent Forward that depend on each other and on those of the service. */
export function checkForwardSource(name: string, source: ForwardSource, settings: Settings, findings: Findings): void {
  checkAccess(name, source, findings)
  checkUsers(name, source, findings)
  checkRoom(name, source, settings, findings)
}

function checkAccess(name: string, { insecure, listen, security, tls }: ForwardSource, findings: Findings): void {
  const guarded = security !== undefined || tls?.client_ca !== undefined
  if (insecure && guarded) {
    const message = 'insecure lets everyone in, and security or tls.client_ca do not'
    findings.issue(['sources', name, 'insecure'], message, 'remove either')
  } else if (!isLoopback(listen) && !guarded && !insecure) {
    findings.issue(
      ['sources', name, 'listen'],
      'other machines can reach this address, and nothing says who is let in',
      'set security or tls.client_ca, or listen on 127.0.0.1; insecure: true lets everyone in',
    )
  }
  if (tls === undefined && !isLoopback(listen) && guarded)
    findings.warning(`source ${quoted(name)}: the shared key encrypts nothing, records come in the clear; set tls`)
}

function checkUsers(name: string, { security }: ForwardSource, findings: Findings): void {
  const seen = new Set<string>()
  for (const [index, user] of (security?.users ?? []).entries()) {
    if (seen.has(user.name))
      findings.issue(['sources', name, 'security', 'users', index, 'name'], 'this user stands there twice')
    seen.add(user.name)
  }
}

function checkRoom(name: string, source: ForwardSource, { service, limits }: Settings, findings: Findings): void {
  const { connection } = service.in_flight
  // As it came and inflated; one without a chunk is copied for each attempt.
  const largest = source.max_message + Math.max(source.max_message, source.max_inflated) + BESIDE
  if (largest > connection) {
    findings.issue(
      ['sources', name, 'max_inflated'],
      `max_message and max_inflated are over service.in_flight.connection (${sizeText(connection)}) together, less 1MiB for what is read ahead: such a message could never be accepted`,
      'raise service.in_flight.connection, or lower them',
    )
  }
  if (source.max_inflated > limits.batch) {
    const bytes = `${sizeText(source.max_inflated)}, limits.batch ${sizeText(limits.batch)}`
    findings.warning(
      `source ${quoted(name)}: max_inflated is ${bytes}: what is between them is taken in, then rejected`,
    )
  }
}
