import type { FieldsealError } from '../errors.ts'

/**
 * Lists what is wrong with a configuration, one issue a line, and counts.
 *
 * @param error - `FIELDSEAL_CONFIG_INVALID`: its message has a line for each issue.
 */
export function writeIssues({ message }: FieldsealError, stderr: NodeJS.WritableStream): void {
  stderr.write(`${message}\n${counted(message.split('\n').length, 'issue')}\n`)
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
