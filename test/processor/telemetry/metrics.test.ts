import { afterEach, beforeEach, expect, test } from 'vitest'
import { METER_NAME, observe, recorder } from '../../../processor/telemetry/instruments.ts'
import {
  ATTRIBUTES,
  type CounterName,
  type HistogramName,
  METRICS,
  type MetricName,
  type ObservedName,
} from '../../../processor/telemetry/metrics.ts'
import { OpeningTally, reportOpening } from '../../../processor/telemetry/opening.ts'
import { prometheusName } from '../../../processor/telemetry/prometheus-name.ts'
import { measureSealing } from '../../../processor/telemetry/sealing.ts'
import { installMeter, type Meter } from './meter.ts'

let meter: Meter
let endings: (() => void)[]
beforeEach(() => {
  meter = installMeter()
  endings = []
})
afterEach(() => {
  for (const end of endings) end()
  meter.remove()
})

function reportEverything(): void {
  const batch = { format: 'text', bytes: 1, actions: new Map([['rule', 'drop']]) }
  measureSealing(batch, () => ({ records: 1, values: new Map([['rule', 1]]), audited: new Map([['rule', 1]]) }))
  expect(() =>
    measureSealing(batch, () => {
      throw new Error('failed')
    }),
  ).toThrow('failed')
  const tally = new OpeningTally()
  tally.addOpened('k')
  tally.addRefused('policy', 'k')
  reportOpening({ format: 'text', opened: 1, unopened: 1, tally, seconds: 1 })
  // What else there is is recorded elsewhere, with the attributes that the compiler demands.
  for (const [name, { attributes, ...metric }] of Object.entries(METRICS)) {
    const all = Object.fromEntries(attributes.map((attribute) => [attribute, 'x'])) as never
    if (metric.kind === 'gauge' || 'observed' in metric) endings.push(observe(name as ObservedName, () => [[1, all]]))
    else if (metric.kind === 'counter') recorder()!.add(name as CounterName, 1, all)
    else recorder()!.record(name as HistogramName, 1, all)
  }
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
  for (const { descriptor, dataPoints } of (await meter.collect()).scopeMetrics[0]!.metrics) {
    const metric = METRICS[descriptor.name as MetricName]
    if ('buckets' in metric)
      expect(dataPoints[0]!.value).toMatchObject({ buckets: { boundaries: [...metric.buckets] } })
  }
})

test('a gauge shows what there is when somebody collects, and nothing once nobody says it any more', async () => {
  let size = 1
  const end = observe('fieldseal.in_flight.size', () => [[size, {}]])
  expect(await meter.counted('fieldseal.in_flight.size')).toEqual({ '': 1 })
  size = 2
  expect(await meter.counted('fieldseal.in_flight.size')).toEqual({ '': 2 })
  end()
  expect(await meter.counted('fieldseal.in_flight.size')).toEqual({})
})

test('a gauge goes over to a provider that is set later', async () => {
  endings.push(observe('fieldseal.ready', () => [[1, {}]]))
  meter.remove()
  meter = installMeter()
  recorder()
  expect(await meter.counted('fieldseal.ready')).toEqual({ '': 1 })
})

test.each([
  ['fieldseal.sealing.input.size', 'fieldseal_sealing_input_size_bytes_total'],
  ['fieldseal.sealing.records', 'fieldseal_sealing_records_total'],
  ['fieldseal.source.duration', 'fieldseal_source_duration_seconds'],
  ['fieldseal.in_flight.size', 'fieldseal_in_flight_size_bytes'],
  ['fieldseal.ready', 'fieldseal_ready'],
  ['process.cpu.time', 'process_cpu_time_seconds_total'],
] as const)('%s is %s in Prometheus', (name, expected) => {
  expect(prometheusName(name)).toBe(expected)
})

test('no two metrics have one name in Prometheus', () => {
  const names = (Object.keys(METRICS) as MetricName[]).map(prometheusName)
  expect(new Set(names).size).toBe(names.length)
})

test.each(Object.entries(METRICS))('%s is named and described as OpenTelemetry asks', (name, metric) => {
  expect(name).toMatch(/^(fieldseal|nodejs|process)(\.[a-z][a-z_0-9]*)+$/)
  expect(metric.unit).toMatch(/^(By|s|\{[a-z]+\})$/)
  expect(metric.description).toMatch(/\.$/)
  expect(new Set(metric.attributes).size).toBe(metric.attributes.length)
})

test('no attribute is declared that no metric has', () => {
  expect(new Set(Object.values(METRICS).flatMap(({ attributes }) => attributes))).toEqual(
    new Set(Object.keys(ATTRIBUTES)),
  )
})
