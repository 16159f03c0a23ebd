import { Readable } from 'node:stream'
import { scanCommand } from '../../../processor/cli/scan.ts'
import { capturedIo } from '../cli/captured-io.ts'

/** What `--json` writes. */
export interface ScanJson {
  complete: boolean
  fails: boolean
  records: number
  bytes: number
  lines_as_text: number
  lines_in_parts: number
  findings: number
  by: { detector: string; title: string; group: string; path: string; count: number; example: string }[]
  inputs: {
    file: string | null
    format: string | null
    records: number
    findings: number
    problem?: { code: string; message: string }
  }[]
}

/** Runs the command in this process. */
export async function scan(argv: readonly string[], stdin: readonly (Buffer | string)[] = []) {
  const io = { ...capturedIo(), stdin: Readable.from(stdin.map((chunk) => Buffer.from(chunk))) }
  const exit = await scanCommand.execute([...argv], io)
  return { exit, out: io.written(), err: io.complained() }
}

export async function scanJson(argv: readonly string[], stdin: readonly (Buffer | string)[] = []) {
  const { exit, out, err } = await scan(['--json', ...argv], stdin)
  const result = JSON.parse(out) as ScanJson
  return { exit, err, result, counts: countsOf(result) }
}

/** `email body` to its count. */
export function countsOf({ by }: ScanJson): Record<string, number> {
  return Object.fromEntries(by.map(({ detector, path, count }) => [`${detector} ${path}`, count]))
}
