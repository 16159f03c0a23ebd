import { isFault, lintFiles } from '../authoring/lint.ts'
import { readLintConfiguration } from '../authoring/lint-configuration.ts'
import { LINT_REPORTS, type LintReportName } from '../authoring/reports/index.ts'
import { ConfigError } from '../config/issue.ts'
import { FieldsealError } from '../errors.ts'
import { VERSION } from '../http/user-agent.ts'
import { defineCommand } from './arguments.ts'
import { writeIssues } from './issues.ts'
import { painter } from './painter.ts'

/** `fieldseal lint`: says what is wrong with rule files, and what is allowed and should not be. */
export const lintCommand = defineCommand({
  name: 'lint',
  summary:
    'Looks at rule files for what is wrong with them: names and patterns that do not exist, rules that get in the way of each other or never act, exceptions without a reason. Says where, and what to do.',
  usage: '[FILE...] [options]',
  positionals: [
    {
      name: 'FILE...',
      description: 'Rule files, which are looked at together. Default: those of the configuration.',
      optional: true,
      repeated: true,
    },
  ],
  options: {
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'A configuration: recipients, groups and hash keys that rules name must be there. No key is read.',
    },
    strict: {
      type: 'boolean',
      description: 'Also ask for tests and for who answers for each rule, and let warnings fail.',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      description: 'How to tell the findings.',
      default: 'pretty',
      choices: Object.keys(LINT_REPORTS),
    },
  },
  run({ values, positionals }, io) {
    if (positionals.length === 0 && values.config === undefined) {
      throw new FieldsealError('FIELDSEAL_USAGE', 'name rule files, or a configuration with -c')
    }
    try {
      const configuration = values.config === undefined ? undefined : readLintConfiguration(values.config, io.env)
      const files = positionals.length > 0 ? positionals : (configuration?.files ?? [])
      const result = lintFiles(files, { now: Date.now(), strict: values.strict, configuration })
      const report = LINT_REPORTS[values.format as LintReportName]
      io.stdout.write(report(result, { paint: painter(io), version: VERSION }))
      return result.problems.some((problem) => isFault(problem, result)) ? 1 : 0
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      writeIssues(error, io.stderr)
      return error.exit
    }
  },
})
