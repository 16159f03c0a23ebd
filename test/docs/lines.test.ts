import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { ENVIRONMENT } from '../processes.ts'
import { temporaryFolder } from '../processor/config/temporary-folder.ts'
import { until } from '../processor/sources/suite.ts'
import { codeBlock, document, ROOT } from './document.ts'

const PAGE = 'docs/lines.md'
const COMMAND = join(ROOT, 'processor/cli/main.ts')

/** As pino 10 writes them by default. */
const pino = (number: number) =>
  `{"level":30,"time":17646000000${number},"pid":7,"hostname":"web-1","reqId":"r-${number}","msg":"user jane.doe@example.com signed in"}\n`

/** A folder in which the page's commands can be run. */
function folderWith(config: string): string {
  const keys = generateKeyPair('P-256', 'security')
  const folder = temporaryFolder({ 'config.yaml': config })
  mkdirSync(join(folder, 'keys'))
  writeFileSync(join(folder, 'keys/security.jwk'), JSON.stringify(keys.privateJwk), { mode: 0o600 })
  writeFileSync(join(folder, 'keys/security.pub.jwk'), JSON.stringify(keys.publicJwk))
  cpSync(join(ROOT, 'rules/packs'), join(folder, 'rules/packs'), { recursive: true })
  return folder
}

function run(folder: string): ChildProcess {
  const child = spawn(process.execPath, [COMMAND, 'run', '-c', 'config.yaml'], { cwd: folder, env: ENVIRONMENT })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

function open(folder: string, sealed: string): string {
  const args = [COMMAND, 'open', '-k', 'keys/security.jwk']
  return spawnSync(process.execPath, args, { cwd: folder, input: sealed, encoding: 'utf8' }).stdout
}

test('a pipe is sealed, ends with 0, and opens again as it was', async () => {
  const folder = folderWith(codeBlock(PAGE, 'config: pipe'))
  const child = run(folder)
  const sealed = text(child.stdout!)
  child.stdin!.end(pino(1) + pino(2))
  expect(await once(child, 'close')).toEqual([0, null])
  expect(await sealed).not.toContain('jane.doe')
  expect((await sealed).split('\n')).toHaveLength(3)
  const opened = open(folder, await sealed)
  expect(
    opened
      .split('\n')
      .slice(0, 2)
      .map((line) => JSON.parse(line).msg),
  ).toEqual(Array(2).fill('user jane.doe@example.com signed in'))
})

test('a log file of pino is followed through a rotation, and its lines open again', async () => {
  const config = codeBlock(PAGE, 'config: tail')
    .replaceAll('/var/log/app/', 'log/')
    .replaceAll('/var/lib/fieldseal/', '')
  const folder = folderWith(`${config}service: {admin: {listen: "127.0.0.1:0"}}\n`)
  mkdirSync(join(folder, 'log'))
  const log = join(folder, 'log/app.log')
  appendFileSync(log, pino(1))
  const child = run(folder)
  const path = join(folder, 'sealed.jsonl')
  const sealed = () => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  await until(() => sealed().includes('"r-1"'))
  renameSync(log, `${log}.1`)
  appendFileSync(log, pino(2))
  await until(() => sealed().split('\n').length === 3)
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([0, null])
  expect(sealed()).not.toContain('jane.doe')
  const numbers = open(folder, sealed())
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line).reqId]))
  expect(numbers.sort()).toEqual(['r-1', 'r-2'])
})

test('the exit codes of the page are those of the errors', async () => {
  const { ERRORS } = await import('../../processor/errors.ts')
  const sentence = document(PAGE).replaceAll('\n', ' ')
  expect(sentence).toContain(`the code is ${ERRORS.FIELDSEAL_SOURCE_FAILED.exit}`)
  expect(sentence).toContain(`compressed ${ERRORS.FIELDSEAL_INPUT_MALFORMED.exit}`)
  expect(sentence).toContain(`has ended ${ERRORS.FIELDSEAL_OUTPUT_CLOSED.exit}`)
})
