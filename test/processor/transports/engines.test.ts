import { rmSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { leaseEngine } from '../../../processor/transports/engines.ts'
import { installMeter } from '../telemetry/meter.ts'
import { canaryEngine, configFolder } from './canaries.ts'

const folder = configFolder()
const config = join(folder, 'fieldseal.yaml')
afterAll(() => rmSync(folder, { recursive: true }))

describe('the leak scan of a file', () => {
  const record = { note: '4111 1111 1111 1111' }
  const folder = configFolder()
  const config = join(folder, 'fieldseal.yaml')
  afterAll(() => rmSync(folder, { recursive: true }))

  test('counts where somebody gets what it counts', async () => {
    const meter = installMeter()
    onTestFinished(() => meter.remove())
    const { engine, release } = leaseEngine({ config })
    engine.sealObject(record)
    expect(await meter.counted('fieldseal.leak.findings')).toEqual({ 'payment_card inline attributes.note unknown': 1 })
    release()
  })

  test('is left out where it only counts, and nobody gets it', async () => {
    const { engine, release } = leaseEngine({ config })
    const meter = installMeter()
    onTestFinished(() => meter.remove())
    engine.sealObject(record)
    expect(await meter.counted('fieldseal.leak.scanned')).toEqual({})
    release()
  })
})

describe('one file', () => {
  test('has one engine in a process, by whatever name it goes', () => {
    symlinkSync(config, join(folder, 'link.yaml'))
    const leases = [config, relative(process.cwd(), config), join(folder, 'link.yaml')].map((name) =>
      leaseEngine({ config: name }),
    )
    expect(new Set(leases.map(({ engine }) => engine)).size).toBe(1)
    for (const { release } of leases) release()
  })

  test('has another once nobody uses the first, which is closed then and not before', () => {
    const [one, two] = [leaseEngine({ config }), leaseEngine({ config })]
    let closed = 0
    const { close } = one.engine
    one.engine.close = () => {
      closed += 1
      close()
    }
    one.release()
    one.release()
    expect(closed).toBe(0)
    const three = leaseEngine({ config })
    expect(three.engine).toBe(two.engine)
    two.release()
    expect(closed).toBe(0)
    three.release()
    expect(closed).toBe(1)
    const four = leaseEngine({ config })
    expect(four.engine).not.toBe(three.engine)
    four.release()
  })
})

test('an engine of the caller is not closed', () => {
  const engine = canaryEngine()
  let closed = 0
  const own = Object.assign(Object.create(engine), { close: () => (closed += 1) })
  const lease = leaseEngine({ engine: own })
  expect(lease.engine).toBe(own)
  lease.release()
  expect(closed).toBe(0)
  engine.close()
})
