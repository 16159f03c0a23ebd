import { ConfigError } from '../config/issue.ts'
import type { FieldsealError } from '../errors.ts'

/**
 * Lists what is wrong with a configuration, one issue a line, and counts.
 *
 * @param error - `FIELDSEAL_CONFIG_INVALID`: its message has a line for each issue.
 */
export function writeIssues({ message }: FieldsealError, stderr: NodeJS.WritableStream): void {
  stderr.write(`${message}\n${counted(message.split('\n').length, 'issue')}\n`)
}

/** Runs a command; what is wrong with its configuration or rules is listed, as `writeIssues` does. */
export async function reportingIssues(
  stderr: NodeJS.WritableStream,
  run: () => Promise<number> | number,
): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    writeIssues(error, stderr)
    return error.exit
  }
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
