import { describe, expect, test } from 'vitest'
import { junitReport } from '../../../../processor/authoring/reports/junit.ts'
import { escapeXml } from '../../../../processor/authoring/reports/xml.ts'
import { CLEAN, ODD, OPTIONS, RESULT } from './result.ts'
import { readXml } from './xml.ts'

const XML_ODD = ODD.replace('\u0007', '\ufffd').replace('\ud800', '\ufffd')

describe('the report for build servers', () => {
  const suites = readXml(junitReport(RESULT, OPTIONS))

  test('has a suite for each file, in their order, with its counts', () => {
    expect(suites).toMatchObject({ name: 'testsuites', attributes: { tests: '3', failures: '1', errors: '0' } })
    expect(suites.children.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['testsuite', { name: 'rules/ours.yaml', tests: '1', failures: '1', errors: '0' }],
      ['testsuite', { name: 'fine.yaml', tests: '1', failures: '0', errors: '0' }],
      ['testsuite', { name: XML_ODD, tests: '1', failures: '0', errors: '0' }],
    ])
  })

  test('has a failure for each error, and a text for each warning', () => {
    const [error, clean, warning] = suites.children.map(({ children }) => children[0]!)
    expect(error).toMatchObject({
      name: 'testcase',
      attributes: { classname: 'rules/ours.yaml', name: 'unknown-detector at 4:9', file: 'rules/ours.yaml', line: '4' },
    })
    expect(error!.children[0]).toMatchObject({
      name: 'failure',
      attributes: { message: 'rule "one": no detector is named "emial"', type: 'unknown-detector' },
      text: [
        'rules/ours.yaml:4:9 unknown-detector rule "one": no detector is named "emial"',
        'Did you mean "email"?',
        'see docs/reference/lint/unknown-detector.md',
      ].join('\n'),
    })
    expect(clean).toMatchObject({ attributes: { name: 'no findings' }, children: [] })
    expect(warning!.children.map(({ name }) => name)).toEqual(['system-out'])
    expect(warning!.children[0]!.text).toContain(XML_ODD)
  })

  test('has a failure for each warning where warnings count', () => {
    const { attributes } = readXml(junitReport({ ...RESULT, strict: true }, OPTIONS))
    expect(attributes).toMatchObject({ tests: '3', failures: '2' })
  })

  test('has one case that passes where there is nothing to tell', () => {
    expect(readXml(junitReport(CLEAN, OPTIONS)).attributes).toMatchObject({ tests: '1', failures: '0' })
  })
})

test('what XML has no characters for is shown as such, and what means something is escaped', () => {
  expect(escapeXml('\u0000\u001b\u0085\ufffe\udc00😀')).toBe('\ufffd\ufffd\ufffd\ufffd\ufffd😀')
  expect(escapeXml(`<a b="c" d='e'>&amp;]]>\t\r\n`)).toBe(
    `&lt;a b=&quot;c&quot; d='e'&gt;&amp;amp;]]&gt;&#9;&#13;&#10;`,
  )
})
