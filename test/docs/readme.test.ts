import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ruleFileSchema } from '../../rules/schema/index.ts'
import { type FreshCopy, freshCopy } from '../scripts/start/fresh-copy.ts'
import { codeBlock, document } from './document.ts'

const readme = document('README.md')

test('it has fewer than 150 lines', () => {
  expect(readme.split('\n').length).toBeLessThan(150)
})

test('its two commands are these', () => {
  expect(readme.match(/^npm ci && .*$/gm)).toEqual(['npm ci && npm run demo', 'npm ci && npm test'])
})

/** Where there is no curl, a newcomer has another way to send a record. */
const noCurl = spawnSync('curl', ['--version']).error !== undefined

describe("a newcomer's path, after npm ci", () => {
  let copy: FreshCopy
  let service: ReturnType<typeof spawn>

  /** Runs the commands of a block as they stand, but for the ports. */
  function run(block: string) {
    writeFileSync(join(copy.folder, `${block}.sh`), `set -eu\n${copy.withPorts(codeBlock('README.md', block))}`)
    const env = { ...process.env, HOME: join(copy.folder, 'home') }
    return spawnSync('sh', [`${block}.sh`], { cwd: copy.folder, encoding: 'utf8', env })
  }

  beforeAll(async () => {
    copy = await freshCopy()
    mkdirSync(join(copy.folder, 'home'))
    const started = /^npm start$/m.exec(readme)![0].split(' ')
    service = spawn(started[0]!, started.slice(1), { cwd: copy.folder, stdio: ['ignore', 'ignore', 'pipe'] })
    for await (const chunk of service.stderr!.iterator({ destroyOnReturn: false }))
      if (String(chunk).includes('"started"')) break
  })

  afterAll(async () => {
    service.kill('SIGTERM')
    if (service.exitCode === null) await once(service, 'close')
    rmSync(copy.folder, { recursive: true })
  })

  test.skipIf(noCurl)('a record that is sent with curl is sealed, and opens (skipped where there is no curl)', () => {
    const { status, stdout, stderr } = run('first')
    // curl says on standard error how it gets on.
    expect([status, stderr.trimEnd().split('\n').at(-1)]).toEqual([0, '2 opened, 0 left sealed'])
    const [sealed, opened] = stdout.slice('{}'.length).trimEnd().split('\n')
    expect(stdout.startsWith('{}')).toBe(true)
    const body = (line: string) => JSON.parse(line).resourceLogs[0].scopeLogs[0].logRecords[0].body.stringValue
    expect(body(sealed!)).toMatch(/^user \[sealed:email:[\w-]{8}\/0\] paid with \[sealed:payment_card:[\w-]{8}\/1\]$/)
    expect(body(opened!)).toBe('user jane.doe@example.com paid with 4111 1111 1111 1111')
    const file = readFileSync(join(copy.folder, 'sealed.jsonl'), 'utf8')
    expect(file).toContain(sealed)
    expect(file).not.toContain('jane.doe')
  })

  test('as a filter the same keys and rules seal lines, and open them', () => {
    const { status, stdout, stderr } = run('filter')
    expect([status, stdout, stderr]).toEqual([
      0,
      '{"msg":"user jane.doe@example.com paid"}\n',
      '1 opened, 0 left sealed\n',
    ])
    const { msg } = JSON.parse(readFileSync(join(copy.folder, 'sealed-lines.jsonl'), 'utf8'))
    expect(msg).toMatch(/^user \[sealed:email:[\w-]{8}\/0\] paid$/)
  })

  test('the service answers where the guide to it asks for its status', async () => {
    const asked = copy.withPorts(/^curl -s (http:\/\/\S+\/status)$/m.exec(document('docs/service.md'))![1]!)
    expect(await (await fetch(asked)).json()).toMatchObject({ ready: true })
  })
})

test('its rules are valid', () => {
  const [, rules] = /```yaml\n([\s\S]*?)```/.exec(readme)!
  expect(ruleFileSchema.safeParse(parse(rules!)).error).toBeUndefined()
})
