import { expect, test } from 'vitest'
import { githubReport } from '../../../../processor/authoring/reports/github.ts'
import { CLEAN, ODD, OPTIONS, RESULT } from './result.ts'

/** As the runner of GitHub Actions reads a line (actions/runner, ActionCommand.cs). */
function readCommand(line: string) {
  const match = /^::([^ :]+)(?: (.*?))?::(.*)$/s.exec(line)
  if (match === null) return undefined
  const [, command, properties = '', data = ''] = match
  const unescaped = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%')
  return {
    command,
    properties: Object.fromEntries(
      properties.split(',').map((pair) => {
        const equals = pair.indexOf('=')
        return [pair.slice(0, equals), unescaped(pair.slice(equals + 1))]
      }),
    ),
    data: data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%'),
  }
}

test('the report for GitHub has one command a line for each finding, and nothing gets out of it', () => {
  const lines = githubReport(RESULT, OPTIONS).split('\n')
  expect(lines).toHaveLength(3)
  expect(lines[0]).toBe(
    '::error file=rules/ours.yaml,line=4,col=9,title=unknown-detector::rule "one": no detector is named "emial"%0ADid you mean "email"?',
  )
  expect(lines.map(readCommand)).toEqual([
    {
      command: 'error',
      properties: { file: 'rules/ours.yaml', line: '4', col: '9', title: 'unknown-detector' },
      data: 'rule "one": no detector is named "emial"\nDid you mean "email"?',
    },
    {
      command: 'warning',
      properties: { file: ODD, line: '12', col: '3', title: 'exception-without-owner' },
      data: `rule "${ODD}": the exception has no owner\nAdd owner: the team that answers for it.`,
    },
    undefined,
  ])
})

test('where there is nothing to tell, GitHub is told nothing', () => {
  expect(githubReport(CLEAN, OPTIONS)).toBe('')
})
