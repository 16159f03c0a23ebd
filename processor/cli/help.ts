import type { Command, Option } from './arguments.ts'

const WIDTH = 100

/** What the exit codes of all commands mean (sysexits.h from 64 on). */
export const EXIT_CODES = [
  [0, 'done'],
  [1, 'done, with findings or failed tests'],
  [64, 'wrong arguments'],
  [65, 'the input is malformed, or was not sealed for the key'],
  [66, 'a file that is followed, or standard input, cannot be read'],
  [69, 'the output cannot be written, or an address not be listened on'],
  [70, 'sealing or detection failed; nothing was let through'],
  [73, 'how far files were read cannot be written down'],
  [74, 'whoever read the standard output is gone'],
  [77, 'somebody was not let in'],
  [78, 'the configuration, a rule or a key is not valid'],
  [130, 'stopped from the keyboard; what there is was written'],
] as const satisfies readonly (readonly [number, string])[]

/** The help of a command: at most 100 columns, ends with a line feed. */
export function helpText(command: Command): string {
  const positionals = (command.positionals ?? []).map(({ name, description }): Row => [name, description])
  const options = Object.entries<Option>(command.options).map(
    ([name, option]): Row => [form(name, option), about(option)],
  )
  options.push(['-h, --help', 'Show this text.'])
  const exits = EXIT_CODES.map(([code, meaning]): Row => [String(code), meaning])
  const sections = [
    wrap(command.summary, WIDTH).join('\n'),
    `Usage: fieldseal ${command.name} ${command.usage}`.trimEnd(),
    ...(positionals.length === 0 ? [] : [section('Arguments', positionals)]),
    section('Options', options),
    section('Exit codes', exits),
  ]
  return `${sections.join('\n\n')}\n`
}

/** Two columns under a title, as in the help of a command. */
export function section(title: string, rows: readonly Row[]): string {
  const left = Math.max(...rows.map(([term]) => term.length)) + 4
  const lines = rows.flatMap(([term, text]) =>
    wrap(text, WIDTH - left).map((line, index) => `${(index === 0 ? `  ${term}` : '').padEnd(left)}${line}`),
  )
  return [`${title}:`, ...lines].join('\n')
}

export type Row = readonly [term: string, text: string]

function form(name: string, option: Option): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `
  return `${short}--${name}${option.type === 'string' ? ` ${option.value}` : ''}`
}

function about(option: Option): string {
  if (option.type === 'boolean') return option.description
  const notes = [
    ...(option.choices === undefined ? [] : [`one of ${option.choices.join(', ')}`]),
    ...(option.default === undefined ? [] : [`default: ${option.default}`]),
    ...(option.required ? ['required'] : []),
    ...(option.multiple ? ['may be repeated'] : []),
  ]
  return notes.length === 0 ? option.description : `${option.description} (${notes.join('; ')})`
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
