import { rmSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { leaseEngine } from '../../../processor/transports/engines.ts'
import { canaryEngine, configFolder } from './canaries.ts'

const folder = configFolder()
const config = join(folder, 'fieldseal.yaml')
afterAll(() => rmSync(folder, { recursive: true }))

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
