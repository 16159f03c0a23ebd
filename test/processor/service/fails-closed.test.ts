import { afterEach, describe, expect, test } from 'vitest'
import { leaksIn } from '../../canary/hunt.ts'
import { FAULTS, type Faults, faultyEngine } from './faulty-engine.ts'
import { request, type Service, startService } from './service-fixtures.ts'

const CANARIES = [
  { place: 'a body that a rule seals', text: 'canary-body-5Kd1@example.com' },
  { place: 'an attribute that a rule seals', text: 'CanaryNameVq93Lz' },
  { place: 'the key of an attribute', text: 'canary-key-8Hw4@example.com' },
  { place: 'the error of a part that failed', text: 'CanaryErrorT6bX' },
]
const [BODY, NAME, KEY, ERROR] = CANARIES.map(({ text }) => text) as [string, string, string, string]

let service: Service | undefined
afterEach(async () => {
  await service?.close()
  service = undefined
})

describe.each(FAULTS)('when %s fails', (fault) => {
  test('clients are told to come back, nothing is sent, and it works again by itself', async () => {
    const faults: Faults = { current: undefined }
    service = await startService({ engine: (loaded) => faultyEngine(loaded, faults, ERROR) })
    const { worker, backend } = service
    const record = request(`user ${BODY}`, { name: NAME, [KEY]: 'x' })
    expect((await service.post(record)).status).toBe(200)
    const sent = backend.bodies.length
    expect(worker.status().ready).toBe(true)

    faults.current = fault
    const replies = [await service.post(record), await service.post(record)]
    expect(replies.map(({ status }) => status)).toEqual([503, 503])
    expect(replies.map(({ headers }) => Number(headers.get('retry-after')) >= 1)).toEqual([true, true])
    expect(backend.bodies).toHaveLength(sent)
    expect(worker.status()).toMatchObject({ ready: false, error: { code: expect.stringMatching(/^FIELDSEAL_/) } })
    expect(JSON.parse(replies[0]!.body.toString()).message).toMatch(/^FIELDSEAL_[A-Z_]+: /)

    faults.current = undefined
    expect((await service.post(record)).status).toBe(200)
    expect(worker.status()).toMatchObject({ ready: true })
    expect(worker.status()).not.toHaveProperty('error')

    const places = {
      replies: Buffer.concat(replies.map(({ body }) => body)),
      status: Buffer.from(JSON.stringify(worker.status())),
      log: Buffer.from(service.log()),
      backend: Buffer.concat(backend.bodies),
      file: service.file(),
    }
    for (const [where, bytes] of Object.entries(places))
      expect({ where, leaks: leaksIn(bytes, CANARIES) }).toEqual({ where, leaks: [] })
    expect(service.log()).toContain('"event":"unready"')
  })
})

describe('when recipients cannot be loaded', () => {
  test('the old ones stay in use, and no batch goes out for fewer', async () => {
    service = await startService()
    service.writeRules('rules: [{id: mails, detect: [email], seal: {to: [nobody]}}]')
    expect(await service.worker.reload()).toBe(false)
    expect((await service.post(request(`user ${BODY}`))).status).toBe(200)
    expect(leaksIn(Buffer.concat(service.backend.bodies), CANARIES)).toEqual([])
    expect(service.worker.status().reloads).toMatchObject({ failed: 1, error: { code: 'FIELDSEAL_CONFIG_INVALID' } })
  })
})
