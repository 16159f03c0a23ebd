import { compileDetectors } from '../../rules/own-detectors.ts'
import { readSoundRules } from '../authoring/rule-set.ts'
import { ruleText } from '../authoring/rule-text.ts'
import { didYouMean } from '../config/nearest.ts'
import { FieldsealError } from '../errors.ts'
import { defineCommand } from './arguments.ts'
import { reportingIssues } from './issues.ts'
import { painter } from './painter.ts'

/** `fieldseal rules show`: one rule in plain words. */
export const rulesShowCommand = defineCommand({
  name: 'rules show',
  summary:
    'Tells one rule in plain words: what it does, what it looks for and how its detectors know it, where it looks, its exceptions, and who answers for it.',
  usage: 'ID FILE...',
  positionals: [
    { name: 'ID', description: 'Id of the rule.' },
    { name: 'FILE...', description: 'Rule files.', repeated: true },
  ],
  options: {},
  run: ({ positionals: [id = '', ...files] }, io) =>
    reportingIssues(io.stderr, () => {
      const { rules, detectors } = readSoundRules(files)
      const loaded = rules.find(({ rule }) => rule.id === id)
      if (loaded === undefined) {
        const meant = didYouMean(
          id,
          rules.map(({ rule }) => rule.id),
        )
        throw new FieldsealError('FIELDSEAL_USAGE', `no rule has this id${meant === undefined ? '' : `; ${meant}`}`)
      }
      const own = compileDetectors(detectors.map(({ detector }) => detector)).detectors
      io.stdout.write(ruleText(loaded, own, painter(io)))
      return 0
    }),
})
