import type { Paint } from '../paint.ts'
import { jsonReport } from './json.ts'
import { junitReport } from './junit.ts'
import { prettyReport } from './pretty.ts'
import type { TestReport } from './report.ts'

/** The forms in which the outcome of tests is told: one line each. */
export const TEST_REPORTS: Readonly<Record<'pretty' | 'json' | 'junit', (report: TestReport, paint: Paint) => string>> =
  { pretty: prettyReport, json: jsonReport, junit: junitReport }
