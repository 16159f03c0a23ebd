import { describe, expect, test } from 'vitest'
import { CORPUS } from '../../../conformance/corpus.ts'
import { WAYS } from '../../../conformance/ways.ts'
import { leaksOf, scanFor } from './scans.ts'

const scan = scanFor()
const REFERENCE = WAYS[0]!

describe.each(WAYS.slice(1))('in $format', (way) => {
  test.each(CORPUS.filter(({ record }) => way.carries(record)))(
    '$name: the same is found as in protobuf',
    ({ record }) => {
      const expected = scan.scan(REFERENCE.write([record]), REFERENCE.format)
      const report = scan.scan(way.write([record]), way.format)
      expect(leaksOf(report)).toEqual(leaksOf(expected))
      expect([...report.leakingRecords]).toEqual([...expected.leakingRecords])
      expect(report).toMatchObject({ records: 1, unreadable: false })
    },
  )
})

test.each(CORPUS)('$name: what is found', ({ record }) => {
  expect(leaksOf(scan.scan(REFERENCE.write([record]), REFERENCE.format))).toMatchSnapshot()
})
