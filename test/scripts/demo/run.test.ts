import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { loadEngine } from '../../../processor/index.ts'
import { Backend } from '../../../scripts/demo/backend.ts'
import { BrokenClaim } from '../../../scripts/demo/claims.ts'
import { openForEach } from '../../../scripts/demo/open-for-each.ts'
import { openWithJose } from '../../../scripts/demo/open-with-jose.ts'
import { Program } from '../../../scripts/demo/program.ts'
import { logRecords } from '../../../scripts/demo/sample.ts'
import { COLUMNS, Screen } from '../../../scripts/demo/screen.ts'
import { sealAsFilter } from '../../../scripts/demo/seal-as-filter.ts'
import { type SetUp, setUp } from '../../../scripts/demo/set-up.ts'
import { showRecord } from '../../../scripts/demo/show-record.ts'
import { checkPassage } from '../../../scripts/demo/through-the-service.ts'

const ENDPOINT = 'http://127.0.0.1:9/v1/logs'

const script = join(import.meta.dirname, '../../../scripts/demo/run.ts')
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-demo-'))
afterAll(() => rmSync(folder, { recursive: true }))

const silent = new Screen(new Writable({ write: (_chunk, _encoding, done) => done() }))

/** What the program sends, one request a line. */
async function logged(): Promise<Buffer> {
  const backend = new Backend()
  await backend.start()
  const program = new Program(backend.endpoint)
  await program.log(logRecords())
  await program.end()
  backend.close()
  return backend.received
}

describe('the whole demo', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'run'], { encoding: 'utf8', cwd: folder })
  const lines = stdout.trimEnd().split('\n')

  test('succeeds, and writes what went wrong nowhere', () => {
    expect([status, stderr]).toEqual([0, ''])
  })

  test('fits on two screens of 100 columns, without colour where there is no terminal', () => {
    expect(lines.length).toBeLessThan(80)
    expect(lines.filter((line) => line.length > COLUMNS)).toEqual([])
    expect(stdout).not.toContain('\u001b')
  })

  test('ends with what to try next, and that works', () => {
    const [title, , command = '', ...rest] = lines.slice(-5)
    expect([title, rest.length]).toEqual(['What to try next', 2])
    const [, options, input] = /^ {2}npm run -s fieldseal -- (open .*) < (\S+)$/.exec(command)!
    const main = join(import.meta.dirname, '../../../processor/cli/main.ts')
    const opened = spawnSync(process.execPath, [main, ...options!.split(' ')], {
      cwd: folder,
      encoding: 'utf8',
      input: readFileSync(join(folder, input!)),
    })
    expect([opened.status, opened.stderr]).toEqual([0, '2 opened, 8 left sealed\n'])
    expect(opened.stdout).toContain('4111 1111 1111 1111')
  })

  test('leaves private keys that only their owner can read', () => {
    for (const name of ['fraud', 'dpo', 'security'])
      expect(statSync(join(folder, `run/${name}.jwk`)).mode & 0o777, name).toBe(0o600)
  })
})

describe('it fails', () => {
  let requests: Buffer
  let made: SetUp
  beforeAll(async () => {
    requests = await logged()
    made = setUp(join(folder, 'parts'), ENDPOINT)
  })

  /** What leaves where these rules of the demo are left out. */
  function sealedWithout(...left: readonly string[]): Buffer {
    const engine = loadEngine(configWithout(...left))
    const { bytes } = engine.seal(requests.subarray(0, -1), 'otlp-json')
    engine.close()
    return Buffer.concat([bytes, Buffer.from('\n')])
  }

  function configWithout(...left: readonly string[]): string {
    const config = parse(readFileSync(made.config, 'utf8'))
    const { rules } = parse(readFileSync(join(folder, 'parts', config.rules[0]), 'utf8'))
    const kept = rules.filter(({ id }: { id: string }) => !left.includes(id))
    writeFileSync(join(folder, 'parts/other-rules.yaml'), stringify({ rules: kept }))
    const file = join(folder, 'parts/other.yaml')
    writeFileSync(file, stringify({ ...config, rules: ['other-rules.yaml'] }))
    return file
  }

  test.each(['cards', 'e-mail', 'the-rest', 'logins', 'client-addresses', 'card-codes'])(
    'where the rule %s does not act',
    (rule) => {
      expect(() => showRecord(sealedWithout(), silent)).not.toThrow()
      expect(() => showRecord(sealedWithout(rule), silent)).toThrow(BrokenClaim)
      expect(() => sealAsFilter(configWithout(), silent)).not.toThrow()
      expect(() => sealAsFilter(configWithout(rule), silent)).toThrow(BrokenClaim)
    },
  )

  test('where somebody reads more or less than it says', () => {
    const { privateKeys } = made
    const sealed = sealedWithout()
    expect(() => openForEach(sealed, privateKeys, silent)).not.toThrow()
    expect(() => openForEach(sealed, { ...privateKeys, dpo: privateKeys.security }, silent)).toThrow(BrokenClaim)
    expect(() => openForEach(sealed, { ...privateKeys, fraud: privateKeys.stranger }, silent)).toThrow(BrokenClaim)
    expect(() => openForEach(sealed, { ...privateKeys, stranger: privateKeys.dpo }, silent)).toThrow(BrokenClaim)
  })

  describe('where the service', () => {
    const passage = () => ({
      sealed: sealedWithout(),
      address: '127.0.0.1:4318',
      batches: { accepted: 2, refused: 0, inFlight: 1 },
      acknowledged: 3,
      exitCode: 0,
    })

    test.each([
      ['refuses a batch', { batches: { accepted: 2, refused: 1, inFlight: 1 } }],
      ['has nothing under way when it is stopped', { batches: { accepted: 3, refused: 0, inFlight: 0 } }],
      ['does not finish what is under way', { acknowledged: 2 }],
      ['ends with another exit code', { exitCode: 143 }],
      ['writes no record', { sealed: Buffer.from('') }],
    ])('%s', (_, change) => {
      const { sealed } = passage()
      expect(() => checkPassage({ ...passage(), sealed }, sealed)).not.toThrow()
      expect(() => checkPassage({ ...passage(), sealed, ...change }, sealed)).toThrow(BrokenClaim)
    })

    test('sends the backend something else than it writes', () => {
      const [first, second] = [sealedWithout(), sealedWithout()]
      expect(() => checkPassage({ ...passage(), sealed: first }, second)).toThrow(BrokenClaim)
    })
  })

  test('where jose opens something else', async () => {
    const { privateKeys } = made
    const sealed = sealedWithout()
    await expect(openWithJose(sealed, privateKeys, silent)).resolves.toBeUndefined()
    const keys = { ...privateKeys, stranger: privateKeys.dpo }
    await expect(openWithJose(sealed, keys, silent)).rejects.toThrow(BrokenClaim)
  })
})

test('keys are new each time', () => {
  const again = join(folder, 'again')
  expect(setUp(again, ENDPOINT).privateKeys.fraud).not.toEqual(setUp(again, ENDPOINT).privateKeys.fraud)
})
