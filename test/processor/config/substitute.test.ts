// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are substitutions
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ConfigIssue } from '../../../processor/config/issue.ts'
import { parseYamlDocument } from '../../../processor/config/yaml-document.ts'

function read(text: string, environment: Record<string, string | undefined> = {}): unknown {
  const reading = parseYamlDocument('config.yaml', text, environment)
  if ('issues' in reading) throw new Error(`refused: ${JSON.stringify(reading.issues)}`)
  return reading.data
}

function issues(text: string, environment: Record<string, string | undefined> = {}): readonly ConfigIssue[] {
  const reading = parseYamlDocument('config.yaml', text, environment)
  return 'issues' in reading ? reading.issues : []
}

describe('the grammar', () => {
  test.each([
    ['${A}', 'x'],
    ['${env:A}', 'x'],
    ['${A:-other}', 'x'],
    ['${UNSET:-other}', 'other'],
    ['${env:UNSET:-other}', 'other'],
    ['${EMPTY:-other}', 'other'],
    ['"${EMPTY}"', ''],
    ['a${A}b${A}c', 'axbxc'],
    ['$${A}', '${A}'],
    ['$$$${A}', '$${A}'],
    ['$$${A}', '$x'],
    ['a$b', 'a$b'],
    ['$', '$'],
    ['cost 5$', 'cost 5$'],
    ["'${A}'", 'x'],
    ['"${UNSET:-a: b}"', 'a: b'],
  ])('%s gives %j', (text, expected) => {
    expect(read(`v: ${text}`, { A: 'x', EMPTY: '' })).toEqual({ v: expected })
  })

  test.each(['${', '${A', '${}', '${1A}', '${A-B}', '${A:B}', '${ A }', '${file:/etc/passwd}', '"${A:-${B}}"'])(
    '%s is malformed',
    (text) => {
      expect(issues(`v: ${text}`, { A: 'x', B: 'y' })).toMatchObject([
        { line: 1, column: 4, message: 'malformed substitution' },
      ])
    },
  )

  test('a variable that is not set is an error where it stands', () => {
    expect(issues('a: 1\nb:\n  - ${NOPE}\n  - "x ${NADA}"\n', {})).toMatchObject([
      { file: 'config.yaml', line: 3, column: 5, message: 'the environment variable NOPE is not set' },
      { file: 'config.yaml', line: 4, column: 5, message: 'the environment variable NADA is not set' },
    ])
  })

  test('what every object inherits is not a variable', () => {
    expect(issues('v: ${toString}')).toHaveLength(1)
    expect(issues('v: ${constructor}')).toHaveLength(1)
  })
})

describe('types', () => {
  test('a plain scalar is read again as the core schema reads scalars', () => {
    const texts = ['12', '0x1F', '0o17', '-1.5', '1e3', 'true', 'null', '~', '.inf', 'yes', '2027-06-30', '1_000', '08']
    for (const text of texts) expect(read('v: ${A}', { A: text })).toEqual(parse(`v: ${text}`))
  })

  test('a quoted scalar, a block and a tagged scalar stay text', () => {
    const text = 'a: "${A}"\nb: \'${A}\'\nc: |-\n  ${A}\nd: !!str ${A}\n'
    expect(read(text, { A: '12' })).toEqual({ a: '12', b: '12', c: '12', d: '12' })
  })

  test('a plain scalar that only escapes a dollar sign stays text', () => {
    expect(read('v: $$12')).toEqual({ v: '$12' })
  })
})

describe('injection', () => {
  test.each([
    'x\nadmin: true',
    '{admin: true}',
    '[1, 2]',
    '*anchor',
    '&anchor x',
    '!!binary aGk=',
    '# comment',
    '"quoted"',
    "it's",
    '- item',
    'a: b',
    '---\nb: 2',
    '${B}',
    '$$',
    '%YAML 1.1',
  ])('a variable that holds %j is one text', (value) => {
    expect(read('a: ${A}\nb: "${A}"\n', { A: value, B: 'secret' })).toEqual({ a: value, b: value })
  })

  test('no text in a variable changes the shape of the document', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const data = read('a: {b: "${A}"}\nc: [x, "${A}"]\n', { A: value })
        expect(data).toEqual({ a: { b: value }, c: ['x', value] })
      }),
    )
  })

  test('keys are left as they are', () => {
    expect(read('"${A}": 1', { A: 'x' })).toEqual({ '${A}': 1 })
  })

  test('without an environment nothing is substituted', () => {
    const reading = parseYamlDocument('rules.yaml', 'v: ${HOME} $$')
    expect(reading).toMatchObject({ data: { v: '${HOME} $$' } })
  })
})

test('no message holds a value, of a variable or of the file', () => {
  const found = issues('a: ${A} ${B}\nb: "CANARY ${NOPE}"\nc: ${CANARY bad}\n', { A: 'CANARY' })
  expect(found).toHaveLength(3)
  expect(JSON.stringify(found)).not.toContain('CANARY')
})
