import { FieldsealError } from '../errors.ts'
import type { Compression } from '../sources/inflation/decompression.ts'
import { encodingOf } from '../sources/lines/encoded.ts'
import type { ScanFormat } from './scan-format.ts'

/** RFC 1952 section 2.3.1; RFC 8878 sections 3.1.1 and 3.1.2: a frame may come behind one that is to be skipped. */
export function compressionOf(beginning: Buffer): Exclude<Compression, 'deflate'> | undefined {
  if (beginning[0] === 0x1f && beginning[1] === 0x8b) return 'gzip'
  if (beginning.length < 4) return undefined
  const magic = beginning.readUInt32LE(0)
  return magic === 0xfd2fb528 || (magic & ~0xf) >>> 0 === 0x184d2a50 ? 'zstd' : undefined
}

/** @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED` for what is no UTF-8 by its first bytes: nothing would be found in it. */
export function refuseEncoded(beginning: Buffer): void {
  const name = encodingOf(beginning)
  if (name !== undefined) throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', `it is ${name}, and was not scanned`)
}

/** A request in OTLP's JSON: its one member is known by either name (proto3's JSON mapping). */
const OTLP = /^[\s\uFEFF]*\{\s*"resource(?:Logs|_logs)"\s*:/

/** Whether a line is a request: what reads requests passes over members that it does not know, and so over all others. */
export function isRequest(line: Buffer): boolean {
  return OTLP.test(line.toString('utf8', 0, 256))
}

/** What lines that begin so are. A line that is no JSON object is a text in JSON lines as well. */
export function formatOf(beginning: Buffer): ScanFormat {
  return OTLP.test(beginning.toString('utf8', 0, 4096)) ? 'otlp-json' : 'json-lines'
}
