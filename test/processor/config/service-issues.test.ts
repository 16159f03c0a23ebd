import { expect, test } from 'vitest'
import { serviceIssues } from '../../../processor/config/service-issues.ts'
import { loadText } from './loading.ts'

const SOURCES = 'sources: {otlp: {type: otlp_http}}\n'
const SINKS = 'sinks: {archive: {type: file, path: sealed.jsonl}}\n'

test.each([
  ['', '{}\n', ['1:1: the service needs a source', '1:1: the service needs a sink']],
  ['without a source', SINKS, ['1:1: the service needs a source']],
  ['with an empty list of sources', `rules: []\nsources: {}\n${SINKS}`, ['2:1: the service needs a source']],
  ['without a sink', `${SOURCES}sinks: {}\n`, ['2:1: the service needs a sink']],
  ['with both', `${SOURCES}${SINKS}`, []],
])('a configuration %s', (_, config, expected) => {
  expect(serviceIssues(loadText(config)).map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual(
    expected,
  )
})

test('the hints are configurations with which the service starts', () => {
  const hints = serviceIssues(loadText('{}\n')).map(({ hint }) => hint)
  expect(serviceIssues(loadText(`${hints.join('\n')}\n`))).toEqual([])
})
