import { parseArgs } from 'node:util'
import { didYouMean } from '../config/nearest.ts'
import { FieldsealError } from '../errors.ts'

/** What a command reads and writes; nothing else reaches the terminal. */
export interface CommandIo {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  readonly env: Readonly<Record<string, string | undefined>>
}

interface OptionFacts {
  /** One letter. */
  readonly short?: string
  readonly description: string
}

export interface FlagOption extends OptionFacts {
  readonly type: 'boolean'
}

export interface TextOption extends OptionFacts {
  readonly type: 'string'
  /** What stands for the value in the help: `FILE`. */
  readonly value: string
  readonly default?: string
  /** All values that there are. */
  readonly choices?: readonly string[]
  readonly required?: boolean
  /** May be given several times; its value is a list. */
  readonly multiple?: boolean
}

export type Option = FlagOption | TextOption
export type Options = Readonly<Record<string, Option>>

export interface Positional {
  readonly name: string
  readonly description: string
  readonly optional?: boolean
  /** Takes all that remain; only for the last. */
  readonly repeated?: boolean
}

type ValueOf<O extends Option> = O extends FlagOption
  ? boolean
  : O extends { readonly multiple: true }
    ? readonly string[]
    : O extends { readonly default: string } | { readonly required: true }
      ? string
      : string | undefined

/** What was given on the command line, checked. */
export interface Arguments<O extends Options = Options> {
  readonly values: { readonly [Name in keyof O]: ValueOf<O[Name]> }
  readonly positionals: readonly string[]
}

export interface CommandDefinition<O extends Options> {
  /** As it is typed, `keys new`. */
  readonly name: string
  /** One line. */
  readonly summary: string
  /** What follows the name: `NAME [options]`. */
  readonly usage: string
  readonly options: O
  readonly positionals?: readonly Positional[]
  /** Returns the exit code. */
  run(args: Arguments<O>, io: CommandIo): Promise<number> | number
}

/** A command whose arguments are strings still. */
export interface Command extends Omit<CommandDefinition<Options>, 'run'> {
  /**
   * Parses and runs. Does not look at `--help`.
   *
   * @throws `FIELDSEAL_USAGE`, and what the command throws.
   */
  execute(argv: readonly string[], io: CommandIo): Promise<number>
}

/** Declares a command. The types of the values in `run` follow from the options. */
export function defineCommand<const O extends Options>(definition: CommandDefinition<O>): Command {
  const { run, ...facts } = definition
  return { ...facts, execute: async (argv, io) => await run(parseArguments(definition, argv), io) }
}

/**
 * Parses what follows the command's name. Messages name options, never their values.
 *
 * @throws `FIELDSEAL_USAGE`.
 */
export function parseArguments<O extends Options>(
  command: Pick<CommandDefinition<O>, 'options' | 'positionals'>,
  argv: readonly string[],
): Arguments<O> {
  const declared = Object.entries<Option>(command.options)
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      declared.map(([name, { type, short }]) => [name, short === undefined ? { type } : { type, short }]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const values: Record<string, boolean | string | readonly string[] | undefined> = Object.create(null)
  for (const [name, option] of declared) values[name] = initialValue(option)
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined
    if (option === undefined) return refuseUnknown(token.rawName, Object.keys(command.options))
    values[token.name] = given(option, token.rawName, token.value, token.inlineValue === true, values[token.name])
  }
  for (const [name, option] of declared) {
    if (option.type === 'string' && option.required && values[name] === undefined) usage(`--${name} is missing`)
  }
  checkPositionals(command.positionals ?? [], positionals.length)
  return { values: values as Arguments<O>['values'], positionals }
}

function initialValue(option: Option): boolean | string | readonly string[] | undefined {
  if (option.type === 'boolean') return false
  return option.multiple ? [] : option.default
}

function given(option: Option, rawName: string, value: string | undefined, inline: boolean, before: unknown) {
  if (option.type === 'boolean') return value === undefined ? true : usage(`${rawName} takes no value`)
  // As parseArgs does where it is strict: what looks like an option was not meant as a value.
  if (value === undefined || value === '' || (!inline && value.length > 1 && value.startsWith('-'))) {
    return usage(`${rawName} needs a value: ${rawName}${rawName.startsWith('--') ? '=' : ' '}${option.value}`)
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    return usage(`${rawName} is one of ${option.choices.join(', ')}`, didYouMean(value, option.choices))
  }
  if (option.multiple) return [...(before as readonly string[]), value]
  return value
}

function refuseUnknown(rawName: string, known: readonly string[]): never {
  const shown = rawName.length > 64 ? `${rawName.slice(0, 63)}…` : rawName
  return usage(
    `unknown option ${shown}`,
    didYouMean(
      rawName,
      [...known, 'help'].map((name) => `--${name}`),
    ),
  )
}

function checkPositionals(declared: readonly Positional[], count: number): void {
  const missing = declared[count]
  if (missing !== undefined && !missing.optional) usage(`${missing.name} is missing`)
  if (count > declared.length && !declared.at(-1)?.repeated) usage('there are more arguments than the command takes')
}

function usage(message: string, hint?: string): never {
  throw new FieldsealError('FIELDSEAL_USAGE', hint === undefined ? message : `${message}; ${hint}`)
}
