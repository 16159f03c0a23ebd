import { expect, test } from 'vitest'
import { ServiceProcess } from '../service-process.ts'
import { OtlpReceiver } from './otlp-receiver.ts'

test('that metrics and traces cannot be sent is logged once for each outage, and that they are again', async () => {
  const receiver = await OtlpReceiver.started()
  receiver.statuses.set('/v1/metrics', 400)
  receiver.statuses.set('/v1/traces', 400)
  const otlp = (path: string, more: string) => `{endpoint: "${receiver.address}${path}"${more}}`
  const service = await ServiceProcess.started({
    telemetry: `{metrics: {otlp: ${otlp('/v1/metrics', ', interval: 1s')}}, traces: {sample: 1, otlp: ${otlp('/v1/traces', '')}}}`,
  })
  expect(await service.post('jane@example.com')).toBe(200)
  await service.event('telemetry-failed', 2)
  const sent = receiver.at('/v1/metrics').length
  await receiver.until(() => receiver.at('/v1/metrics').length >= sent + 2)
  const failed = service.events.filter(({ event }) => event === 'telemetry-failed')
  expect(failed.map(({ level, message, telemetry }) => [level, message, telemetry]).sort()).toEqual([
    ['warn', 'metrics cannot be sent over OTLP', 'metrics'],
    ['warn', 'traces cannot be sent over OTLP', 'traces'],
  ])
  receiver.statuses.clear()
  expect(await service.post('jane@example.com')).toBe(200)
  await service.event('telemetry-recovered', 2)
  expect(service.events.filter(({ event }) => event === 'telemetry-failed')).toHaveLength(2)
  expect(service.lines.join('\n')).not.toContain('example.com')
})
