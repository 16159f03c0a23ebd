import { compileLoadedRules } from '../config/compile.ts'
import { ConfigError } from '../config/issue.ts'
import { type LoadedConfig, loadConfig } from '../config/load.ts'
import { defineCommand } from './arguments.ts'
import { checkRecipients } from './check-recipients.ts'
import { counted, writeIssues } from './issues.ts'

/** `fieldseal validate`: says everything that is wrong with a configuration, its rule files and its keys. */
export const validateCommand = defineCommand({
  name: 'validate',
  summary:
    'Checks a configuration with its rule files and keys, and lists everything that is wrong. Connects to nothing.',
  usage: '-c FILE [options]',
  options: {
    config: { type: 'string', short: 'c', value: 'FILE', description: 'The configuration.', required: true },
    'check-recipients': { type: 'boolean', description: 'Also seal a probe for each recipient.' },
  },
  run({ values }, { stdout, stderr, env }) {
    let loaded: LoadedConfig
    try {
      loaded = loadConfig(values.config, { env })
      compileLoadedRules(loaded)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      writeIssues(error, stderr)
      return error.exit
    }
    for (const warning of loaded.warnings) stderr.write(`warning: ${warning}\n`)
    const counts = [
      counted(loaded.rules.length, 'rule'),
      counted(loaded.recipients.size, 'recipient'),
      counted(loaded.groups.size, 'group'),
    ]
    stdout.write(`ok: ${counts.join(', ')}\n`)
    return values['check-recipients'] ? checkRecipients(loaded, stdout) : 0
  },
})
