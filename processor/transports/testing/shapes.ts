/** A way of logging a value: `mark` says which record it is, and is no personal data. */
export interface Shape {
  readonly name: string
  /** Whether the value stands in a field by itself, the name of which may say what it is. */
  readonly isField?: true
  /** @param key - of the field. */
  log(logger: Logger, level: string, mark: string, value: string, key: string): void
}

/** What is called of a logger, whichever it is. */
// biome-ignore lint/suspicious/noExplicitAny: loggers of three libraries, recognised by their shape
export type Logger = any

export interface LoggerKind {
  readonly levels: readonly string[]
  readonly shapes: readonly Shape[]
}

const failed = (value: string) => new Error(`no account for ${value}`)
const nested = (value: string, key: string) => ({ a: { b: [{ [key]: value }] } })

const PINO: readonly Shape[] = [
  { name: 'message', log: (logger, level, mark, value) => logger[level](`${mark} of ${value} there`) },
  {
    name: 'merge object',
    isField: true,
    log: (logger, level, mark, value, key) => logger[level]({ [key]: value }, mark),
  },
  { name: 'nested', isField: true, log: (logger, level, mark, value, key) => logger[level](nested(value, key), mark) },
  { name: 'format arguments', log: (logger, level, mark, value) => logger[level]('%s of %s there', mark, value) },
  { name: 'error', log: (logger, level, mark, value) => logger[level](failed(value), mark) },
  { name: 'error in a field', log: (logger, level, mark, value) => logger[level]({ err: failed(value) }, mark) },
  { name: 'cause', log: (logger, level, mark, value) => logger[level](new Error('x', { cause: failed(value) }), mark) },
  {
    name: 'child',
    isField: true,
    log: (logger, level, mark, value, key) => logger.child({ [key]: value })[level](mark),
  },
]

const WINSTON: readonly Shape[] = [
  { name: 'message', log: (logger, level, mark, value) => logger.log(level, `${mark} of ${value} there`) },
  {
    name: 'one object',
    isField: true,
    log: (logger, level, mark, value, key) => logger.log({ level, message: mark, [key]: value }),
  },
  {
    name: 'fields',
    isField: true,
    log: (logger, level, mark, value, key) => logger.log(level, mark, { [key]: value }),
  },
  {
    name: 'nested',
    isField: true,
    log: (logger, level, mark, value, key) => logger.log(level, mark, nested(value, key)),
  },
  { name: 'format arguments', log: (logger, level, mark, value) => logger.log(level, `${mark} of %s there`, value) },
  { name: 'error', log: (logger, level, mark, value) => logger.log(level, new Error(`${mark} ${value}`)) },
  { name: 'error as another argument', log: (logger, level, mark, value) => logger.log(level, mark, failed(value)) },
  { name: 'error in a field', log: (logger, level, mark, value) => logger.log(level, mark, { err: failed(value) }) },
  {
    name: 'cause',
    log: (logger, level, mark, value) => logger.log(level, mark, new Error('x', { cause: failed(value) })),
  },
  {
    name: 'child',
    isField: true,
    log: (logger, level, mark, value, key) => logger.child({ [key]: value }).log(level, mark),
  },
]

const OTEL_LEVELS: Readonly<Record<string, number>> = { TRACE: 1, DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17, FATAL: 21 }

function emit(logger: Logger, level: string, record: object): void {
  logger.emit({ severityNumber: OTEL_LEVELS[level], severityText: level, ...record })
}

const OTEL: readonly Shape[] = [
  { name: 'body', log: (logger, level, mark, value) => emit(logger, level, { body: `${mark} of ${value} there` }) },
  {
    name: 'body that is a map',
    isField: true,
    log: (logger, level, mark, value, key) => emit(logger, level, { body: { mark, [key]: value } }),
  },
  {
    name: 'attributes',
    isField: true,
    log: (logger, level, mark, value, key) => emit(logger, level, { body: mark, attributes: { [key]: value } }),
  },
  {
    name: 'nested',
    isField: true,
    log: (logger, level, mark, value, key) => emit(logger, level, { body: mark, attributes: nested(value, key) }),
  },
  {
    name: 'exception',
    log: (logger, level, mark, value) => emit(logger, level, { body: mark, exception: failed(value) }),
  },
]

/** @returns undefined where it is none of the loggers that are known. */
export function kindOf(logger: Logger): LoggerKind | undefined {
  if (typeof logger?.emit === 'function' && typeof logger.log !== 'function' && typeof logger.info !== 'function')
    return { levels: Object.keys(OTEL_LEVELS), shapes: OTEL }
  if (typeof logger?.isLevelEnabled !== 'function' || typeof logger.child !== 'function') return undefined
  if (typeof logger.levels?.values === 'object')
    return { levels: Object.keys(logger.levels.values).filter((level) => logger.isLevelEnabled(level)), shapes: PINO }
  if (typeof logger.log === 'function' && typeof logger.levels === 'object')
    return { levels: Object.keys(logger.levels).filter((level) => logger.isLevelEnabled(level)), shapes: WINSTON }
  return undefined
}
