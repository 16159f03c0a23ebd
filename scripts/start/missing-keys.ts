import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { parse } from 'yaml'
import { dispatch } from '../../processor/cli/dispatch.ts'

const PUBLIC = '.pub.jwk'

/**
 * Makes a key pair for each recipient of the configuration whose public key is not there, with `fieldseal keys new`,
 * which overwrites nothing; and says so.
 *
 * @returns the exit code.
 */
export async function makeMissingKeys(config: string, terminal: NodeJS.WritableStream): Promise<number> {
  const missing = publicKeys(config).filter((path) => !existsSync(path))
  for (const path of missing) {
    const name = basename(path, PUBLIC)
    const status = await dispatch(['keys', 'new', name, '--kid', name, '--dir', dirname(path)], {
      stdin: process.stdin,
      stdout: new PassThrough().resume(),
      stderr: process.stderr,
      env: process.env,
    })
    if (status !== 0) return status
  }
  if (missing.length > 0) terminal.write(notice(missing))
  return 0
}

/** Files of recipients, as `keys new` names them. */
function publicKeys(config: string): string[] {
  const { recipients } = parse(readFileSync(config, 'utf8')) as { recipients: Record<string, { jwk?: unknown }> }
  return Object.values(recipients).flatMap(({ jwk }) =>
    typeof jwk === 'string' && jwk.endsWith(PUBLIC) ? [join(dirname(config), jwk)] : [],
  )
}

function notice(made: readonly string[]): string {
  const names = made.map((path) => basename(path, PUBLIC))
  const files = (end: string) => made.map((path) => `${path.slice(0, -PUBLIC.length)}${end}`).join(', ')
  return `
Made keys to try things out with, for ${names.join(' and ')}:

  ${files(PUBLIC)}
      public: all that the service needs, and all that belongs on its machine
  ${files('.jwk')}
      PRIVATE: each opens what is sealed for it. For real logs they are made by those who may read,
      and never come near this machine.
`
}
