import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestType } from '../../bench/checks/otlp-messages.ts'
import { arrivals, numbersIn } from '../peers/arrivals.ts'
import { Backend } from '../peers/backend.ts'
import { javascriptExporter } from '../peers/exporters.ts'
import type { RunningProgram } from '../peers/running-program.ts'
import { untilComplete } from '../peers/until-complete.ts'
import { hasOpenssl } from '../processor/http/authority.ts'
import { FluentChain } from './fluent-chain.ts'
import { inOrder, openedNumbers } from './fluent-lines.ts'
import { outletOf, outletOfFiles, untilArrived } from './fluent-outlet.ts'
import { instead } from './fluent-page.ts'
import { describeWithFluent } from './fluent-program.ts'

const RECORDS = 500

describeWithFluent('Fieldseal behind Fluent Bit, as the page has it', 'fluent-bit', (fluentBit) => {
  let chain: FluentChain
  let backend: Backend
  let fieldseal: RunningProgram
  beforeAll(async () => {
    chain = new FluentChain()
    backend = await Backend.start(await chain.page.port(4320))
    fieldseal = await chain.runFieldseal('behind-fluent-bit: fieldseal')
  })
  afterAll(async () => {
    expect(await chain.end()).not.toContain('@example.com')
    await backend.close()
  })

  // Fluent Bit has several chunks under way, on connections of their own: it promises no order among them.
  test.each([
    ['as it stands', instead()],
    ['in gzip', instead(['require_ack_response: true', 'require_ack_response: true\n      compress: gzip'])],
    ['without acknowledgements', instead(['require_ack_response: true', 'require_ack_response: false'])],
    ['without metadata', instead(['retry_limit:', 'retain_metadata_in_forward_mode: false\n      retry_limit:'])],
  ])('every line arrives once, sealed, in order in its chunk: %s', async (_, change) => {
    backend.reset()
    const numbers = [...chain.log(RECORDS)]
    const agent = await chain.runFluentBit(fluentBit, 'behind-fluent-bit: fluent-bit', change)
    numbers.push(...chain.log(RECORDS))
    await untilArrived(numbers, outletOf(backend))
    await agent.stop()
    const chunks = openedNumbers(backend.stored)
    expect(chunks).toEqual(chunks.map(inOrder))
    expect(inOrder(chunks.flat())).toEqual(numbers)
  })

  test('nothing is lost while Fieldseal is away', async () => {
    backend.reset()
    const agent = await chain.runFluentBit(fluentBit, 'behind-fluent-bit: fluent-bit')
    const numbers = [...chain.log(RECORDS)]
    await untilComplete(() => ({ complete: backend.stored.length > 0, news: 0 }))
    await fieldseal.stop('SIGKILL')
    numbers.push(...chain.log(RECORDS))
    await agent.line((line) => line.includes('failed to flush chunk'))
    fieldseal = await chain.runFieldseal('behind-fluent-bit: fieldseal')
    await untilArrived(numbers, outletOf(backend))
    await agent.stop()
    // What was accepted and not acknowledged yet is there twice.
    expect(inOrder([...new Set(openedNumbers(backend.stored).flat())])).toEqual(numbers)
  })

  test('what came to Fluent Bit over OTLP arrives as it was: records, resource, scope, severity, time', async () => {
    backend.reset()
    const tail = /- name: tail\n(?: {6}.*\n)+/
    const input = '- name: opentelemetry\n      listen: 127.0.0.1\n      port: 4318\n'
    await chain.runFluentBit(fluentBit, 'behind-fluent-bit: fluent-bit', (block) => block.replace(tail, input))
    const endpoint = `http://127.0.0.1:${await chain.page.port(4318)}/v1/logs`
    const sent = await javascriptExporter('protobuf').send({
      endpoint,
      records: RECORDS,
      batch: 100,
      compression: 'none',
    })
    expect([sent.code, sent.accepted.length]).toEqual([0, RECORDS])
    await untilComplete(() => {
      const news = numbersIn(backend.stored).size
      return { complete: news === RECORDS, news }
    })
    const { times, duplicates } = arrivals(backend.stored)
    expect([times.size, duplicates]).toEqual([RECORDS, 0])
    for (const { bytes } of backend.stored)
      for (const { resource, scopeLogs } of requestType.toObject(requestType.decode(bytes), { longs: String })
        .resourceLogs) {
        expect(resource.attributes).toContainEqual({
          key: 'service.name',
          value: { stringValue: 'peer-javascript' },
        })
        for (const { scope, logRecords } of scopeLogs) {
          expect(scope).toMatchObject({ name: 'peer' })
          for (const record of logRecords)
            expect(record).toMatchObject({ severityNumber: 9, timeUnixNano: expect.stringMatching(/^\d{19}$/) })
        }
      }
  })
})

const name = 'Fieldseal in front of Fluent Bit, with TLS, a key and a user, as the page has it'
describeWithFluent(hasOpenssl ? name : `${name} (skipped: there is no openssl)`, 'fluent-bit', (fluentBit) => {
  test.skipIf(!hasOpenssl).each([
    ['as it stands, in gzip', instead()],
    ['not compressed', instead(['    compression: gzip\n', ''])],
  ])('every line arrives once, sealed: %s', async (_, change) => {
    const chain = new FluentChain()
    chain.writeCertificates()
    await chain.runFluentBit(fluentBit, 'elsewhere: fluent-bit')
    await chain.runFieldseal('elsewhere: fieldseal', change)
    const numbers = chain.log(RECORDS)
    await chain.runFluentBit(fluentBit, 'behind-fluent-bit: fluent-bit')
    const written = outletOfFiles(
      () => [chain.page.path('/var/log/fluent-bit/sealed.log')],
      (text) => [{ format: 'json-lines', bytes: Buffer.from(text) }],
    )
    await untilArrived(numbers, written)
    const said = await chain.end()
    expect(openedNumbers(written.arrived())).toEqual([numbers])
    for (const secret of ['@example.com', 'a-key-of-at-least', 'a-password']) expect(said).not.toContain(secret)
  })
})
