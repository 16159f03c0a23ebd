import { ruleListJson, ruleListText } from '../authoring/rule-list.ts'
import { readSoundRules } from '../authoring/rule-set.ts'
import { defineCommand } from './arguments.ts'
import { reportingIssues } from './issues.ts'
import { painter } from './painter.ts'

/** `fieldseal rules list`: a table of rules. */
export const rulesListCommand = defineCommand({
  name: 'rules list',
  summary: 'Lists the rules of rule files: what each does, for whom, where it looks, and how many tests it has.',
  usage: 'FILE... [options]',
  positionals: [{ name: 'FILE...', description: 'Rule files.', repeated: true }],
  options: {
    output: {
      type: 'string',
      value: 'FORM',
      description: 'pretty: a table for people; json: one document.',
      choices: ['pretty', 'json'],
      default: 'pretty',
    },
  },
  run: ({ values, positionals }, io) =>
    reportingIssues(io.stderr, () => {
      const { rules } = readSoundRules(positionals)
      const isJson = values.output === 'json'
      io.stdout.write(isJson ? `${JSON.stringify(ruleListJson(rules), null, 2)}\n` : ruleListText(rules, painter(io)))
      return 0
    }),
})
