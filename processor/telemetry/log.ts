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
  'source-failed': { level: 'error', description: 'A source cannot listen any more.' },
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
