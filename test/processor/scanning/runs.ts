import { DEFAULT_DETECTORS } from '../../../detectors/index.ts'
import { DEFAULT_SETTINGS } from '../../../processor/engine.ts'
import { ANY_KID } from '../../../processor/scanning/own-output.ts'
import { RecordScanner } from '../../../processor/scanning/record-scanner.ts'
import type { ScanFormat } from '../../../processor/scanning/scan-format.ts'
import { ScanPlan } from '../../../processor/scanning/scan-plan.ts'
import { ScanRun } from '../../../processor/scanning/scan-run.ts'
import { Tally } from '../../../processor/scanning/tally.ts'

const { limits, bodyKeys } = DEFAULT_SETTINGS

/** With all detectors that are on: takes a second to make, and keeps nothing of what it has seen but paths. */
export const scanner = new RecordScanner(new ScanPlan(DEFAULT_DETECTORS), {
  limits: { ...limits, record: Number.MAX_SAFE_INTEGER },
  bodyKeys,
  knownKids: ANY_KID,
})

interface RunOptions {
  readonly format?: ScanFormat
  readonly mostLine?: number
  readonly places?: number
}

function newRun({ format, mostLine = limits.record, places = 0 }: RunOptions): ScanRun {
  return new ScanRun({
    scanner,
    format,
    mostLine,
    mostOccurrences: places,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
}

function outcomeOf(run: ScanRun) {
  const tally = new Tally()
  for (const file of run.files) tally.merge(file.tally)
  const counts = Object.fromEntries(tally.rows.map(({ detector, path, count }) => [`${detector} ${path}`, count]))
  const lines = run.occurrences.map(({ line }) => line)
  return { tally, counts, files: run.files, problems: run.files.map(({ problem }) => problem?.code), lines }
}

/** Scans a stream that comes in these chunks. */
export async function scanChunks(chunks: readonly (Buffer | string)[], options: RunOptions = {}) {
  const run = newRun(options)
  await run.stream(
    (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk)
    })(),
  )
  return outcomeOf(run)
}

export async function scanFiles(files: readonly string[], options: RunOptions = {}) {
  const run = newRun(options)
  for (const file of files) await run.file(file)
  return outcomeOf(run)
}
