import { expect, test } from 'vitest'
import { namesIn } from '../../../scripts/deploy/metric-names.ts'
import { problems, unknownNames } from '../../../scripts/deploy/problems.ts'

test('metrics and labels of a query are found, and nothing else', () => {
  const query =
    'sum by (le, job) (rate(a_b_bucket{x=~"sum|c{2}",y!="z"}[$__rate_interval])) / on (w) group_left max(a:c:ratio_rate5m offset 1h) > 2 * 1e3 or vector(0)'
  const { metrics, labels } = namesIn(query)
  expect([...metrics]).toEqual(['a_b_bucket', 'a:c:ratio_rate5m'])
  expect([...labels].sort()).toEqual(['job', 'le', 'w', 'x', 'y'])
})

test.each([
  ['sum(rate(fieldseal_source_batch_total[5m]))', ['no metric is called fieldseal_source_batch_total']],
  ['fieldseal_ready{fieldseal_sink="x"}', ['no label is called fieldseal_sink']],
  ['sum by (fieldseal_rule) (fieldseal_sealing_values_total)', ['no label is called fieldseal_rule']],
  ['fieldseal:gone:rate5m', ['no metric is called fieldseal:gone:rate5m']],
  ['sum by (worker) (fieldseal_ready)', []],
])('%s', (query, expected) => {
  expect(unknownNames(query, new Set())).toEqual(expected)
})

test('nothing is wrong with alerts and dashboards', () => {
  expect(problems()).toEqual([])
})
