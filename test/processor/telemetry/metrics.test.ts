import { afterEach, beforeEach, expect, test } from 'vitest'
import { METER_NAME } from '../../../processor/telemetry/instruments.ts'
import { ATTRIBUTES, METRICS } from '../../../processor/telemetry/metrics.ts'
import { reportOpening } from '../../../processor/telemetry/opening.ts'
import { measureSealing } from '../../../processor/telemetry/sealing.ts'
import { installMeter, type Meter } from './meter.ts'

let meter: Meter
beforeEach(() => {
  meter = installMeter()
})
afterEach(() => meter.remove())

function reportEverything(): void {
  const batch = { format: 'text', bytes: 1, actions: new Map([['rule', 'drop']]) }
  measureSealing(batch, () => ({ records: 1, values: new Map([['rule', 1]]), audited: new Map([['rule', 1]]) }))
  expect(() =>
    measureSealing(batch, () => {
      throw new Error('failed')
    }),
  ).toThrow('failed')
  reportOpening({ format: 'text', opened: 1, unopened: 1, refusals: new Map([['policy', 1]]) })
}

test('an exporter gets every metric of the table as the table has it, and no other', async () => {
  reportEverything()
  const [scope, ...others] = (await meter.collect()).scopeMetrics
  expect(others).toEqual([])
  expect(scope!.scope.name).toBe(METER_NAME)
  const got = scope!.metrics.map(({ descriptor: { name, unit, description } }) => [name, { unit, description }])
  const declared = Object.entries(METRICS).map(([name, { unit, description }]) => [name, { unit, description }])
  expect(Object.fromEntries(got)).toEqual(Object.fromEntries(declared))
})

test('each metric has the attributes of the table, and no other', async () => {
  reportEverything()
  for (const { descriptor, dataPoints } of (await meter.collect()).scopeMetrics[0]!.metrics) {
    const names = new Set(dataPoints.flatMap(({ attributes }) => Object.keys(attributes)))
    expect([...names].sort()).toEqual([...METRICS[descriptor.name as keyof typeof METRICS].attributes].sort())
  }
})

test('the buckets are those of the table', async () => {
  reportEverything()
  const metrics = (await meter.collect()).scopeMetrics[0]!.metrics
  const duration = metrics.find(({ descriptor }) => descriptor.name === 'fieldseal.sealing.duration')
  expect(duration!.dataPoints[0]!.value).toMatchObject({
    buckets: { boundaries: METRICS['fieldseal.sealing.duration'].buckets },
  })
})

test.each(Object.entries(METRICS))('%s is named and described as OpenTelemetry asks', (name, metric) => {
  expect(name).toMatch(/^fieldseal(\.[a-z]+)+$/)
  expect(metric.unit).toMatch(/^(By|s|\{[a-z]+\})$/)
  expect(metric.description).toMatch(/\.$/)
  expect(new Set(metric.attributes).size).toBe(metric.attributes.length)
})

test('no attribute is declared that no metric has', () => {
  expect(new Set(Object.values(METRICS).flatMap(({ attributes }) => attributes))).toEqual(
    new Set(Object.keys(ATTRIBUTES)),
  )
})
