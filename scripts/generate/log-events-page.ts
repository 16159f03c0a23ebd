import { LOG_EVENTS } from '../../processor/telemetry/log.ts'
import { page, table } from './markdown.ts'

const INTRODUCTION = `\`fieldseal run\` writes its log to standard error: one JSON object a line, with \`time\` (RFC 3339, UTC), \`level\`, \`event\` and \`message\`, and with fields of the event. Names of events do not change; messages may. No line holds anything of a record, and none holds a secret of the configuration.`

const EXAMPLE = `\`\`\`json
{"time":"2026-11-24T18:30:05.123Z","level":"error","event":"reload-failed","message":"config.yaml:3:5: unknown key \\"sorces\\" (did you mean \\"sources\\"?)","code":"FIELDSEAL_CONFIG_INVALID"}
\`\`\``

const LEVELS = `\`error\` needs somebody: nothing is passed on, or something did not come into force. \`warn\` should be looked at. \`info\` is the life of the service. Codes are those of [errors](errors.md).`

/** docs/reference/log-events.md */
export function logEventsPage(): string {
  const events = table(
    ['Event', 'Level', 'Meaning'],
    Object.entries(LOG_EVENTS).map(([event, { level, description }]) => [`\`${event}\``, level, description]),
  )
  return page('# Log events', INTRODUCTION, EXAMPLE, LEVELS, events)
}
