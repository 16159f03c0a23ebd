import { expect, test } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { LeftOut } from '../../../../processor/sources/lines/left-out.ts'

test('a flood of bad lines is counted, and does not fill the log', () => {
  const logged: (readonly [string, object | undefined])[] = []
  const leftOut = new LeftOut('in', (event, _message, fields) => logged.push([event, fields]))
  const error = new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'it is malformed')
  for (let line = 0; line < 1000; line += 1) leftOut.add({ file: '/a.log', offset: line * 10, bytes: 10 }, error)
  expect([leftOut.lines, leftOut.bytes]).toEqual([1000, 10_000])
  expect(logged).toHaveLength(20)
  expect(logged[1]).toEqual([
    'line-left-out',
    { source: 'in', file: '/a.log', offset: 10, bytes: 10, code: 'FIELDSEAL_INPUT_MALFORMED' },
  ])
  leftOut.tellRest()
  leftOut.tellRest()
  expect(logged[20]).toEqual(['line-left-out', { source: 'in', lines: 980 }])
  expect(logged).toHaveLength(21)
})
