import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { request, type Service, startService } from './service-fixtures.ts'

let service: Service | undefined
afterEach(() => service?.close())

const rulesThat = (action: string) => `rules:
  - {id: mails, detect: [email], path: ["**"], ${action}}
  - {id: names, key: ['^name$'], ${action}}
  - {id: places, path: ['attributes.place'], ${action}}
`
const MASK = rulesThat('mask: {}')
const DROP = rulesThat('drop: {}')
const BROKEN = rulesThat('seal: {to: [nobody]}')

/** What a record must look like under each of the two rule sets, as a whole. */
const MASKED = { body: 'user ****', attributes: ['name:****', 'place:****', 'rest:stays'] }
const DROPPED = { body: 'user [dropped:email]', attributes: ['rest:stays'] }

function shapeOf(body: Buffer): unknown {
  const [record] = JSON.parse(body.toString()).resourceLogs[0].scopeLogs[0].logRecords
  const attributes: { key: string; value: { stringValue: string } }[] = record.attributes
  return {
    body: record.body.stringValue,
    attributes: attributes.map(({ key, value }) => `${key}:${value.stringValue}`),
  }
}

test('reloading a hundred times under load fails no request, and splits no record between two rule sets', async () => {
  service = await startService({ rules: MASK })
  const { worker, backend } = service
  const record = request('user jane@example.com', { name: 'Jane', place: 'Ghent', rest: 'stays' })
  const statuses = new Map<number, number>()
  let loading = true
  const clients = Array.from({ length: 8 }, async () => {
    while (loading) {
      const { status } = await service!.post(record)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  })
  let broken = 0
  for (let turn = 0; turn < 100; turn += 1) {
    const isBroken = turn % 10 === 9
    service.writeRules(isBroken ? BROKEN : turn % 2 === 0 ? DROP : MASK)
    const { configuration, batches } = worker.status()
    expect(await worker.reload()).toBe(!isBroken)
    // Requests are under way the whole time, and some come to their end under each set.
    while (worker.status().batches.accepted < batches.accepted + 10) await setImmediate()
    if (isBroken) {
      broken += 1
      expect(worker.status()).toMatchObject({ configuration, reloads: { error: { code: 'FIELDSEAL_CONFIG_INVALID' } } })
    }
  }
  loading = false
  await Promise.all(clients)

  expect(worker.status().reloads).toMatchObject({ succeeded: 100 - broken, failed: broken })
  expect([...statuses.keys()]).toEqual([200])
  expect(backend.bodies).toHaveLength(statuses.get(200)!)
  const shapes = new Map(backend.bodies.map((body) => [JSON.stringify(shapeOf(body)), shapeOf(body)]))
  expect([...shapes.values()]).toHaveLength(2)
  expect([...shapes.values()]).toEqual(expect.arrayContaining([MASKED, DROPPED]))
})
