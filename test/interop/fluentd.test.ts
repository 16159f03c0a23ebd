import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningProgram } from '../peers/running-program.ts'
import { untilComplete } from '../peers/until-complete.ts'
import { hasOpenssl } from '../processor/http/authority.ts'
import { FluentChain } from './fluent-chain.ts'
import { inOrder, openedNumbers, wholeLines } from './fluent-lines.ts'
import { type Outlet, outletOfFiles, outletOfFluentd, since, untilArrived } from './fluent-outlet.ts'
import { instead } from './fluent-page.ts'
import { describeWithFluent } from './fluent-program.ts'

const RECORDS = 500

/** The archive of the page: an OTLP request a line. */
function archiveOf(chain: FluentChain): Outlet {
  const file = chain.page.path('/var/lib/fieldseal/sealed.jsonl')
  return outletOfFiles(
    () => [file],
    (text) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ({ format: 'otlp-json', bytes: Buffer.from(line) })),
  )
}

describeWithFluent('Fieldseal behind Fluentd, as the page has it', 'fluentd', (fluentd) => {
  let chain: FluentChain
  let fieldseal: RunningProgram
  beforeAll(async () => {
    chain = new FluentChain()
    fieldseal = await chain.runFieldseal('behind-fluentd: fieldseal')
  })
  afterAll(async () => {
    const said = await chain.end()
    for (const secret of ['@example.com', '-of-at-least-16-bytes', 'key-of-nobody']) expect(said).not.toContain(secret)
  })

  async function sendAll(change: (block: string) => string): Promise<void> {
    const archive = since(archiveOf(chain))
    const numbers = [...chain.log(RECORDS)]
    const agent = await chain.runFluentd(fluentd, 'behind-fluentd: fluentd', change)
    numbers.push(...chain.log(RECORDS))
    await untilArrived(numbers, archive)
    await agent.stop()
    expect(openedNumbers(archive.arrived()).flat()).toEqual(numbers)
  }

  test.each([
    ['as it stands, in gzip', instead()],
    ['not compressed', instead(['  compress gzip\n', ''])],
    ['on connections that stay open', instead(['  compress gzip\n', '  compress gzip\n  keepalive true\n'])],
  ])('every line arrives once, in order, sealed: %s', (_, change) => sendAll(change))

  const knowsZstd = !/^1\.1?[0-8]\./.test(fluentd.version)
  const inZstd = 'every line arrives once, in order, sealed: in zstd'
  test.skipIf(!knowsZstd)(knowsZstd ? inZstd : `${inZstd} (skipped: Fluentd has it since 1.19)`, () =>
    sendAll(instead(['compress gzip', 'compress zstd'])),
  )

  test('lines without an encoding are bytes, and sealed as a whole', async () => {
    const { size, arrived } = since(archiveOf(chain))
    const numbers = chain.log(RECORDS)
    const agent = await chain.runFluentd(fluentd, 'behind-fluentd: fluentd', instead(['  encoding utf-8\n', '']))
    await untilComplete(() => ({ complete: wholeLines(arrived()) >= RECORDS, news: size() }))
    await agent.stop()
    expect(openedNumbers(arrived(), 'whole').flat()).toEqual(numbers)
  })

  test('who does not know the key is not let in, and sends what it has once it does', async () => {
    const archive = since(archiveOf(chain))
    const numbers = chain.log(RECORDS)
    const wrong = instead(['shared_key a-key-of-at-least-16-bytes', 'shared_key a-key-of-nobody'])
    const stranger = await chain.runFluentd(fluentd, 'behind-fluentd: fluentd', wrong)
    await fieldseal.line((line) => line.includes('FIELDSEAL_UNAUTHENTICATED'))
    await stranger.stop()
    expect(archive.arrived()).toEqual([])
    const agent = await chain.runFluentd(fluentd, 'behind-fluentd: fluentd')
    await untilArrived(numbers, archive)
    await agent.stop()
    expect(openedNumbers(archive.arrived()).flat()).toEqual(numbers)
  })

  test('nothing is lost while Fieldseal is away', async () => {
    const archive = since(archiveOf(chain))
    const agent = await chain.runFluentd(fluentd, 'behind-fluentd: fluentd')
    const numbers = [...chain.log(RECORDS)]
    await untilComplete(() => ({ complete: archive.arrived().length > 0, news: 0 }))
    await fieldseal.stop('SIGKILL')
    numbers.push(...chain.log(RECORDS))
    await agent.line((line) => /failed to flush the buffer|detached forwarding server/.test(line))
    fieldseal = await chain.runFieldseal('behind-fluentd: fieldseal')
    await untilArrived(numbers, archive)
    await agent.stop()
    // What was accepted and not acknowledged yet is there twice.
    expect(inOrder([...new Set(openedNumbers(archive.arrived()).flat())])).toEqual(numbers)
  })
})

