import type { Findings } from './findings.ts'
import { quoted } from './issue.ts'
import { listenersOf, reaches } from './listeners.ts'
import { isLoopback } from './network.ts'
import type { Settings } from './schema.ts'

type ForwardSink = Extract<Settings['sinks'][string], { type: 'forward' }>

/** Checks options of a sink of Fluent Forward that depend on each other and on the sources. */
export function checkForwardSink(name: string, sink: ForwardSink, settings: Settings, findings: Findings): void {
  checkEndpoints(name, sink, settings, findings)
  checkPair(name, 'security', sink.security, ['user', 'password'], findings)
  checkPair(name, 'tls', sink.tls, ['cert', 'key'], findings)
  if (sink.retry.first > sink.retry.longest)
    findings.issue(['sinks', name, 'retry', 'first'], 'first is longer than longest')
  const { security, tls, endpoints } = sink
  if (security !== undefined && tls === undefined && !endpoints.every(isLoopback))
    findings.warning(`sink ${quoted(name)}: the shared key encrypts nothing, records go in the clear; set tls`)
}

function checkEndpoints(name: string, { endpoints }: ForwardSink, settings: Settings, findings: Findings): void {
  const seen = new Set<string>()
  for (const [index, target] of endpoints.entries()) {
    const place = ['sinks', name, 'endpoints', index]
    const address = `${target.host.toLowerCase()} ${target.port}`
    if (seen.has(address)) findings.issue(place, 'this endpoint stands there twice')
    seen.add(address)
    const itself = listenersOf(settings).find((listener) => reaches(target, listener.address))
    if (itself !== undefined)
      findings.issue(place, `${itself.owner} listens here: batches would come back without end`, 'choose another port')
  }
}

/** Two options of which neither is of use alone. */
function checkPair<Key extends string>(
  name: string,
  section: string,
  options: { readonly [K in Key]?: unknown } | undefined,
  [one, other]: readonly [Key, Key],
  findings: Findings,
): void {
  if (options === undefined) return
  for (const [there, missing] of [
    [one, other],
    [other, one],
  ] as const) {
    if (options[there] !== undefined && options[missing] === undefined)
      findings.issueAtKey(['sinks', name, section, there], `${there} needs ${missing}`)
  }
}
