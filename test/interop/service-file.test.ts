import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { arrivals } from '../peers/arrivals.ts'
import { Chain } from '../peers/chain.ts'
import { describeEachExporter } from '../peers/exporters.ts'
import { operatorsFolder, RECIPIENTS, runFieldseal } from '../peers/fieldseal.ts'
import { describeWithPeer } from '../peers/peer.ts'

const RECORDS = 500

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n')
}

function stored(lines: readonly string[]) {
  return lines.map((line) => ({ format: 'otlp-json' as const, bytes: Buffer.from(line), rejected: 0 }))
}

/**
 * Without what may be written in two ways: fields that have their default (proto3) may be left out, and a number of 64
 * bits may be a number or text (the JavaScript SDK writes numbers, and a batch that came as JSON is kept as it is).
 */
function inOneWay(line: string): unknown {
  return JSON.parse(line, (key, value) => {
    if (key === 'intValue') return String(value)
    if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
    // Of a value only one member may be there, and then it counts even if it is empty.
    if (key === 'value' || key === 'body' || 'stringValue' in value || 'intValue' in value) return value
    return Object.fromEntries(Object.entries(value).filter(([, member]) => !isDefault(member)))
  })
}

function isDefault(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === '' || value === 0 || value === '0'
}

async function post(url: string, line: string): Promise<number | undefined> {
  const sending = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } }).end(line)
  const [response] = await once(sending, 'response')
  response.resume()
  await once(response, 'end')
  return response.statusCode
}

describeWithPeer('what the file sink writes', 'collector', (collector) => {
  describeEachExporter((exporter) => {
    test.concurrent('the Collector reads, and its own file exporter writes the same', async () => {
      const { folder, remove } = operatorsFolder()
      const fieldseal = await runFieldseal(
        folder,
        `${RECIPIENTS}
service: {admin: {listen: '127.0.0.1:0'}}
sources: {applications: {type: otlp_http, listen: '127.0.0.1:0'}}
sinks: {archive: {type: file, path: sealed.jsonl}}
`,
      )
      const endpoint = `http://${fieldseal.source('applications')}/v1/logs`
      const sent = await exporter.send({ endpoint, records: RECORDS, batch: 50, compression: 'none' })
      await fieldseal.program.stop()
      const ours = linesOf(join(folder, 'sealed.jsonl'))
      remove()
      expect([sent.code, ours.length]).toEqual([0, RECORDS / 50])
      expect(arrivals(stored(ours))).toMatchObject({ duplicates: 0, times: { size: RECORDS } })

      const chain = await Chain.start(collector, 4320)
      const gateway = await chain.runCollector('front: collector')
      const entrance = `http://127.0.0.1:${await chain.documented.port(4319)}/v1/logs`
      for (const line of ours) expect(await post(entrance, line)).toBe(200)
      await gateway.stop()
      const theirs = linesOf(chain.documented.path('/var/lib/otelcol/sealed.jsonl'))
      await chain.end()
      expect(theirs.map(inOneWay)).toEqual(ours.map(inOneWay))
    })
  })
})
