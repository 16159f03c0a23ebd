import { once } from 'node:events'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { expect, test } from 'vitest'
import { arrivals, numbersIn } from '../peers/arrivals.ts'
import { Chain } from '../peers/chain.ts'
import { javascriptExporter } from '../peers/exporters.ts'
import { describeWithPeer } from '../peers/peer.ts'
import { untilComplete } from '../peers/until-complete.ts'
import { Authority, hasOpenssl } from '../processor/http/authority.ts'

const RECORDS = 2000
const AGENTS_TOKEN = 'the-token-of-all-agents-4711'
const GATEWAY_TOKEN = 'the-token-of-the-gateway-4712'

/** The files that the page names: certificates of one private authority, and tokens. */
function writeFiles(chain: Chain): void {
  const at = (path: string) => chain.documented.path(path)
  const folders = { otelcol: at('/etc/otelcol'), fieldseal: at('/etc/fieldseal'), run: at('/run/fieldseal') }
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true })
  const authority = new Authority(chain.folder, 'authority')
  for (const folder of [folders.otelcol, folders.fieldseal]) copyFileSync(authority.cert, `${folder}/ca.pem`)
  for (const [name, target] of [
    ['server', `${folders.fieldseal}/server`],
    ['gateway', `${folders.otelcol}/gateway`],
  ] as const) {
    const { cert, key } = authority.issue(name)
    copyFileSync(cert, `${target}.pem`)
    copyFileSync(key, `${target}.key`)
  }
  for (const [file, token] of [
    [`${folders.otelcol}/fieldseal.token`, AGENTS_TOKEN],
    [`${folders.fieldseal}/agents.token`, AGENTS_TOKEN],
    [`${folders.otelcol}/gateway.token`, GATEWAY_TOKEN],
  ] as const)
    writeFileSync(file, `${token}\n`, { mode: 0o600 })
}

/** How the service answers somebody who trusts it and has no token. */
async function answerToStranger(chain: Chain): Promise<number | undefined> {
  const url = `https://127.0.0.1:${await chain.documented.port(4319)}/v1/logs`
  const ca = readFileSync(chain.documented.path('/etc/otelcol/ca.pem'))
  const headers = { 'content-type': 'application/json' }
  const [response] = await once(request(url, { method: 'POST', ca, headers }).end('{}'), 'response')
  response.resume()
  return response.statusCode
}

function untilAllHaveArrived({ backend }: Chain): Promise<void> {
  return untilComplete(() => ({
    complete: numbersIn(backend.stored).size === RECORDS,
    news: backend.stored.length,
  }))
}

async function send(chain: Chain) {
  const endpoint = await chain.endpoint()
  const sent = await javascriptExporter('protobuf').send({
    endpoint,
    records: RECORDS,
    batch: 100,
    compression: 'none',
  })
  expect([sent.code, sent.accepted.length]).toEqual([0, RECORDS])
}

const name = 'the service between an agent and a gateway, with TLS and tokens, as the page has it'
describeWithPeer(hasOpenssl ? name : `${name} (skipped: there is no openssl)`, 'collector', (collector) => {
  test.skipIf(!hasOpenssl)(
    'every record arrives once, sealed, and nobody without a token is let in',
    { concurrent: true },
    async () => {
      const chain = await Chain.start(collector, 4321)
      writeFiles(chain)
      await chain.runCollector('between: gateway')
      await chain.runFieldseal('between: fieldseal', { GATEWAY_TOKEN })
      await chain.runCollector('between: agent')
      await send(chain)
      await untilAllHaveArrived(chain)
      const stranger = await answerToStranger(chain)
      const said = await chain.end()
      const { times, duplicates } = arrivals(chain.backend.stored)
      expect([times.size, duplicates]).toEqual([RECORDS, 0])
      expect(stranger).toBe(401)
      for (const secret of ['@example.com', AGENTS_TOKEN, GATEWAY_TOKEN]) expect(said).not.toContain(secret)
    },
  )

  test.skipIf(!hasOpenssl)(
    'nothing is lost while the service has a wrong token for the gateway',
    { concurrent: true },
    async () => {
      const chain = await Chain.start(collector, 4321)
      writeFiles(chain)
      await chain.runCollector('between: gateway')
      const wrong = await chain.runFieldseal('between: fieldseal', { GATEWAY_TOKEN: 'one-that-nobody-knows' })
      await chain.runCollector('between: agent')
      await send(chain)
      await wrong.line((line) => line.includes('"event":"sink-failed"'))
      expect(chain.backend.stored).toEqual([])
      await wrong.stop()
      await chain.runFieldseal('between: fieldseal', { GATEWAY_TOKEN })
      await untilAllHaveArrived(chain)
      await chain.end()
      expect(arrivals(chain.backend.stored).times.size).toBe(RECORDS)
    },
  )
})
