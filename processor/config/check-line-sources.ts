import { matchesGlob } from 'node:path'
import type { Findings } from './findings.ts'
import { quoted } from './issue.ts'
import type { Settings } from './schema.ts'
import { sizeText } from './size-text.ts'

type LineSource = Extract<Settings['sources'][string], { type: 'files' | 'stdin' }>
type FilesSource = Extract<LineSource, { type: 'files' }>

/** Bytes before a position that are read with each batch. */
const PRINTED_BYTES = 1024
/** What a stream holds by itself. */
const STREAM_BYTES = 64 * 1024

/** Checks sources of lines by themselves, against each other, and against what is written. Paths are absolute already. */
export function checkLineSources(settings: Settings, findings: Findings): void {
  const positions = new Map<string, string>()
  let stdin: string | undefined
  for (const [name, source] of Object.entries(settings.sources)) {
    if (source.type === 'stdin') {
      if (stdin !== undefined) findings.issue(['sources', name, 'type'], `source ${quoted(stdin)} reads standard input`)
      stdin ??= name
      checkOneWorker(name, settings, findings)
      checkSizes(name, source, settings, findings)
    } else if (source.type === 'files') {
      const other = positions.get(source.positions)
      if (other === undefined) positions.set(source.positions, name)
      else findings.issue(['sources', name, 'positions'], `source ${quoted(other)} has the same position file`)
      checkSizes(name, source, settings, findings)
      checkPositions(name, source, findings)
      checkLoop(name, source, settings, findings)
    }
  }
}

function checkOneWorker(name: string, { service }: Settings, findings: Findings): void {
  if (service.workers === 1) return
  const message = 'standard input has one reader, and there may be several workers'
  findings.issue(['sources', name, 'type'], message, 'set service.workers to 1')
}

function checkSizes(name: string, source: LineSource, { service, limits }: Settings, findings: Findings): void {
  const { connection } = service.in_flight
  const largest = Math.max(source.batch, source.max_line + 1)
  // As it was read, and as it is sealed, a batch is in memory twice.
  if (2 * largest + PRINTED_BYTES + STREAM_BYTES > connection) {
    const message = `a batch is in memory twice, and service.in_flight.connection is ${sizeText(connection)}: it could never be passed on`
    const option = source.batch > source.max_line ? 'batch' : 'max_line'
    findings.issue(['sources', name, option], message, 'raise service.in_flight.connection, or lower it')
  }
  if (source.batch > limits.batch) {
    const message = `batch is larger than limits.batch (${sizeText(limits.batch)}): it could never be passed on`
    findings.issue(['sources', name, 'batch'], message)
  }
  if (source.max_line > limits.record) {
    const sizes = `${sizeText(source.max_line)}, limits.record ${sizeText(limits.record)}`
    findings.warning(`source ${quoted(name)}: max_line is ${sizes}: lines between them are read, then left out`)
  }
}

function checkPositions(name: string, { include, positions }: FilesSource, findings: Findings): void {
  if (include.some((pattern) => names(pattern, positions)))
    findings.issue(['sources', name, 'positions'], 'the source would read its own position file')
}

/** Lines that are written where they are read from would come back without end. */
function checkLoop(name: string, { exclude, include }: FilesSource, { sinks }: Settings, findings: Findings): void {
  for (const [sink, settings] of Object.entries(sinks)) {
    if (settings.type !== 'file') continue
    const { path } = settings
    if (exclude.some((pattern) => names(pattern, path)) || !include.some((pattern) => names(pattern, path))) continue
    const message = `source ${quoted(name)} reads this file: lines would come back without end`
    findings.issue(['sinks', sink, 'path'], message, 'choose another folder')
  }
}

function names(pattern: string, path: string): boolean {
  return pattern === path || matchesGlob(path, pattern)
}
