import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bin, fieldseal, type Outcome, type Project } from './project.ts'

const MAIL = 'jane.doe@example.com'
const PLANTED = [MAIL, '4111 1111 1111 1111']
const BODY = { stringValue: `user ${MAIL} paid with ${PLANTED[1]}` }
const REQUEST = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: BODY }] }] }] })

/** A folder of the program, empty. */
function emptyFolder(project: Project, name: string): string {
  const folder = join(project.folder, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  return folder
}

function failed(what: string, { status, stderr }: Outcome): string[] {
  return status === 0 ? [] : [`${what} ended with ${status}: ${stderr.slice(0, 2000)}`]
}

function missing(what: string, text: string, wanted: readonly string[]): string[] {
  return wanted.filter((one) => !text.includes(one)).map((one) => `${what} has no ${one}`)
}

/** What is planted and still to be read. */
function leaks(what: string, text: string): string[] {
  return PLANTED.filter((value) => text.includes(value)).map(() => `${what} has a value in the clear`)
}

/** `init`, and what it says to do next: `test`, `explain`, `seal`, `open`. @returns one line for each thing that is wrong. */
export function commandProblems(project: Project): string[] {
  const folder = emptyFolder(project, 'commands')
  const made = fieldseal(project, folder, ['init'])
  if (made.status !== 0) return failed('init', made)
  const sample = readFileSync(join(folder, 'sample.jsonl'), 'utf8')
  const tested = fieldseal(project, folder, ['test', '-c', 'config.yaml', '--coverage'])
  const explained = fieldseal(project, folder, ['explain', '-c', 'config.yaml'], sample)
  const sealed = fieldseal(project, folder, ['seal', '-c', 'config.yaml'], sample)
  const opened = fieldseal(project, folder, ['open', '-k', 'private/dpo.jwk'], sealed.stdout)
  return [
    ...failed('test', tested),
    ...missing('test', tested.stdout, [', 0 failed']),
    ...failed('explain', explained),
    ...missing('explain', explained.stdout, ['rule "email-addresses"', 'seals it for dpo']),
    ...failed('seal', sealed),
    ...missing('seal', sealed.stdout, ['[sealed:email:', '[sealed:payment_card:']),
    ...leaks('what is sealed', sealed.stdout),
    ...failed('open', opened),
    ...missing('what is opened', opened.stdout, PLANTED),
  ]
}

/**
 * The service with the example configuration of the package, but for its ports: a record goes in over OTLP, sealed into the
 * file, and SIGTERM ends it. @returns one line for each thing that is wrong.
 */
export async function serviceProblems(project: Project): Promise<string[]> {
  const folder = emptyFolder(project, 'service')
  const shipped = join(project.folder, 'node_modules/fieldseal')
  cpSync(join(shipped, 'rules'), join(folder, 'rules'), { recursive: true })
  const example = readFileSync(join(shipped, 'config.example.yaml'), 'utf8')
  // Only what stands there without a # is in force.
  writeFileSync(join(folder, 'config.yaml'), example.replaceAll(/^( *listen: 127\.0\.0\.1):\d+$/gm, '$1:0'))
  for (const name of ['security', 'dpo']) {
    const keys = fieldseal(project, folder, ['keys', 'new', name, '--dir', 'keys'])
    if (keys.status !== 0) return failed('keys new', keys)
  }
  const argv = [bin(project), 'run', '-c', 'config.yaml']
  const service = spawn(project.node, argv, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    return await passageProblems(project, folder, service)
  } finally {
    service.kill('SIGKILL')
  }
}

async function passageProblems(project: Project, folder: string, service: ChildProcess): Promise<string[]> {
  const closed = once(service, 'close')
  const log: string[] = []
  const address = await new Promise<string | undefined>((resolve) => {
    createInterface(service.stderr!).on('line', (line) => {
      log.push(line)
      if (line.includes('"event":"started"')) resolve(JSON.parse(line)['sources.otlp'])
    })
    closed.then(() => resolve(undefined))
  })
  if (address === undefined) return [`the service did not start: ${log.join('\n').slice(0, 2000)}`]
  const headers = { 'content-type': 'application/json', connection: 'close' }
  const { status } = await fetch(`http://${address}/v1/logs`, { method: 'POST', headers, body: REQUEST })
  service.kill('SIGTERM')
  const [code] = await closed
  const file = join(folder, 'sealed.jsonl')
  const sealed = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const opened = fieldseal(project, folder, ['open', '-f', 'otlp-json', '-k', 'keys/security.jwk'], sealed)
  const events = log.map((line) => JSON.parse(line).event as string)
  return [
    ...(status === 200 ? [] : [`the client was answered ${status}`]),
    ...(code === 0 ? [] : [`SIGTERM ended the service with ${code}: ${log.join('\n').slice(0, 2000)}`]),
    ...(events.join() === 'started,draining,stopped' ? [] : [`the log has ${events.join(', ')}`]),
    ...missing('the file', sealed, ['[sealed:email:', '[sealed:payment_card:']),
    ...leaks('the file', sealed),
    ...leaks('the log', log.join('\n')),
    ...failed('open', opened),
    ...missing('what is opened', opened.stdout, PLANTED),
  ]
}
