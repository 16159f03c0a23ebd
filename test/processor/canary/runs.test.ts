import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { BackendArrivals } from '../../../processor/canary/backend-arrivals.ts'
import { CANARIES } from '../../../processor/transports/testing/canaries.ts'
import { archiveOf, deployed, faultsOf, RULES, runOnce, serve } from './canary-fixtures.ts'

const LOOPBACK = { host: '127.0.0.1', port: 0 }

test('all is well where the leak scan refuses what rules seal in part alone: no such canary is sent', async () => {
  const folder = deployed({ more: 'leak_scan: {inline: refuse}' })
  const result = await runOnce(folder, await serve(folder), { arrivals: archiveOf(folder) })
  expect(result).toMatchObject({ faults: [], unused: [] })
  expect(result.arrived).toBe(result.sent)
  expect([...result.proved].sort()).toEqual(['canary', 'security'])
})

test('all is well where the service has the configuration of the canary', async () => {
  const folder = deployed()
  const result = await runOnce(folder, await serve(folder), { arrivals: archiveOf(folder) })
  expect(result).toMatchObject({ faults: [], duplicates: 0, scan: 'not asked', unused: [] })
  expect(result.arrived).toBe(result.sent)
  expect([...result.proved].sort()).toEqual(['canary', 'security'])
  // Of detectors alone, and of paths alone.
  expect(result.sent).toBeGreaterThanOrEqual(6)
})

test('records are found again in a file of one record a line', async () => {
  const folder = deployed({ sinks: '{archive: {type: file, path: archive.jsonl, format: json_lines}}' })
  expect(faultsOf(await runOnce(folder, await serve(folder), { arrivals: archiveOf(folder) }))).toEqual([])
})

/** A backend that listens already, so that its address can be configured. */
async function listening() {
  const backend = new BackendArrivals(LOOPBACK)
  let taking: (json: string) => void = () => {}
  await backend.start((json) => taking(json))
  onTestFinished(() => backend.close())
  const arrivals = {
    async start(take: (json: string) => void) {
      taking = take
    },
    async close() {},
  }
  return { url: `http://${backend.address}/v1/logs`, arrivals }
}

test('the canary can be the backend of a sink', async () => {
  const { url, arrivals } = await listening()
  const folder = deployed({ sinks: `{out: {type: otlp_http, endpoint: "${url}"}}` })
  expect(faultsOf(await runOnce(folder, await serve(folder), { arrivals }))).toEqual([])
})

test('a recipient that the service does not have is missing', async () => {
  const right = deployed()
  const wrong = deployed({
    recipients: { security: 'security', canary: 'canary' },
    group: ['security'],
    rules: RULES.replaceAll('[security, canary]', '[security]'),
  })
  const result = await runOnce(right, await serve(wrong), { arrivals: archiveOf(wrong) })
  expect(faultsOf(result)).toEqual(['recipient-missing: canary'])
  expect(result.proved).toEqual(['security'])
})

test('a recipient without a canary key is missing, too', async () => {
  const right = deployed()
  const wrong = deployed({ group: ['canary'], rules: RULES.replaceAll('[security, canary]', '[canary]') })
  const result = await runOnce(right, await serve(wrong), { arrivals: archiveOf(wrong) })
  expect(faultsOf(result)).toEqual(['recipient-missing: security'])
})

test('whoever reads and should not is found', async () => {
  const right = deployed()
  const wrong = deployed({ recipients: { security: 'security', canary: 'canary', spy: 'stranger' } })
  const result = await runOnce(right, await serve(wrong), { arrivals: archiveOf(wrong) })
  expect(faultsOf(result)).toEqual(['recipient-unexpected: stranger-1'])
})

test('another key of the same name is a wrong one', async () => {
  const right = deployed()
  const wrong = deployed({ recipients: { security: 'security', canary: 'impostor' } })
  const result = await runOnce(right, await serve(wrong), { arrivals: archiveOf(wrong) })
  expect(faultsOf(result)).toEqual(['wrong-key: canary'])
})

test('a recipient that the common configuration has lost is missing', async () => {
  const folder = deployed({
    recipients: { security: 'security' },
    rules: RULES.replaceAll('[security, canary]', '[security]'),
  })
  const result = await runOnce(folder, 'http://127.0.0.1:1/v1/logs', { arrivals: archiveOf(folder) })
  expect(faultsOf(result)).toEqual(['recipient-missing: canary-1'])
})

test('what comes around the service comes in the clear', async () => {
  const { url, arrivals } = await listening()
  const result = await runOnce(deployed(), url, { arrivals })
  expect(faultsOf(result)).toEqual(['bypassed'])
  expect(result.proved).toEqual([])
})

test('what does not arrive is lost', async () => {
  const folder = deployed()
  const swallowing = createServer((request, response) => request.resume().on('end', () => response.end()))
  await new Promise<void>((resolve) => swallowing.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void swallowing.close())
  const endpoint = `http://127.0.0.1:${(swallowing.address() as AddressInfo).port}/v1/logs`
  const result = await runOnce(folder, endpoint, { arrivals: archiveOf(folder), timeout: 200 })
  expect(faultsOf(result)).toEqual(['lost'])
  expect(result).toMatchObject({ arrived: 0, proved: [] })
})

test('what the service does not take is lost, and the answer is said', async () => {
  const folder = deployed()
  const refusing = createServer((request, response) => request.resume().on('end', () => response.writeHead(401).end()))
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void refusing.close())
  const endpoint = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/v1/logs`
  const { faults } = await runOnce(folder, endpoint, { arrivals: archiveOf(folder) })
  expect(faults[0]).toMatchObject({ code: 'lost', detail: 'the service answered with 401' })
})

test('a key that can prove nothing for a rule is refused before anything is sent', async () => {
  const folder = deployed({ rules: `${RULES}  - {id: alone, path: attributes.alone, seal: {to: [security]}}\n` })
  await expect(runOnce(folder, 'http://127.0.0.1:1/', { arrivals: archiveOf(folder) })).rejects.toThrow(
    'rule alone seals for security, and no canary key is among them',
  )
})

test('a recipient whom no canary reaches is named, and can be reached with a planted value', async () => {
  const rules = `${RULES}  - {id: badges, pattern: 'badge-[0-9]{6}', path: ["**"], seal: {to: [stranger, canary]}}\n`
  const folder = deployed({
    recipients: { security: 'security', canary: 'canary', stranger: 'stranger' },
    group: ['security', 'canary'],
    rules,
  })
  const endpoint = await serve(folder)
  const arrivals = () => archiveOf(folder)
  await expect(runOnce(folder, endpoint, { arrivals: arrivals() })).rejects.toThrow(
    'no canary reaches what the rules seal for stranger',
  )
  const plants = [{ path: 'attributes.note', value: 'badge-004711' }]
  const result = await runOnce(folder, endpoint, { arrivals: arrivals(), plants })
  expect(faultsOf(result)).toEqual([])
  expect(result.proved).toContain('stranger')
})

test('no fault names a value', async () => {
  const right = deployed()
  const wrong = deployed({ recipients: { security: 'security', canary: 'impostor' } })
  const result = JSON.stringify(await runOnce(right, await serve(wrong), { arrivals: archiveOf(wrong) }))
  for (const value of Object.values(CANARIES)) expect(result).not.toContain(value)
  expect(result).not.toContain('made up for')
})
