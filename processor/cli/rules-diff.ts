import { createReadStream, openSync, statSync } from 'node:fs'
import { RulesDiff } from '../authoring/rules-diff.ts'
import { diffJson, diffText } from '../authoring/rules-diff-text.ts'
import { rulesInUse } from '../authoring/rules-in-use.ts'
import { FieldsealError } from '../errors.ts'
import type { FormatName } from '../formats/index.ts'
import { defineCommand } from './arguments.ts'
import { reportingIssues } from './issues.ts'
import { painter } from './painter.ts'
import { FORMAT_OPTION, readSample } from './sample.ts'

/** `fieldseal rules diff`: what a change of rules changes in real logs. */
export const rulesDiffCommand = defineCommand({
  name: 'rules diff',
  summary:
    'Compares two rule files on a sample of logs: which values are newly sealed, which are newly in the clear, and which get another action or other recipients. Examples are masked: letters are shown as x, digits as 9.',
  usage: 'OLD NEW --sample FILE [options]',
  positionals: [
    { name: 'OLD', description: 'The rule file as it was; several, separated by commas.' },
    { name: 'NEW', description: 'The rule file as it is to be; several, separated by commas.' },
  ],
  options: {
    sample: { type: 'string', value: 'FILE', description: 'The sample of logs.', required: true },
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'A configuration: its groups and settings hold for both.',
    },
    format: FORMAT_OPTION,
    'fail-on-clear': { type: 'boolean', description: 'Exit with 1 where a value is newly in the clear.' },
    output: {
      type: 'string',
      value: 'FORM',
      description: 'pretty: for people; json: one document.',
      choices: ['pretty', 'json'],
      default: 'pretty',
    },
  },
  run: ({ values, positionals }, io) =>
    reportingIssues(io.stderr, async () => {
      const [before, after] = positionals.map((files) =>
        rulesInUse({ config: values.config, files: files.split(','), env: io.env }),
      ) as [ReturnType<typeof rulesInUse>, ReturnType<typeof rulesInUse>]
      const format = values.format as FormatName
      const diff = new RulesDiff(before, after, format)
      try {
        const stdin = openSample(values.sample)
        await readSample(format, after.settings.limits, { ...io, stdin }, (bytes, number) => {
          diff.take(bytes, number)
          return ''
        })
      } finally {
        before.engine.close()
        after.engine.close()
      }
      const isJson = values.output === 'json'
      io.stdout.write(isJson ? `${JSON.stringify(diffJson(diff), null, 2)}\n` : diffText(diff, painter(io)))
      return values['fail-on-clear'] && diff.countOf('clear') > 0 ? 1 : 0
    }),
})

function openSample(path: string): NodeJS.ReadableStream {
  try {
    if (!statSync(path).isDirectory()) return createReadStream(path, { fd: openSync(path, 'r') })
  } catch {
    // Told below.
  }
  throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `the sample ${path} cannot be read`)
}
