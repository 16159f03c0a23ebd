import { expect, test } from 'vitest'
import type { Cell } from '../../bench/cells/cell.ts'
import { placementOf } from '../../bench/pinning.ts'

const engine: Cell = { kind: 'engine', workload: 'W2', rules: 20, percent: 0 }
const forwarder: Cell = { kind: 'forwarder', workload: 'W2' }
const service = (workers: 1 | 2): Cell => ({ kind: 'service', workload: 'W2', percent: 0, workers })

test('what runs in one process runs on the last core', () => {
  expect(placementOf(engine, 3)).toEqual({ cell: '3' })
})

test('a service gets the last cores, and the load generator the first where one is left', () => {
  expect(placementOf(service(1), 1)).toEqual({ cell: '0', service: '1' })
  expect(placementOf(forwarder, 1)).toEqual({ cell: '0', service: '1' })
  expect(placementOf(service(2), 1)).toEqual({ service: '0,1' })
  expect(placementOf(service(2), 7)).toEqual({ cell: '0', service: '6,7' })
  expect(placementOf(service(1), 0)).toEqual({ service: '0' })
})

test('nothing is pinned where nothing can be', () => {
  expect(placementOf(engine, undefined)).toEqual({})
  expect(placementOf(service(2), undefined)).toEqual({})
})
