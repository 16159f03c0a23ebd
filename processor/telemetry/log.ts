/** Every event that the service writes to its log. `message` may name settings and codes, never anything of a record. */
export const LOG_EVENTS = {
  started: { level: 'info', description: 'The service takes batches.' },
  insecure: { level: 'warn', description: 'A source without authentication can be reached from other machines.' },
  warning: { level: 'warn', description: 'The configuration is allowed and should be looked at.' },
  unready: { level: 'error', description: 'Something that sealing needs has failed; nothing is passed on.' },
  ready: { level: 'info', description: 'What had failed works again.' },
  reloaded: { level: 'info', description: 'New rules, recipients, certificates or tokens are in use.' },
  'reload-failed': { level: 'error', description: 'The new configuration is wrong; the old one stays in use.' },
  'sink-failed': { level: 'warn', description: 'A sink did not accept a batch. Written once for each outage.' },
  'sink-recovered': { level: 'info', description: 'The sink accepts batches again.' },
  'endpoint-failed': {
    level: 'warn',
    description: 'One of several endpoints of a sink did not take a batch; others may. Written once for each outage.',
  },
  'endpoint-recovered': { level: 'info', description: 'The endpoint takes batches again.' },
  'conversion-loss': {
    level: 'warn',
    description:
      'A sink sends another format than a batch had, and something of it has no place there; `kind` says what. Written once for each kind.',
  },
  'outgoing-unreadable': {
    level: 'error',
    description:
      'The independent leak scan has failed, or cannot read what went out: a fault of Fieldseal, or of whoever made the bytes. Written once.',
  },
  'telemetry-failed': {
    level: 'warn',
    description:
      'Metrics or traces cannot be sent over OTLP; batches are not held up by that. Written once for each outage.',
  },
  'telemetry-recovered': { level: 'info', description: 'They are sent again.' },
  'source-failed': { level: 'error', description: 'A source cannot listen, or be read, any more.' },
  'message-refused': {
    level: 'warn',
    description: 'A message of Fluent Forward was not acknowledged, and its connection closed: the client keeps it.',
  },
  'message-rejected': {
    level: 'error',
    description: 'A message of Fluent Forward was dropped, since it could never be accepted; see `rejected`.',
  },
  'message-lost': {
    level: 'error',
    description: 'A message of Fluent Forward that wanted no acknowledgement was not accepted in time; see `hold`.',
  },
  'client-refused': {
    level: 'warn',
    description:
      'A client of Fluent Forward was sent away: it has not authenticated, is too slow, or speaks something else.',
  },
  'line-left-out': {
    level: 'error',
    description:
      'A line is not passed on and never will be: it is too long, malformed, or refused for good. Where it stands is logged, never what.',
  },
  'lines-lost': {
    level: 'error',
    description: 'Lines of standard input were read, and the service ends without them.',
  },
  'file-skipped': { level: 'warn', description: 'A file is not read, or not yet. Written once for each reason.' },
  'file-replaced': {
    level: 'info',
    description: 'A file was emptied and is read anew, and its copy, if one was found, to the end.',
  },
  'gap-suspected': {
    level: 'warn',
    description: 'A file was emptied or is gone, and what was not read of it yet was not found anywhere.',
  },
  'positions-missing': {
    level: 'info',
    description: 'There is no position file yet: files are begun as `start` says.',
  },
  'positions-damaged': {
    level: 'error',
    description: 'The position file cannot be understood. It was put aside, and files are begun as `start` says.',
  },
  'positions-failed': {
    level: 'error',
    description: 'The position file cannot be written; after a restart lines come twice. Written once for each outage.',
  },
  'positions-recovered': { level: 'info', description: 'The position file is written again.' },
  ended: { level: 'info', description: 'Nothing more can come, or go out: the service stops by itself.' },
  'worker-lost': { level: 'error', description: 'A worker process ended by itself; another one takes its place.' },
  crashed: {
    level: 'error',
    description: 'A fault of Fieldseal has ended a process; clients keep what was not acknowledged.',
  },
  draining: { level: 'info', description: 'The service takes no new batches and finishes those under way.' },
  stopped: { level: 'info', description: 'The service has ended.' },
} as const satisfies Record<string, { level: 'info' | 'warn' | 'error'; description: string }>

export type LogEvent = keyof typeof LOG_EVENTS

/** Numbers, codes and names that the operator has given. */
export type LogFields = Readonly<Record<string, string | number | boolean>>

/** Writes one event. */
export type Log = (event: LogEvent, message: string, fields?: LogFields) => void

/** One JSON object a line: `{"time":"...","level":"info","event":"started","message":"...",...}`. */
export function jsonLog(stream: NodeJS.WritableStream): Log {
  return (event, message, fields = {}) => {
    const { level } = LOG_EVENTS[event]
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, message, ...fields })}\n`)
  }
}
