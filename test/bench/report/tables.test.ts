import { expect, test } from 'vitest'
import { type CellResult, cellName } from '../../../bench/cells/cell.ts'
import { GROUPS } from '../../../bench/plan.ts'
import { groupTable } from '../../../bench/report/cell-tables.ts'
import { figureTable } from '../../../bench/report/figure-table.ts'
import { shown, table } from '../../../bench/report/table.ts'

test('a table has its first column to the left and the others to the right', () => {
  expect(
    table(
      ['a', 'count'],
      [
        ['long', '1'],
        ['b', '1,000,000'],
      ],
    ),
  ).toBe(['a         count', '----  ---------', 'long          1', 'b     1,000,000'].join('\n'))
})

test.each([
  [136_433.4, '136,433'],
  [144.53, '144.5'],
  [7.333, '7.33'],
  [0.0421, '0.0421'],
])('%d is shown as %s', (value, text) => {
  expect(shown(value)).toBe(text)
})

test('the table of a group has the median rates of the cells that were run, and says which check failed', () => {
  const group = GROUPS.find(({ cells }) => cells.some(({ kind }) => kind === 'scan-floor'))!
  const [floor, engine] = group.cells.map(cellName) as [string, string]
  const result = (cell: string, iterations: number, problems: string[]): CellResult => ({
    cell,
    iterations,
    wallSeconds: 4,
    cpuSeconds: 2,
    perWork: { records: 512, bytes: 1e6, values: 0 },
    problems,
  })
  const rounds = new Map([[engine, [result(engine, 2, []), result(engine, 6, ['lost']), result(engine, 4, [])]]])
  const text = groupTable(group, rounds) ?? ''
  expect(text.split('\n').at(-1)).toMatch(/1,024\s+2\.00\s+512\.0\s+3\s+FAILED$/)
  expect(text).not.toContain(floor)
  expect(groupTable(group, new Map())).toBeUndefined()
})

test('the table of a service says how busy it and the load generator were', () => {
  const group = GROUPS.find(({ cells }) => cells.some(({ kind }) => kind === 'service'))!
  const cell = cellName(group.cells[0]!)
  const result: CellResult = {
    cell,
    iterations: 100,
    wallSeconds: 4,
    cpuSeconds: 3,
    perWork: { records: 512, bytes: 1e6, values: 0 },
    problems: [],
    generatorCpuSeconds: 1,
    peakMemoryBytes: 123.4e6,
    refusals: 0,
  }
  const lines = (groupTable(group, new Map([[cell, [result]]])) ?? '').split('\n')
  expect(lines.at(-1)?.split(/ {2,}/)).toEqual([
    cell,
    '17,067',
    '33.3',
    '12,800',
    '75 %',
    '25 %',
    '123.4',
    '0',
    '1',
    'ok',
  ])
})

test('the table of figures says which targets are met', () => {
  const figure = { value: 3, sense: '>=', baseline: 'b', runs: [2, 3, 4] } as const
  const lines = figureTable([
    { ...figure, name: 'kept', target: 3 },
    { ...figure, name: 'broken', target: 3.5 },
    { ...figure, name: 'free', target: null },
    { ...figure, name: 'memory', target: 3, sense: '<=', unit: 'MB', baseline: null },
  ]).split('\n')
  expect(lines.slice(-4).map((line) => line.split(/ {2,}/))).toEqual([
    ['kept', '3.00', '2.00 to 4.00', '>= 3', 'met'],
    ['broken', '3.00', '2.00 to 4.00', '>= 3.5', 'MISSED'],
    ['free', '3.00', '2.00 to 4.00', '-'],
    ['memory (MB)', '3.00', '2.00 to 4.00', '<= 3', 'met'],
  ])
})
