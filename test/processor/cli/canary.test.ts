import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { canaryCommand } from '../../../processor/cli/canary.ts'
import { CANARIES } from '../../../processor/transports/testing/canaries.ts'
import { ENVIRONMENT } from '../../processes.ts'
import { deployed, KEYS, RULES, serve } from '../canary/canary-fixtures.ts'
import { Authority, hasOpenssl } from '../http/authority.ts'
import { capturedIo } from './captured-io.ts'

const MAIN = join(import.meta.dirname, '../../../processor/cli/main.ts')

const scan = (inline: string) => `leak_scan: {inline: ${inline}, independent: {sample: 0}}\n`

/** `fieldseal run`, and its events. */
function service(folder: string): { child: ChildProcess; event(name: string): Promise<Record<string, string>> } {
  const child = spawn(process.execPath, [MAIN, 'run', '-c', 'config.yaml'], {
    cwd: folder,
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const lines = createInterface(child.stderr!)[Symbol.asyncIterator]()
  return {
    child,
    async event(name) {
      for (;;) {
        const { value, done } = await lines.next()
        if (done) throw new Error('it has ended')
        const line = JSON.parse(value as string)
        if (line.event === name) return line
      }
    },
  }
}

test('the whole service passes; with its leak scan switched off the canary in the clear is not seen', async () => {
  // The service has the scan off, and the canary the configuration as it should be.
  // Whole, as a scan that refuses does not let a value go of which only a part is sealed.
  const rules = RULES.replace('seal: {to: [default]}', 'seal: {to: [default], text: whole}')
  const right = deployed({ rules })
  const folder = deployed({ rules, more: scan('off') })
  writeFileSync(join(right, 'canary.jwk'), JSON.stringify(KEYS.canary.privateJwk))
  const { child, event } = service(folder)
  const started = await event('started')
  const run = async (timeout: string) => {
    const io = capturedIo()
    const argv = ['-c', join(right, 'config.yaml'), '-k', join(right, 'canary.jwk'), '--admin', started.admin!]
    const ways = ['--endpoint', `http://${started['sources.in']}`, '--expect-file', join(folder, 'archive.jsonl')]
    const exit = await canaryCommand.execute([...argv, ...ways, '--timeout', timeout], io)
    const said = io.written() + io.complained()
    for (const value of Object.values(CANARIES)) expect(said).not.toContain(value)
    return { exit, said }
  }
  const silent = await run('5s')
  expect(silent.said).toContain('scan-silent: ')
  expect(silent.said).not.toContain('lost')
  expect(silent).toMatchObject({ exit: 1 })

  const config = join(folder, 'config.yaml')
  for (const inline of ['report', 'seal', 'refuse']) {
    writeFileSync(config, readFileSync(config, 'utf8').replace(/inline: \w+/, `inline: ${inline}`))
    child.kill('SIGHUP')
    await event('reloaded')
    const passed = await run('60s')
    expect(passed.said, inline).toContain('leak scan: has fired')
    expect(passed.exit, passed.said).toBe(0)
  }
})

test.skipIf(!hasOpenssl)('it shows a token and a certificate to the source (needs the command openssl)', async () => {
  const folder = deployed()
  const authority = new Authority(folder, 'authority')
  const server = authority.issue('server', { names: 'IP:127.0.0.1' })
  const client = authority.issue('client')
  const config = join(folder, 'config.yaml')
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  file('canary.jwk', JSON.stringify(KEYS.canary.privateJwk))
  const token = file('canary.token', 'a-token-of-the-canary\n')
  const tls = `tls: {cert: ${server.cert}, key: ${server.key}, client_ca: ${authority.cert}}, tokens: [canary.token]`
  writeFileSync(config, readFileSync(config, 'utf8').replace('type: otlp_http, ', `type: otlp_http, ${tls}, `))
  const endpoint = (await serve(folder)).replace('http://', 'https://')
  const run = async (...credentials: string[]) => {
    const io = capturedIo()
    const argv = ['-c', config, '-k', join(folder, 'canary.jwk'), '--without-clear', '--endpoint', endpoint]
    const ways = ['--expect-file', join(folder, 'archive.jsonl'), '--timeout', '20s']
    const exit = await canaryCommand.execute([...argv, ...ways, '--ca', authority.cert, ...credentials], io)
    return { exit, said: io.written() }
  }
  const certificate = ['--client-cert', client.cert, '--client-key', client.key]
  const passed = await run(...certificate, '--token', token)
  expect(passed.exit, passed.said).toBe(0)
  const refused = await run(...certificate)
  expect(refused.exit).toBe(1)
  expect(refused.said).toContain('the service answered with 401')
})

test.each([
  [['--endpoint', 'http://127.0.0.1:1'], 'say where the records come out'],
  [['--endpoint', 'x', '--expect-file', 'f'], '--endpoint is a URL'],
  [['--endpoint', 'http://127.0.0.1:1', '--listen', 'x'], '--listen is an address'],
  [['--endpoint', 'http://127.0.0.1:1', '--expect-file', 'f', '--timeout', '1'], '--timeout is a time'],
  [['--endpoint', 'http://127.0.0.1:1', '--expect-file', 'f', '--plant', 'nowhere=12345'], 'that is no path'],
  [['--endpoint', 'http://127.0.0.1:1', '--expect-file', 'f', '--metrics-listen', '127.0.0.1:0'], 'needs --every'],
])('%j is refused', async (argv, message) => {
  const folder = deployed()
  writeFileSync(join(folder, 'canary.jwk'), JSON.stringify(KEYS.canary.privateJwk))
  const config = ['-c', join(folder, 'config.yaml'), '-k', join(folder, 'canary.jwk')]
  await expect(canaryCommand.execute([...config, ...argv], capturedIo())).rejects.toThrow(message)
})
