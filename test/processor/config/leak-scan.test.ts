import { expect, test } from 'vitest'
import { issuesOf, loadText } from './loading.ts'

test('the leak scan counts, and looks at a share of what leaves, where nothing is said', () => {
  expect(loadText('{}').settings.leak_scan).toEqual({ inline: 'report', independent: { sample: 0.02 }, ignore: [] })
})

test.each([
  ['detectors: [email, emial]', '1:32: no detector is named emial (did you mean "email"?)'],
  ['ignore: [body, nowhere.*]', '1:28: a path begins with body, attributes, resource, scope or **'],
  ['inline: seal', '1:21: there is no recipient or group named default, for whom the scan would seal'],
  ['inline: on', '1:21: '],
  ['independent: {sample: 2}', '1:35: '],
])('%s is wrong, and where', (settings, start) => {
  const [issue = '', ...others] = issuesOf(`leak_scan: {${settings}}`)
  expect(others).toEqual([])
  expect(issue.slice(0, start.length)).toBe(start)
})

test('a detector of a rule file may be named', () => {
  const rules = 'detectors: [{name: ticket, title: Tickets, pattern: "T-[0-9]{6}"}]\nrules: []\n'
  expect(issuesOf('rules: [r.yaml]\nleak_scan: {detectors: [ticket]}', { 'r.yaml': rules })).toEqual([])
})
