import { types } from 'node:util'
import { isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { createEngine, type ObjectEngine } from '../../engine.ts'
import { isCleanLine, lineOf, SEALED_LIST } from './line.ts'
import { Arguments, fieldsOf, hasFields, putFields } from './splat.ts'

/** Keys of winston's records (of the package triple-beam, which has nothing but these three). */
export const LEVEL = Symbol.for('level')
export const MESSAGE = Symbol.for('message')
export const SPLAT = Symbol.for('splat')
/** @opentelemetry/instrumentation-winston leaves the context of the call there, for @opentelemetry/winston-transport. */
const CONTEXT = Symbol.for('opentelemetry.js.contrib.winston.context')

/** What logform calls `info`: the fields of a record, and what winston keeps with it under symbols. */
export interface Info {
  level: string
  message: unknown
  [key: string | symbol]: unknown
}

/** An `info` as somebody hands it over. */
export type AnyInfo = Readonly<Record<PropertyKey, unknown>>

export interface SealedInfo {
  /** A copy, all of it looked through. */
  readonly info: Info
  /** Whether a rule has altered anything. */
  readonly edited: boolean
}

/** Levels of a logger are few; whoever makes up new ones all the time gets no memory for it. */
const MOST_LEVELS = 64

/** Copies as sealing does, and finds nothing. */
let copier: ObjectEngine | undefined

/** Seals records of winston: their fields, the arguments of the call, and the line that was made of them. */
export class InfoSealer {
  readonly #engine: ObjectEngine
  /** By level, what may be shown of it. */
  readonly #levels = new Map<string, string>()

  constructor(engine: ObjectEngine) {
    this.#engine = engine
  }

  /** @throws FieldsealError; nothing of the record may be passed on then. */
  seal(given: AnyInfo): SealedInfo {
    const args = given[SPLAT]
    if (!Array.isArray(args) || args.length === 0) return this.#sealRecord(given, given)
    return this.#sealWithFields(given, args) ?? this.#sealWithArguments(given, args)
  }

  /**
   * What most calls are: a message with no place for arguments, and one object with fields. All is read and looked at once.
   *
   * @returns undefined where the call is another one.
   */
  #sealWithFields(given: AnyInfo, args: readonly unknown[]): SealedInfo | undefined {
    const fields: unknown = args[0]
    if (args.length !== 1 || !isPlain(fields) || mayFill(given.message)) return undefined
    const line = lineBeside(given)
    const { record, edited, beside } = this.#engine.sealObject(given, { body: line, attributes: fields })
    // A message with a getter may say something else each time.
    if (mayFill(record.message)) return undefined
    const info = record as Info
    info[SPLAT] = [beside?.attributes]
    return this.#complete(given, info, line, edited)
  }

  #sealWithArguments(given: AnyInfo, args: readonly unknown[]): SealedInfo {
    // What is looked at more than once must be the same each time, whatever its getters say.
    copier ??= createEngine({ rules: [] })
    const copy = copier.sealObject(given, { attributes: { args } })
    const values = copy.beside?.attributes.args as unknown[]
    const { message } = copy.record
    const sealed = new Arguments(this.#engine, values, copy.record)
    // The record has room for one more body and for the fields of one object: that is all that most calls have.
    const together = {
      body:
        lineBeside(given) === undefined ? values.findIndex((value) => value !== undefined && !hasFields(value)) : -1,
      fields: values.findIndex(hasFields),
    }
    sealed.sealAsBody(mayFill(message), together.body)
    sealed.sealAsFields([together.body, together.fields])
    return this.#sealRecord(given, copy.record, { sealed, ...together })
  }

  /** @param given - what has the symbols. */
  #sealRecord(given: AnyInfo, record: object, args?: ArgumentsTogether): SealedInfo {
    const line = lineBeside(given)
    const withFields = args?.sealed.values[args.fields]
    const {
      edited: isEdited,
      record: copy,
      beside,
    } = this.#engine.sealObject(record, {
      body: line ?? args?.sealed.values[args.body],
      attributes: hasFields(withFields) ? fieldsOf(withFields) : {},
    })
    const info = copy as Info
    if (args !== undefined) {
      if (hasFields(withFields)) putFields(withFields, beside?.attributes ?? {})
      if (args.body >= 0) {
        args.sealed.values[args.body] = beside?.body
        args.sealed.sealAsField(args.body)
      }
      addLists(info, args.sealed.lists)
      info[SPLAT] = args.sealed.values
    }
    return this.#complete(given, info, line, isEdited || args?.sealed.edited === true)
  }

  /** Gives the copy what winston keeps under the other symbols. */
  #complete(given: AnyInfo, info: Info, line: unknown, edited: boolean): SealedInfo {
    info[LEVEL] = this.#level(given[LEVEL])
    const context = spanOnly(given[CONTEXT])
    if (context !== undefined) info[CONTEXT] = context
    // A line cannot be mended: what a rule found by the key of a field has no key in it.
    if (line === undefined) {
      if (given[MESSAGE] !== undefined) info[MESSAGE] = typeof info.message === 'string' ? info.message : lineOf(info)
    } else info[MESSAGE] = edited || !isCleanLine(this.#engine, line) ? lineOf(info) : line
    return { info, edited }
  }

  /** The level is what loggers sort by, and is passed on as it is: unless somebody calls a value a level. */
  #level(level: unknown): string | undefined {
    if (typeof level !== 'string') return undefined
    const known = this.#levels.get(level)
    if (known !== undefined) return known
    const sealed = this.#engine.sealObject({ level }).record.level
    const shown = typeof sealed === 'string' ? sealed : ''
    if (this.#levels.size < MOST_LEVELS) this.#levels.set(level, shown)
    return shown
  }
}

/** Arguments, and the indexes of those that are sealed together with the record; -1 for none. */
interface ArgumentsTogether {
  readonly sealed: Arguments
  readonly body: number
  readonly fields: number
}

/** Whether splat() may put arguments into the message. */
function mayFill(message: unknown): boolean {
  return typeof message !== 'string' || message.includes('%')
}

/** An object that is nothing but its enumerable properties, and does not say itself what it is as JSON. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !types.isProxy(value) &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !('toJSON' in value)
  )
}

/** What a format has made of the record already. errors() takes the message for it. */
function lineBeside(given: AnyInfo): unknown {
  const line = given[MESSAGE]
  return line === given.message ? undefined : line
}

function addLists(info: Info, lists: readonly unknown[]): void {
  if (lists.length === 0) return
  const list = info[SEALED_LIST]
  info[SEALED_LIST] = [...(Array.isArray(list) ? list : list === undefined ? [] : [list]), ...lists]
}

/** Of a context nothing but the ids of the span: baggage is not looked through. */
function spanOnly(context: unknown): unknown {
  if (typeof context !== 'object' || context === null) return undefined
  const span = trace.getSpanContext(context as typeof ROOT_CONTEXT)
  if (span === undefined || !isSpanContextValid(span)) return undefined
  const { traceId, spanId, traceFlags } = span
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number(traceFlags) })
}
