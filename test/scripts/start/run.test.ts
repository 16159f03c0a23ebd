import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { makeMissingKeys } from '../../../scripts/start/missing-keys.ts'
import { whatToTry } from '../../../scripts/start/what-to-try.ts'
import { codeBlock, ROOT } from '../../docs/document.ts'
import { freshCopy } from './fresh-copy.ts'

const copies: string[] = []
afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true })
})

async function copy(): Promise<string> {
  const { folder } = await freshCopy()
  copies.push(folder)
  return folder
}

/** A terminal that remembers. */
class Terminal extends Writable {
  text = ''
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

test('the first time it makes a key pair for each recipient, and says who must have the private halves', async () => {
  const folder = await copy()
  const terminal = new Terminal()
  expect(await makeMissingKeys(join(folder, 'config.example.yaml'), terminal)).toBe(0)
  expect(terminal.text).toContain('PRIVATE')
  for (const name of ['security', 'dpo']) {
    const privateKey = join(folder, `keys/${name}.jwk`)
    expect(terminal.text).toContain(privateKey)
    expect(statSync(privateKey).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(privateKey, 'utf8'))).toMatchObject({ kid: name, d: expect.any(String) })
    expect(JSON.parse(readFileSync(join(folder, `keys/${name}.pub.jwk`), 'utf8'))).not.toHaveProperty('d')
  }
})

test('the second time it makes none and says nothing', async () => {
  const folder = await copy()
  const config = join(folder, 'config.example.yaml')
  await makeMissingKeys(config, new Terminal())
  const before = readFileSync(join(folder, 'keys/dpo.jwk'))
  const terminal = new Terminal()
  expect(await makeMissingKeys(config, terminal)).toBe(0)
  expect(terminal.text).toBe('')
  expect(readFileSync(join(folder, 'keys/dpo.jwk'))).toEqual(before)
})

test('a public key that is there is enough: who reads may have made it', async () => {
  const folder = await copy()
  const config = join(folder, 'config.example.yaml')
  await makeMissingKeys(config, new Terminal())
  unlinkSync(join(folder, 'keys/security.jwk'))
  expect(await makeMissingKeys(config, new Terminal())).toBe(0)
  expect(existsSync(join(folder, 'keys/security.jwk'))).toBe(false)
})

test('a private key without its public half is not overwritten', async () => {
  const folder = await copy()
  await makeMissingKeys(join(folder, 'config.example.yaml'), new Terminal())
  unlinkSync(join(folder, 'keys/security.pub.jwk'))
  const before = readFileSync(join(folder, 'keys/security.jwk'))
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/start/run.ts')], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(status).toBe(64)
  expect(stderr).toContain('FIELDSEAL_KEY_EXISTS keys/security.jwk exists')
  expect(readFileSync(join(folder, 'keys/security.jwk'))).toEqual(before)
})

test('where keys cannot be made it ends and does not start', async () => {
  const folder = await copy()
  // A folder in the place of a file that is to be made.
  mkdirSync(join(folder, 'keys/security.jwk'), { recursive: true })
  expect(await makeMissingKeys(join(folder, 'config.example.yaml'), new Terminal())).not.toBe(0)
})

test('what to try is what the README says', async () => {
  const { folder, withPorts } = await freshCopy()
  copies.push(folder)
  await makeMissingKeys(join(folder, 'config.example.yaml'), new Terminal())
  const before = process.cwd()
  process.chdir(folder)
  try {
    const text = whatToTry('config.example.yaml')
    for (const command of codeBlock('README.md', 'first').trimEnd().split('\n'))
      expect(text.split('\n')).toContain(`  ${withPorts(command)}`)
  } finally {
    process.chdir(before)
  }
})

test('where the configuration is wrong nothing is said of what to try', () => {
  expect(whatToTry(join(ROOT, 'nowhere.yaml'))).toBe('')
})

test('SIGTERM to npm reaches the service, which drains and ends with 0', async () => {
  const folder = await copy()
  const npm = spawn('npm', ['start', '--silent'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  npm.stderr.on('data', (chunk) => {
    log += chunk
    if (String(chunk).includes('"started"')) npm.kill('SIGTERM')
  })
  // The pipe closes with the last process that has it: with the service.
  const [code] = await once(npm, 'close')
  const events = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).event)
  expect([code, ...events]).toEqual([0, 'started', 'draining', 'stopped'])
})