const between = 'Fieldseal between agents and Fluentd, with TLS, a key and users, as the page has it'
describeWithFluent(hasOpenssl ? between : `${between} (skipped: there is no openssl)`, 'fluentd', (fluentd) => {
  describe.skipIf(!hasOpenssl)('two aggregators', () => {
    const FOLDERS = ['/var/log/fluentd/', '/var/log/fluentd-2/'] as const
    let chain: FluentChain
    let first: RunningProgram
    let second: RunningProgram
    beforeAll(async () => {
      chain = new FluentChain()
      chain.writeCertificates()
      first = await chain.runFluentd(fluentd, 'between: fluentd')
      second = await chain.runFluentd(fluentd, 'between: fluentd', instead(['port 24227', 'port 24228'], FOLDERS))
      await chain.runFieldseal('between: fieldseal')
    })
    afterAll(async () => {
      const said = await chain.end()
      for (const secret of ['@example.com', 'a-password']) expect(said).not.toContain(secret)
    })

    const written = (folders: readonly string[] = FOLDERS) =>
      outletOfFluentd(folders.map((folder) => chain.page.path(folder)))

    /** In three portions: of three chunks one of the two workers gets two, and sends them to different aggregators. */
    async function sendAll(): Promise<void> {
      const before = openedNumbers(written().arrived()).flat()
      const numbers = [...before]
      for (const portion of [RECORDS, RECORDS, RECORDS]) {
        numbers.push(...chain.log(portion))
        await untilArrived(numbers, written())
      }
      expect(inOrder(openedNumbers(written().arrived()).flat())).toEqual(inOrder(numbers))
    }

    test('every line of a Fluentd arrives once, sealed', async () => {
      const asAgent = instead(
        ['port 24225', 'port 24226\n    name localhost\n    username agent-1\n    password a-password'],
        ['  compress gzip\n', '  transport tls\n  tls_cert_path /etc/fluentd/ca.pem\n'],
      )
      const agent = await chain.runFluentd(fluentd, 'behind-fluentd: fluentd', asAgent)
      await sendAll()
      await agent.stop()
    })

    describeWithFluent('agents of another kind', 'fluent-bit', (fluentBit) => {
      test('every line of a Fluent Bit arrives once, at one of the two, sealed', async () => {
        chain.startLogAnew()
        const agent = await chain.runFluentBit(fluentBit, 'between: fluent-bit')
        await sendAll()
        for (const folder of FOLDERS) expect(openedNumbers(written([folder]).arrived()).flat()).not.toEqual([])
        await agent.stop()
      })

      test('where one of the two has gone, the other one gets every line', async () => {
        const agent = await chain.runFluentBit(fluentBit, 'between: fluent-bit')
        await second.stop()
        const gone = written([FOLDERS[1]]).size()
        await sendAll()
        expect(written([FOLDERS[1]]).size()).toBe(gone)
        await agent.stop()
      })

      test('Fluentd does not take the metadata that Fluent Bit sends unless it is told not to', async () => {
        const withMetadata = instead(['      retain_metadata_in_forward_mode: false\n', ''])
        const agent = await chain.runFluentBit(fluentBit, 'between: fluent-bit', withMetadata)
        const before = openedNumbers(written().arrived())
        chain.log(RECORDS)
        await first.line((line) => /skip invalid event|time must be a Fluent::EventTime/.test(line))
        await agent.stop()
        expect(openedNumbers(written().arrived())).toEqual(before)
      })
    })
  })

  test.skipIf(!hasOpenssl)('every line arrives once, sealed, at a Fluentd elsewhere that asks who sends', async () => {
    const chain = new FluentChain()
    chain.writeCertificates()
    await chain.runFluentd(fluentd, 'elsewhere: fluentd')
    await chain.runFieldseal('elsewhere: fieldseal')
    const numbers = chain.log(RECORDS)
    const security = / {2}<security>\n(?: {4}.*\n)+ {2}<\/security>\n/
    await chain.runFluentd(fluentd, 'behind-fluentd: fluentd', (block) =>
      instead(['port 24225', 'port 24224'])(block).replace(security, ''),
    )
    const written = outletOfFluentd([chain.page.path('/var/log/fluentd/')])
    await untilArrived(numbers, written)
    const said = await chain.end()
    expect(inOrder(openedNumbers(written.arrived()).flat())).toEqual(numbers)
    for (const secret of ['@example.com', 'a-password', '-of-at-least-16-bytes']) expect(said).not.toContain(secret)
  })
})
