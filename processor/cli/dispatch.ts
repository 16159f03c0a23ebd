import { didYouMean } from '../config/nearest.ts'
import { FieldsealError } from '../errors.ts'
import type { CommandIo } from './arguments.ts'
import { helpText, section } from './help.ts'
import { COMMANDS, type CommandEntry } from './index.ts'

async function overview(): Promise<string> {
  const commands = await Promise.all(COMMANDS.map((entry) => entry.load()))
  const rows = commands.map(({ name, summary }): [string, string] => [name, summary])
  return `Finds personal data and secrets in logs and seals them, for those who may read them.

Usage: fieldseal COMMAND [options]

${section('Commands', rows)}

"fieldseal COMMAND --help" says more.
`
}

/** The command that the arguments begin with, and what follows its name. */
function commandOf(
  argv: readonly string[],
): { readonly entry: CommandEntry; readonly rest: readonly string[] } | undefined {
  for (const entry of COMMANDS) {
    const words = entry.name.split(' ')
    if (words.every((word, index) => argv[index] === word)) return { entry, rest: argv.slice(words.length) }
  }
  return undefined
}

function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).some((argument) => argument === '--help' || argument === '-h')
}

function reportError(error: unknown, stderr: NodeJS.WritableStream): number {
  // What is not ours may carry a value of a record in its message: nothing of it is shown.
  const shown =
    error instanceof FieldsealError ? error : new FieldsealError('FIELDSEAL_INTERNAL', 'an unexpected error')
  stderr.write(`${shown.code} ${shown.message}\n  ${shown.hint}\n`)
  return shown.exit
}

/** Runs a command line and returns its exit code; it never throws. */
export async function dispatch(argv: readonly string[], io: CommandIo): Promise<number> {
  const found = commandOf(argv)
  try {
    if (found !== undefined) {
      const command = await found.entry.load()
      if (!wantsHelp(found.rest)) return await command.execute(found.rest, io)
      io.stdout.write(helpText(command))
      return 0
    }
    if (argv.length === 0 || wantsHelp(argv)) {
      io.stdout.write(await overview())
      return argv.length === 0 ? 64 : 0
    }
    const hint = didYouMean(
      argv[0]!,
      COMMANDS.map(({ name }) => name),
    )
    throw new FieldsealError(
      'FIELDSEAL_USAGE',
      hint === undefined ? 'there is no such command' : `there is no such command; ${hint}`,
    )
  } catch (error) {
    return reportError(error, io.stderr)
  }
}
