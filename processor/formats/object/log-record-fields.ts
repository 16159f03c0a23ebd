/**
 * Fields of the three maps that a log record is written as, one behind the other in an array, each in this order. The
 * attributes come last.
 */
export const LOG_RECORD = {
  resource: ['attributes'],
  scope: ['name', 'version', 'attributes'],
  record: ['severity_number', 'severity_text', 'event_name', 'body', 'attributes'],
} as const
