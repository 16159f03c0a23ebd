import { changeText } from '../authoring/change-text.ts'
import type { Paint } from '../authoring/paint.ts'
import { Preview, type ShownChange } from '../authoring/preview.ts'
import { changeJson, summaryJson } from '../authoring/preview-json.ts'
import { type PreviewSummary, summaryText } from '../authoring/preview-text.ts'
import { rulesInUse } from '../authoring/rules-in-use.ts'
import { FieldsealError } from '../errors.ts'
import type { FormatName } from '../formats/index.ts'
import { defineCommand } from './arguments.ts'
import { reportingIssues } from './issues.ts'
import { painter } from './painter.ts'
import { FORMAT_OPTION, readSample, tellOfTerminal } from './sample.ts'

/** `fieldseal preview`: what rules make of a sample. */
export const previewCommand = defineCommand({
  name: 'preview',
  summary:
    'Shows what rules make of a sample of logs: before and after of each record that changes, counts by rule and place, and what to look at before the rules are used. Values of the sample are shown in the clear. Nothing is written anywhere else.',
  usage: '[FILE...] [options] < SAMPLE',
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
      description: 'A configuration: its recipients, groups and settings hold. No key is needed without it.',
    },
    format: FORMAT_OPTION,
    show: { type: 'string', value: 'NUMBER', description: 'Changed records to show, or "all".', default: '20' },
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
      const most = shownRecords(values.show)
      const rules = rulesInUse({ config: values.config, files: positionals, env: io.env })
      const preview = new Preview(rules, values.format as FormatName, most)
      const output = values.output === 'json' ? jsonOutput() : prettyOutput(painter(io))
      try {
        tellOfTerminal(io)
        await readSample(values.format as FormatName, rules.settings.limits, io, (bytes, number) =>
          preview.take(bytes, number).map(output.change).join(''),
        )
      } finally {
        rules.engine.close()
      }
      const { tally, warnings, leftOut } = preview
      const all = rules.rules.map(({ rule }) => rule)
      io.stdout.write(output.end({ rules: all, tally, warnings, leftOut, hasRealKeys: rules.hasRealKeys }))
      return 0
    }),
})

interface Output {
  change(change: ShownChange): string
  end(summary: PreviewSummary): string
}

function prettyOutput(paint: Paint): Output {
  return {
    change: (change) => `${changeText(change, paint)}\n`,
    end: (summary) => summaryText(summary, paint),
  }
}

/** The records come first, each as soon as it is known, so that none has to be kept. */
function jsonOutput(): Output {
  let start = '{"changes":['
  return {
    change(change) {
      const text = `${start}\n${JSON.stringify(changeJson(change))}`
      start = ','
      return text
    },
    end: (summary) =>
      `${start === ',' ? '\n' : start}],\n"summary":${JSON.stringify(summaryJson(summary), null, 2)}}\n`,
  }
}

function shownRecords(given: string): number {
  if (given === 'all') return Number.POSITIVE_INFINITY
  if (/^\d{1,9}$/.test(given)) return Number(given)
  throw new FieldsealError('FIELDSEAL_USAGE', '--show is a whole number, or "all"')
}
