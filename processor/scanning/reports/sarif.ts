import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Detector } from '../../../detectors/detector.ts'
import type { Occurrence } from '../occurrences.ts'
import type { ScanReport, ScanResult } from './scan-report.ts'

/** Results that are written: GitHub shows no more of a run than this. */
export const MOST_SARIF_RESULTS = 5000

/** For code scanning: SARIF 2.1.0 (OASIS, 2020), one run with each detector as a rule of the tool. */
export const sarifReport: ScanReport = (result, { version }) => {
  const { detectors, occurrences, leftOut, tally } = result
  const index = new Map(detectors.map(({ name }, at) => [name, at]))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Fieldseal', version, rules: detectors.map(ruleOf) } },
        invocations: [{ executionSuccessful: isComplete(result), toolExecutionNotifications: notifications(result) }],
        columnKind: 'utf16CodeUnits',
        properties: { findings: tally.findings, resultsLeftOut: leftOut },
        results: occurrences.map((occurrence) => resultOf(occurrence, index.get(occurrence.detector)!, detectors)),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function isComplete({ stopped, files }: ScanResult): boolean {
  return !stopped && files.every(({ problem }) => problem === undefined)
}

function notifications({ files, leftOut, stopped }: ScanResult): object[] {
  const problems = files.flatMap(({ file, problem }) =>
    problem === undefined
      ? []
      : [
          {
            level: 'error',
            message: { text: `${problem.code} ${problem.message}` },
            locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
          },
        ],
  )
  const cut = `${leftOut} further findings are left out: a run has ${MOST_SARIF_RESULTS} results at most`
  return [
    ...problems,
    ...(leftOut > 0 ? [{ level: 'warning', message: { text: cut } }] : []),
    ...(stopped ? [{ level: 'error', message: { text: 'the scan was stopped before the end' } }] : []),
  ]
}

function ruleOf({ name, title, group, finds, misses }: Detector) {
  return {
    id: name,
    shortDescription: { text: `${title} in the clear.` },
    fullDescription: { text: finds },
    help: { text: misses === '' ? finds : `${finds}\n\nNot found, or found wrongly: ${misses}` },
    defaultConfiguration: { level: 'error' },
    properties: { tags: [group] },
  }
}

function resultOf(
  { file, line, detector, path, example }: Occurrence,
  ruleIndex: number,
  detectors: readonly Detector[],
) {
  return {
    ruleId: detector,
    ruleIndex,
    level: 'error',
    message: { text: `${detectors[ruleIndex]!.title} in the clear at ${path}: ${example}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } } }],
  }
}

/** A relative path is a relative reference (RFC 3986 section 4.2): `a b.log` is `a%20b.log`. */
function uriOf(file: string | undefined): string {
  if (file === undefined) return 'stdin'
  if (isAbsolute(file)) return pathToFileURL(file).href
  return file.toWellFormed().split(sep).map(encodeURIComponent).join('/')
}
