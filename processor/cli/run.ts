import cluster from 'node:cluster'
import { FieldsealError } from '../errors.ts'
import { endOnFaults } from '../service/faults.ts'
import { harden } from '../service/hardening.ts'
import { jsonLog } from '../telemetry/log.ts'
import { type CommandIo, defineCommand } from './arguments.ts'
import { writeIssues } from './issues.ts'
import { V8_OPTIONS } from './v8-options.ts'

/** `fieldseal run`: the service. */
export const runCommand = defineCommand({
  name: 'run',
  summary:
    'Runs the service: takes records from sources, seals them, passes them on to sinks. SIGTERM lets it finish, a second one does not; SIGHUP reloads.',
  usage: '-c FILE',
  options: { config: { type: 'string', short: 'c', value: 'FILE', description: 'The configuration.', required: true } },
  async run({ values }, io) {
    const warnings = harden(process, V8_OPTIONS)
    // Whoever read the log has gone: the service goes on.
    io.stderr.on('error', () => {})
    endOnFaults(process, jsonLog(io.stderr), (code) => process.exit(code))
    // Nothing that still runs keeps an ended service alive.
    return process.exit(await serve(values.config, warnings, io))
  },
})

async function serve(file: string, warnings: readonly string[], io: CommandIo): Promise<number> {
  try {
    // Only now: whoever replaces itself need not load all that, nor do the other commands.
    if (cluster.isWorker) return await (await import('./run-worker.ts')).runWorker(file, io)
    return await (await import('./run-service.ts')).runService(file, warnings, io)
  } catch (error) {
    if (!(error instanceof FieldsealError) || error.code !== 'FIELDSEAL_CONFIG_INVALID') throw error
    writeIssues(error, io.stderr)
    return error.exit
  }
}
