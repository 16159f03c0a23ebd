import { coverageOf } from '../authoring/coverage.ts'
import { readRuleSet } from '../authoring/rule-set.ts'
import { runTests } from '../authoring/run-tests.ts'
import { TEST_REPORTS } from '../authoring/test-reports/index.ts'
import { isGood } from '../authoring/test-reports/report.ts'
import { sealSettings } from '../compose.ts'
import { loadConfig } from '../config/load.ts'
import { relativeToFile } from '../config/relative-path.ts'
import { FieldsealError } from '../errors.ts'
import { type CommandIo, defineCommand } from './arguments.ts'
import { reportingIssues } from './issues.ts'
import { painter } from './painter.ts'

const FORMATS = ['pretty', 'json', 'junit'] as const

/** `fieldseal test`: runs the tests that stand beside the rules. */
export const testCommand = defineCommand({
  name: 'test',
  summary:
    'Runs the tests that stand beside the rules: records that a rule must act on, and records that it must leave alone. The rules of all files are in force together, as in production; no key is needed.',
  usage: '[FILE...] [options]',
  positionals: [
    {
      name: 'FILE...',
      description: 'Rule files. Default: those of the configuration.',
      optional: true,
      repeated: true,
    },
  ],
  options: {
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'A configuration: its groups say who is meant by the names in the rules, and its settings hold.',
    },
    coverage: { type: 'boolean', description: 'Also say which tests are missing, and fail where any is.' },
    threshold: {
      type: 'string',
      value: 'PERCENT',
      description: 'Fail only below this coverage. Turns --coverage on. Default: 100.',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      description: 'How to tell the outcome.',
      default: 'pretty',
      choices: FORMATS,
    },
  },
  run({ values, positionals }, io) {
    const threshold = percent(values.threshold)
    return reportingIssues(io.stderr, () => {
      const { files, ...settings } = configured(values.config, positionals, io.env)
      const ruleSet = readRuleSet(files)
      const results = runTests(ruleSet, settings)
      const isWanted = values.coverage || values.threshold !== undefined
      const report = { results, coverage: isWanted ? coverageOf(ruleSet, results) : undefined, threshold }
      if (results.length === 0) io.stderr.write('warning: there are no tests beside these rules\n')
      io.stdout.write(TEST_REPORTS[values.format as (typeof FORMATS)[number]](report, painter(io)))
      return isGood(report) ? 0 : 1
    })
  },
})

/** The rule files, and what a configuration says of recipients. */
function configured(config: string | undefined, files: readonly string[], env: CommandIo['env']) {
  if (config === undefined) {
    if (files.length > 0) return { files }
    throw new FieldsealError('FIELDSEAL_USAGE', 'name rule files, or a configuration with -c')
  }
  const loaded = loadConfig(config, { env })
  const listed = loaded.settings.rules.map((path) => relativeToFile(config, path))
  return { files: files.length > 0 ? files : listed, groups: loaded.groups, settings: sealSettings(loaded) }
}

function percent(given: string | undefined): number {
  if (given === undefined) return 100
  if (/^(?:\d{1,2}|100)$/.test(given)) return Number(given)
  throw new FieldsealError('FIELDSEAL_USAGE', '--threshold is a whole number from 0 to 100')
}
