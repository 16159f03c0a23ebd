import { type RequestOptions, request } from 'node:http'
import { prometheusLabel, prometheusName } from '../telemetry/prometheus-name.ts'
import { CANARY_SERVICE } from './planted.ts'

/** The admin listener of the service: loopback, or a unix socket. */
export type AdminPlace = { readonly socketPath: string } | { readonly host: string; readonly port: number }

const MOST_BYTES = 32 << 20
const TIMEOUT_MS = 5_000

/**
 * How often the leak scan has found something of a detector in canaries.
 *
 * @returns undefined where the page could not be read.
 */
export async function findingsOf(admin: AdminPlace, detector: string): Promise<number | undefined> {
  const page = await read({ ...admin, path: '/metrics' })
  return page === undefined ? undefined : countIn(page, detector)
}

const LINE = new RegExp(`^${prometheusName('fieldseal.leak.findings')}\\{(.*)\\} (\\S+)`)
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g
/** A service that has no place of its own among those that are counted is `other`; `*` is one that was masked. */
const SERVICES = new Set([CANARY_SERVICE, 'other', '*'])

export function countIn(page: string, detector: string): number {
  let sum = 0
  for (const line of page.split('\n')) {
    const [, labels, value] = LINE.exec(line) ?? []
    if (labels === undefined) continue
    const byName = new Map([...labels.matchAll(LABEL)].map(([, name, text]) => [name!, text!]))
    const service = byName.get(prometheusLabel('service.name'))
    if (byName.get(prometheusLabel('fieldseal.detector')) !== detector) continue
    if (service !== undefined && SERVICES.has(service)) sum += Number(value)
  }
  return sum
}

function read(options: RequestOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const outgoing = request({ ...options, agent: false, timeout: TIMEOUT_MS }, (response) => {
      const parts: Buffer[] = []
      let size = 0
      response.on('data', (part: Buffer) => {
        size += part.length
        if (size > MOST_BYTES) outgoing.destroy()
        else parts.push(part)
      })
      response.on('error', () => resolve(undefined))
      response.on('end', () => resolve(response.statusCode === 200 ? Buffer.concat(parts).toString() : undefined))
    })
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('error', () => resolve(undefined))
    outgoing.end()
  })
}
