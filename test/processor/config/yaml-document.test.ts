import { describe, expect, test } from 'vitest'
import { parseYamlDocument, readYamlDocument, YAML_FILE_LIMIT } from '../../../processor/config/yaml-document.ts'
import { temporaryFolder } from './temporary-folder.ts'

function lines(text: string): string[] {
  const reading = parseYamlDocument('f.yaml', text)
  return 'issues' in reading ? reading.issues.map(({ line, column, message }) => `${line}:${column} ${message}`) : []
}

describe('syntax', () => {
  test.each([
    ['a: 1\nb:\n  c: 2\n  c: 3\n', '4:3 this key occurs twice'],
    ['a:\n\t- b\n', '2:1 a tab is used'],
    ['? [a]\n: b\n', '1:3 a key must be text'],
    ['a: "x', '1:6 a quote, bracket'],
    ['a: !secret x\n', '1:4 unknown tag'],
    ['a: !!binary aGk=\n', '1:4 unknown tag'],
    ['a: 1\n---\nb: 2\n', '2:1 one document only'],
    ['a: b: c\n', '1:4 more than one ":"'],
    ['a: *b\n', '1:4 no anchor'],
    ['a:\n  __proto__: {x: 1}\n', '2:3 unknown key "__proto__"'],
    ['a: @x\n', '1:4 a value that begins'],
  ])('%j is refused at its place', (text, start) => {
    const found = lines(text)
    expect(found).toHaveLength(1)
    expect(found[0]?.slice(0, start.length)).toBe(start)
  })

  test('every slip of a file is listed, once a line', () => {
    expect(lines('a: 1\na: 2\nb: !x 1\nc: 3\nc: 4\n')).toHaveLength(3)
  })

  test('YAML 1.1 and merge keys do not come back by a directive', () => {
    const reading = parseYamlDocument('f.yaml', '%YAML 1.1\n---\na: yes\n<<: {b: 1}\n')
    expect(reading).toMatchObject({ data: { a: 'yes', '<<': { b: 1 } } })
  })

  test('an alias may be used, and few aliases cannot grow large', () => {
    expect(parseYamlDocument('f.yaml', 'a: &x [1]\nb: *x\n')).toMatchObject({ data: { a: [1], b: [1] } })
    const levels = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}]`),
    ]
    expect(lines(levels.join('\n'))).toEqual(['1:1 too many aliases, or nested too deeply'])
  })

  test.each(['[', '{a: ', '- '])('endless nesting of %j is an issue, not a crash', (opening) => {
    expect(lines(opening.repeat(100_000)).length).toBeGreaterThan(0)
  })

  test('no message quotes the file', () => {
    const texts = [
      'CANARY: "CANARY',
      'a: !CANARY x',
      'a: *CANARY',
      'CANARY: 1\nCANARY: 2',
      'a: "\\qCANARY"',
      'a: [CANARY: }',
    ]
    for (const text of texts) {
      expect(lines(text).length).toBeGreaterThan(0)
      expect(lines(text).join()).not.toContain('CANARY')
    }
  })
})

describe('places', () => {
  const reading = parseYamlDocument('f.yaml', 'a:\n  b: &x {c: 1, d: [2, 33]}\n  "e f": *x\nempty:\n')
  if ('issues' in reading) throw new Error('the document is sound')

  test.each([
    [['a', 'b', 'c'], 'value', 2, 13],
    [['a', 'b', 'c'], 'key', 2, 10],
    [['a', 'b', 'd', 1], 'value', 2, 23],
    [['a', 'e f'], 'key', 3, 3],
    [['a', 'e f', 'c'], 'value', 2, 13],
    [['a', 'missing'], 'value', 2, 3],
    [['empty'], 'key', 4, 1],
    [['a', 'b', 'c', 'deeper'], 'value', 2, 13],
    [[], 'value', 1, 1],
  ] as const)('%j (its %s) stands at line %d', (path, part, line, column) => {
    expect(reading.place(path, part)).toEqual({ line, column })
  })
})

describe('files', () => {
  test('one that is not there, and a folder, cannot be read', () => {
    const folder = temporaryFolder()
    expect(readYamlDocument(`${folder}/none.yaml`)).toBe('unreadable')
    expect(readYamlDocument(folder)).toBe('unreadable')
  })

  test('a byte over 1 MiB is too much', () => {
    const fits = `a: ${'x'.repeat(YAML_FILE_LIMIT - 3)}`
    const folder = temporaryFolder({ 'fits.yaml': fits, 'over.yaml': `${fits}x` })
    expect(readYamlDocument(`${folder}/fits.yaml`)).toHaveProperty('data')
    expect(readYamlDocument(`${folder}/over.yaml`)).toMatchObject({ issues: [{ message: 'the file is over 1 MiB' }] })
  })

  test('an endless file ends at the limit', () => {
    expect(readYamlDocument('/dev/zero')).toMatchObject({ issues: [{ message: 'the file is over 1 MiB' }] })
  })
})
