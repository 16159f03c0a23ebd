import type { IncomingMessage } from 'node:http'
import { FieldsealError } from '../../errors.ts'
import { type BodyHead, plainLimit } from './body.ts'
import { type BodyLimits, tooLarge } from './chunks.ts'
import { type Encoding, encodingOf } from './encoding.ts'
import { type Refusal, refusal } from './refusal.ts'

/** What the head of a request says, where it may go on. */
export interface Screened extends BodyHead {
  readonly encoding: Encoding
}

/** The path of the specification, and in absolute form (RFC 9112 section 3.2.2); a query says nothing here. */
const LOGS_PATH = /^(?:https?:\/\/[^/?#]*)?\/v1\/logs(?:\?.*)?$/i

/** Checks all that can be checked of a request before its body is read, but who sends it. */
export function screen(request: IncomingMessage, limits: BodyLimits): Screened | Refusal {
  if (request.url !== '/v1/logs' && !LOGS_PATH.test(request.url ?? '')) return invalid(404, 'there is only /v1/logs')
  if (request.method !== 'POST') {
    // RFC 9110 section 15.5.6: an answer of 405 has to name what is allowed.
    return { ...invalid(405, 'only POST is answered'), headers: { Allow: 'POST' } }
  }
  const { headers } = request
  const encoding = encodingOf(headers['content-type'])
  if (encoding === undefined) return invalid(415, 'the Content-Type is not one of OTLP')
  const compression = compressionOf(headers['content-encoding'])
  if (compression === 'unknown') return invalid(400, 'the Content-Encoding is not known')
  const coding = headers['transfer-encoding']
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked')
    return invalid(400, 'the only Transfer-Encoding is chunked')
  const length = coding === undefined ? Number(headers['content-length'] ?? 0) : undefined
  const { setting, limit } =
    compression === undefined ? plainLimit(limits) : { setting: 'max_wire' as const, limit: limits.wire }
  if (length !== undefined && length > limit) return tooLarge(setting, limit)
  return { encoding, compression, length }
}

/** RFC 9110 section 8.4.1: compared without regard to case, and `x-gzip` is `gzip`. */
function compressionOf(header: string | undefined): 'gzip' | 'zstd' | 'unknown' | undefined {
  const coding = header?.trim().toLowerCase()
  if (coding === undefined || coding === '' || coding === 'identity') return undefined
  if (coding === 'gzip' || coding === 'x-gzip') return 'gzip'
  return coding === 'zstd' ? 'zstd' : 'unknown'
}

function invalid(status: number, message: string): Refusal {
  return refusal(status, new FieldsealError('FIELDSEAL_REQUEST_INVALID', message))
}
