import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { SecureContext } from 'node:tls'
import type { Secret } from '../secret.ts'

/** Where canaries go in. */
export interface Endpoint {
  /** With the path of logs. */
  readonly url: URL
  readonly headers: Readonly<Record<string, Secret>>
  /** For https. */
  readonly tls: SecureContext | undefined
}

/** Milliseconds between attempts. */
const PAUSE_MS = 250

/** After them a batch may pass later (OTLP, "Failures"). */
const RETRYABLE = new Set([429, 502, 503, 504])

/**
 * Sends a request, and again where that may help.
 *
 * @param signal - ends the attempts.
 * @returns undefined once it was taken; else what became of it, in our words.
 */
export async function send(endpoint: Endpoint, body: Buffer, signal: AbortSignal): Promise<string | undefined> {
  for (;;) {
    const status = await post(endpoint, body, signal)
    if (typeof status === 'number' && status >= 200 && status < 300) return undefined
    const problem = typeof status === 'number' ? `the service answered with ${status}` : 'the service was not reached'
    if (signal.aborted || (typeof status === 'number' && !RETRYABLE.has(status))) return problem
    await pause(signal)
  }
}

export function pause(signal: AbortSignal, milliseconds = PAUSE_MS): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}

/** The status; undefined where there was no answer. */
function post({ url, headers, tls }: Endpoint, body: Buffer, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    const shown = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.reveal().toString('latin1')]),
    )
    const options = {
      method: 'POST',
      headers: { ...shown, 'content-type': 'application/json', 'content-length': body.length },
      signal,
      agent: false,
    } as const
    const answered = (response: IncomingMessage) => {
      response.resume()
      response.on('error', () => resolve(undefined))
      response.on('end', () => resolve(response.statusCode))
    }
    const outgoing =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...(tls === undefined ? {} : { secureContext: tls }) }, answered)
        : httpRequest(url, options, answered)
    outgoing.on('error', () => resolve(undefined))
    outgoing.end(body)
  })
}
