import { statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { DEFAULT_DETECTORS } from '../../detectors/index.ts'
import { DetectorSet } from '../../detectors/set.ts'
import { compileDetectors } from '../../rules/own-detectors.ts'
import { readSoundRules } from '../authoring/rule-set.ts'
import { sealSettings } from '../compose.ts'
import { loadConfig } from '../config/load.ts'
import { DEFAULT_SETTINGS } from '../engine.ts'
import { FieldsealError } from '../errors.ts'
import { VERSION } from '../http/user-agent.ts'
import { filesOf } from '../scanning/inputs.ts'
import { ANY_KID } from '../scanning/own-output.ts'
import { RecordScanner } from '../scanning/record-scanner.ts'
import { jsonReport } from '../scanning/reports/json.ts'
import { MOST_SARIF_RESULTS, sarifReport } from '../scanning/reports/sarif.ts'
import type { ScanResult } from '../scanning/reports/scan-report.ts'
import { tableReport } from '../scanning/reports/table.ts'
import { namesIn, scanDetectors } from '../scanning/scan-detectors.ts'
import type { ScanFormat } from '../scanning/scan-format.ts'
import { ScanPlan } from '../scanning/scan-plan.ts'
import { ScanRun } from '../scanning/scan-run.ts'
import { optionsHash, readScanState } from '../scanning/scan-state.ts'
import { Tally } from '../scanning/tally.ts'
import { type CommandIo, defineCommand } from './arguments.ts'
import { reportingIssues } from './issues.ts'
import { painter } from './painter.ts'
import { tellOfTerminal } from './sample.ts'
import { ScanProgress } from './scan-progress.ts'

/** What a shell makes of SIGINT: 128 and its number. */
const EXIT_INTERRUPTED = 130

/** `fieldseal scan`: says what is in the clear in logs that are there. */
export const scanCommand = defineCommand({
  name: 'scan',
  summary:
    'Says what is in the clear in logs that are there: how many findings of each detector at each path, with a masked example. Reads JSON lines, OTLP JSON (one request a line) and plain text, compressed with gzip or zstd or not. Changes nothing, and needs no configuration and no key.',
  usage: '[FILE...] [options]',
  positionals: [
    {
      name: 'FILE...',
      description: 'Files, folders with all that is in them, or globs. None, or "-": standard input.',
      optional: true,
      repeated: true,
    },
  ],
  options: {
    format: {
      type: 'string',
      short: 'f',
      value: 'FORMAT',
      description: 'What lines are. auto: told by how each input begins; lines that are no JSON object are texts.',
      choices: ['auto', 'json-lines', 'otlp-json', 'text'],
      default: 'auto',
    },
    detectors: {
      type: 'string',
      value: 'NAMES',
      description: 'Look for these alone: names with commas between them. Default: all that are not off.',
      multiple: true,
    },
    rules: {
      type: 'string',
      value: 'FILE',
      description: 'A rule file, for the detectors that it defines. Its rules are not looked at.',
      multiple: true,
    },
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'A configuration, for its own detectors, body_keys and limits.',
    },
    ignore: {
      type: 'string',
      value: 'PATH',
      description: 'Leave out values at this path, written as in rules: attributes.user.id, or resource.**.',
      multiple: true,
    },
    'fail-on': {
      type: 'string',
      value: 'NAMES',
      description: 'Exit with 1 only where one of these detectors has found something. Default: any of them.',
      multiple: true,
    },
    json: { type: 'boolean', description: 'Write the result as one JSON object.' },
    sarif: { type: 'boolean', description: 'Write SARIF 2.1.0, for code scanning: each finding with its line.' },
    state: {
      type: 'string',
      value: 'FILE',
      description: 'Keep there how far each file was scanned and what was found, and go on from there.',
    },
  },
  run: ({ values, positionals }, io) =>
    reportingIssues(io.stderr, async () => {
      if (values.json && values.sarif) throw new FieldsealError('FIELDSEAL_USAGE', '--json and --sarif are two forms')
      const files = inputsOf(positionals)
      if (files === undefined && values.state !== undefined)
        throw new FieldsealError('FIELDSEAL_USAGE', '--state: where standard input was left nobody can go on')
      const loaded = values.config === undefined ? undefined : loadConfig(values.config, { env: io.env })
      const fromRules = compileDetectors(readSoundRules(values.rules).detectors.map(({ detector }) => detector))
      const own = new Map([...(loaded?.detectors ?? []), ...fromRules.detectors])
      const detectors = scanDetectors(values.detectors, own)
      const failing = new Set(
        namesIn(values['fail-on'], '--fail-on', (name) => detectors.some((detector) => detector.name === name)),
      )
      const { limits, bodyKeys } = loaded === undefined ? DEFAULT_SETTINGS : sealSettings(loaded)
      const scanner = new RecordScanner(new ScanPlan(detectors, values.ignore), {
        limits: { ...limits, record: Number.MAX_SAFE_INTEGER },
        bodyKeys,
        knownKids: ANY_KID,
        masked: values.detectors.length > 0 ? new DetectorSet(DEFAULT_DETECTORS) : undefined,
      })
      const format = values.format === 'auto' ? undefined : (values.format as ScanFormat)
      const options = optionsHash({
        version: VERSION,
        format,
        bodyKeys,
        limits,
        ignore: values.ignore,
        sarif: values.sarif,
        detectors: detectors.map(({ name, patterns }) => [name, patterns]),
      })
      const state =
        values.state === undefined
          ? undefined
          : { path: values.state, options, before: await readScanState(values.state, options) }
      const progress = new ScanProgress(
        io,
        (files ?? []).reduce((sum, file) => sum + sizeOf(file), 0),
      )
      const interrupted = new AbortController()
      const interrupt = () => {
        interrupted.abort()
        // Else it would wait for what may never come.
        if (files === undefined) (io.stdin as Partial<Readable>).destroy?.()
      }
      process.once('SIGINT', interrupt)
      const run = new ScanRun({
        scanner,
        format,
        mostLine: limits.record,
        mostOccurrences: values.sarif ? MOST_SARIF_RESULTS : 0,
        state,
        signal: interrupted.signal,
        onProgress: (bytes, findings) => progress.show(bytes, findings),
      })
      try {
        if (files === undefined) {
          tellOfTerminal(io)
          await run.stream(io.stdin as AsyncIterable<Uint8Array>)
        }
        for (const file of files ?? []) await run.file(file)
      } finally {
        process.off('SIGINT', interrupt)
        progress.end()
      }
      const tally = new Tally()
      for (const file of run.files) tally.merge(file.tally)
      const counts = tally.byDetector
      const result: ScanResult = {
        files: run.files,
        tally,
        detectors,
        occurrences: run.occurrences,
        leftOut: run.leftOut,
        stopped: run.stopped,
        fails: failing.size === 0 ? tally.findings > 0 : [...failing].some((name) => counts.has(name)),
      }
      const report = values.sarif ? sarifReport : values.json ? jsonReport : tableReport
      io.stdout.write(report(result, { paint: painter(io), version: VERSION }))
      return exitOf(result, io)
    }),
})

/** Undefined for the standard input. */
function inputsOf(positionals: readonly string[]): readonly string[] | undefined {
  if (positionals.length === 0 || (positionals.length === 1 && positionals[0] === '-')) return undefined
  if (positionals.includes('-')) throw new FieldsealError('FIELDSEAL_USAGE', '"-" stands alone')
  return filesOf(positionals)
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** What could not be scanned comes before what was found: nobody is to take a part for all of it. */
function exitOf({ files, fails, stopped, leftOut }: ScanResult, { stderr }: CommandIo): number {
  let exit = fails ? 1 : 0
  for (const { file, problem } of files) {
    if (problem === undefined) continue
    stderr.write(`${problem.code} ${file ?? 'standard input'}: ${problem.message}\n`)
    exit = problem.exit
  }
  if (leftOut > 0)
    stderr.write(`${leftOut} findings are counted and not listed: there are ${MOST_SARIF_RESULTS} results at most\n`)
  return stopped ? EXIT_INTERRUPTED : exit
}
