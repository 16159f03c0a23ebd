import { describe, expect, test } from 'vitest'
import { type Cell, type CellResult, cellName } from '../../../bench/cells/cell.ts'
import { FIGURES, type Figure, GROUPS } from '../../../bench/plan.ts'
import { figureResult, meetsTarget, memoryResult } from '../../../bench/report/figures.ts'
import { median } from '../../../bench/report/statistics.ts'
import { MEMORY_FIGURES } from '../../../bench/service-plan.ts'

const ours: Cell = { kind: 'sealer', keys: 'P-256', batch: 8, strict: false }
const theirs: Cell = { kind: 'jose', keys: 'P-256' }
const figure: Figure = { name: 'x', rate: 'valuesPerCpuSecond', of: ours, over: theirs, target: 4, sense: '>=' }

const result = (cell: Cell, values: number, cpuSeconds: number): CellResult => ({
  cell: cellName(cell),
  iterations: 10,
  wallSeconds: 99,
  cpuSeconds,
  perWork: { records: 0, bytes: 0, values },
  problems: [],
})

describe('a figure', () => {
  test('is the median of the ratios within the rounds, per CPU-second', () => {
    const rounds = new Map([
      [cellName(ours), [result(ours, 8, 1), result(ours, 8, 2), result(ours, 8, 1)]],
      [cellName(theirs), [result(theirs, 1, 1), result(theirs, 1, 4), result(theirs, 2, 1)]],
    ])
    expect(figureResult(figure, rounds)).toEqual({
      name: 'x',
      value: 8,
      target: 4,
      sense: '>=',
      baseline: 'jose GeneralEncrypt P-256',
      runs: [8, 16, 4],
    })
  })

  test('is left out where one of its cells was not run', () => {
    expect(figureResult(figure, new Map([[cellName(ours), [result(ours, 8, 1)]]]))).toBeUndefined()
  })

  test.each([
    ['>=', 4, true],
    ['>=', 3.99, false],
    ['<=', 4, true],
    ['<=', 4.01, false],
  ] as const)('with the target %s 4 is met by %d: %s', (sense, value, met) => {
    expect(meetsTarget({ name: 'x', value, target: 4, sense, baseline: 'y', runs: [value] })).toBe(met)
  })
})

describe('a figure of memory', () => {
  const { of, name } = MEMORY_FIGURES[0]!

  test('is the median of the peaks, in megabytes', () => {
    const peaks = [300e6, 200e6, 400e6].map((peakMemoryBytes) => ({ ...result(of, 1, 1), peakMemoryBytes }))
    const figure = memoryResult({ name, of, target: 250.04 }, new Map([[cellName(of), peaks]]))
    const runs = [300, 200, 400]
    expect(figure).toEqual({ name, value: 300, unit: 'MB', target: 250, sense: '<=', baseline: null, runs })
    expect(meetsTarget(figure!)).toBe(false)
  })

  test('is left out where nothing was run or read', () => {
    expect(memoryResult({ name, of, target: 1 }, new Map())).toBeUndefined()
    expect(memoryResult({ name, of, target: 1 }, new Map([[cellName(of), [result(of, 1, 1)]]]))).toBeUndefined()
  })

  test('promises 150 MB and three times the byte budget in use', () => {
    expect(MEMORY_FIGURES.map(({ target }) => target)).toEqual([150 + 3 * 134.217728])
    expect(GROUPS.flatMap(({ cells }) => cells).map(cellName)).toContain(cellName(of))
  })
})

test('both cells of each figure are run in the same group, so that they are interleaved', () => {
  const within = (cell: Cell): number[] =>
    GROUPS.flatMap(({ cells }, index) => (cells.some((other) => cellName(other) === cellName(cell)) ? [index] : []))
  for (const { of, over } of FIGURES) {
    expect(within(of)).toHaveLength(1)
    expect(within(of)).toEqual(within(over))
  }
})

test('a run has each workload with each rule set and match rate, each cell once', () => {
  const names = GROUPS.flatMap(({ cells }) => cells.map(cellName))
  expect(names.filter((name) => /^engine .* rules=\d/.test(name))).toHaveLength(2 * 3 * 4)
  expect(new Set(names).size).toBe(names.length)
})

test('the median is the middle, or the mean of the middle two', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(() => median([])).toThrow(RangeError)
})
