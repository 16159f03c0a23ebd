import { expect, onTestFinished, test } from 'vitest'
import { DETECTORS } from '../../../detectors/index.ts'
import { sampledScan } from '../../../processor/pipeline/sampled-scan.ts'
import type { LogEvent } from '../../../processor/telemetry/log.ts'
import { installMeter } from '../telemetry/meter.ts'

const ADDRESS = 'jane.doe@example.org'

function scanOf(sample: number, random: () => number) {
  const events: LogEvent[] = []
  const scan = sampledScan({
    sample,
    random,
    detectors: DETECTORS.filter(({ name }) => name === 'email'),
    ignore: [],
    knownKids: new Set(),
    maxValueBytes: 1 << 20,
    log: (event) => events.push(event),
  })
  return { scan, events }
}

const lines = (text: string, count = 1) => ({
  bytes: Buffer.from(`${JSON.stringify({ msg: text })}\n`.repeat(count)),
  format: 'json-lines' as const,
})

test('as many batches are looked at as the sample says, and what is found is counted apart from the other scan', async () => {
  const numbers = [0.01, 0.5, 0.019, 0.02]
  const { scan, events } = scanOf(0.02, () => numbers.shift()!)
  const meter = installMeter()
  onTestFinished(() => meter.remove())
  for (let batch = 0; batch < 4; batch += 1) await scan.look(lines(ADDRESS))
  expect(await meter.counted('fieldseal.leak.scanned')).toEqual({ independent: 2 })
  expect(await meter.counted('fieldseal.leak.findings')).toEqual({ 'email independent body unknown': 2 })
  expect(events).toEqual([])
})

test('others have their turn while a large batch is looked at', async () => {
  const { scan } = scanOf(1, () => 0)
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  await scan.look(lines(`${'x '.repeat(200)}${ADDRESS}`, 20_000))
  clearInterval(timer)
  expect(turns).toBeGreaterThan(1)
})

test('a batch that cannot be read is told of once, and nothing is thrown', async () => {
  const { scan, events } = scanOf(1, () => 0)
  for (let batch = 0; batch < 3; batch += 1)
    await scan.look({ bytes: Buffer.from([0x0a, 0xff]), format: 'otlp-protobuf' })
  expect(events).toEqual(['outgoing-unreadable'])
})
