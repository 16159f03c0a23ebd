import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { z } from 'zod'
import { FieldsealError } from '../errors.ts'
import type { Known } from '../sources/files/fingerprints.ts'
import { errnoOf } from '../sources/files/opened-file.ts'
import { Tally } from './tally.ts'

/** How far a file was scanned, and what was found up to there. */
export interface FileState extends Known {
  readonly identity: string
  readonly line: number
  readonly format: string
  readonly tally: Tally
  readonly occurrences: readonly StoredOccurrence[]
}

export interface StoredOccurrence {
  readonly line: number
  readonly detector: string
  readonly path: string
  readonly example: string
}

export interface ScanState {
  readonly key: Buffer
  readonly files: ReadonlyMap<string, FileState>
}

const VERSION = 1
const LARGEST = 256 * 1024 * 1024
const whole = z.int().min(0)
const text = z.string()
const fingerprint = z.strictObject({ bytes: whole.max(1024), mac: text.max(64) })
const content = z.strictObject({
  version: z.literal(VERSION),
  options: text,
  key: z.base64().length(44),
  files: z.array(
    z.strictObject({
      identity: text.regex(/^\d+:\d+$/),
      offset: whole,
      line: whole,
      format: z.enum(['json-lines', 'otlp-json', 'text']),
      head: fingerprint,
      tail: fingerprint,
      records: whole,
      bytes: whole,
      texts: whole,
      in_pieces: whole,
      rows: z.array(z.strictObject({ detector: text, path: text, count: whole.min(1), example: text })),
      occurrences: z.array(z.strictObject({ line: whole, detector: text, path: text, example: text })),
    }),
  ),
})

/** What options come to: counts of other options cannot go on in these. */
export function optionsHash(options: unknown): string {
  return createHash('sha256').update(JSON.stringify(options)).digest('hex')
}

/**
 * Reads the state of an earlier run.
 *
 * @returns undefined where there is none.
 * @throws FieldsealError `FIELDSEAL_POSITIONS_FAILED`; `FIELDSEAL_USAGE` where it was written with other options.
 */
export async function readScanState(path: string, options: string): Promise<ScanState | undefined> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw failed(`cannot be read (${errnoOf(error)})`)
  }
  const parsed = bytes.length > LARGEST ? undefined : content.safeParse(jsonOf(bytes)).data
  if (parsed === undefined) throw failed('is damaged')
  if (parsed.options !== options)
    throw new FieldsealError('FIELDSEAL_USAGE', '--state: the file was written with other options, or other detectors')
  const files = parsed.files.map((file): [string, FileState] => [file.identity, { ...file, tally: tallyOf(file) }])
  return { key: Buffer.from(parsed.key, 'base64'), files: new Map(files) }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function tallyOf(stored: z.infer<typeof content>['files'][number]): Tally {
  const tally = new Tally()
  for (const { detector, path, count, example } of stored.rows) tally.add(detector, path, () => example, count)
  tally.records = stored.records
  tally.bytes = stored.bytes
  tally.texts = stored.texts
  tally.inPieces = stored.in_pieces
  return tally
}

function storedOf({ identity, offset, line, format, head, tail, tally, occurrences }: FileState): object {
  const { records, bytes, texts, inPieces, rows } = tally
  return { identity, offset, line, format, head, tail, records, bytes, texts, in_pieces: inPieces, rows, occurrences }
}

/**
 * Writes it anew, all or nothing, by rename(2): whenever the process stops there is the old one or the new one.
 *
 * @throws FieldsealError `FIELDSEAL_POSITIONS_FAILED`
 */
export async function writeScanState(path: string, options: string, { key, files }: ScanState): Promise<void> {
  const stored = { version: VERSION, options, key: key.toString('base64'), files: [...files.values()].map(storedOf) }
  const made = `${path}.new`
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW
    const file = await open(made, flags, 0o600)
    try {
      await file.chmod(0o600)
      await file.writeFile(JSON.stringify(stored))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(made, path)
  } catch (error) {
    throw failed(`cannot be written (${errnoOf(error)})`)
  }
}

function failed(what: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_POSITIONS_FAILED', `--state: the file ${what}`)
}
