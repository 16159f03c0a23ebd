import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isFault, type LintOptions, lintFiles } from '../../../processor/authoring/lint.ts'
import { readLintConfiguration } from '../../../processor/authoring/lint-configuration.ts'
import { READING_CHECKS } from '../../../rules/lint/index.ts'
import { KNOWN, NOW } from '../../rules/lint/linting.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'

/** What lint says of some files, as `file:line:column code`, and all of it. */
function linted(
  files: Readonly<Record<string, string>>,
  options: Partial<LintOptions> = {},
  names = Object.keys(files),
) {
  const folder = temporaryFolder(files)
  const result = lintFiles(
    names.map((name) => join(folder, name)),
    { now: NOW, ...options },
  )
  const problems = result.problems.map((problem) => ({ ...problem, file: problem.file.replace(`${folder}/`, '') }))
  return {
    ...result,
    problems,
    lines: problems.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`),
  }
}

const codes = (file: string, options?: Partial<LintOptions>) =>
  linted({ 'r.yaml': file }, options).problems.map(({ code }) => code)

describe('lint', () => {
  test.each(READING_CHECKS)(
    'finds $code when it reads a file, and not in the corrected one',
    ({ code, wrong, right }) => {
      expect(codes(wrong)).toContain(code)
      expect(codes(right)).not.toContain(code)
    },
  )

  test('says where, file by file and from top to bottom', () => {
    const one = `rules:
  - id: one
    detect: [emial, email]
    seal:
      to: g
    except:
      - {name: x, path: [body, user], reason: r, owner: o, expires: 2026-01-01}
  - {id: two, path: body, drop: {}, colour: red}
`
    const two =
      "detectors:\n  - name: own\n    pattern: ['fine', '(?=x)']\nrules:\n  - {id: one, detect: own, hash: {}}\n"
    expect(linted({ 'b.yaml': one, 'a.yaml': two }).lines).toEqual([
      'b.yaml:3:14 unknown-detector',
      'b.yaml:7:32 bad-path',
      'b.yaml:7:69 expired-exception',
      'b.yaml:8:37 unknown-key',
      'a.yaml:3:23 refused-pattern',
      'a.yaml:5:34 unkeyed-hash',
    ])
  })

  test('names the rule or the detector, says what to do, and guesses what was meant', () => {
    const file = 'detectors:\n  - {name: email, pattern: x}\nrules:\n  - {id: one, detect: emial, seal: {to: g}}\n'
    expect(linted({ 'r.yaml': file }).problems.map(({ message, hint }) => [message, hint])).toEqual([
      ['detector "email": the catalogue has a detector of this name', expect.stringMatching(/^Choose another name/)],
      ['rule "one": no detector is named "emial"', 'Did you mean "email"?'],
    ])
  })

  test('looks at all files together', () => {
    const rule = (to: string) => `rules:\n  - {id: ${to}, detect: email, seal: {to: ${to}}}\n`
    const { lines } = linted({ 'a.yaml': rule('dpo'), 'b.yaml': rule('fraud') })
    expect(lines).toEqual(['b.yaml:2:5 unreachable-rule', 'b.yaml:2:43 overlapping-recipients'])
    expect(linted({ 'a.yaml': rule('dpo') }, {}, ['a.yaml', './a.yaml']).files).toHaveLength(1)
  })

  test('goes on with what is sound beside what is not', () => {
    const file = 'rules:\n  - {id: one, path: body}\n  - {id: two, detect: emial, drop: {}}\n'
    expect(codes(file)).toEqual(['invalid-value', 'unknown-detector'])
  })

  test('asks for tests and metadata where it is to be strict, and then warnings are faults', () => {
    const file = 'rules:\n  - {id: one, detect: ipv4, seal: {to: g}}\n'
    const easy = linted({ 'r.yaml': file })
    expect(easy.problems.map(({ code }) => code)).toEqual(['noisy-detector'])
    expect(easy.problems.some((problem) => isFault(problem, easy))).toBe(false)
    const strict = linted({ 'r.yaml': file }, { strict: true })
    expect(strict.problems.map(({ code }) => code)).toEqual([
      'missing-metadata',
      'rule-without-tests',
      'noisy-detector',
    ])
    expect(strict.problems.every((problem) => isFault(problem, strict))).toBe(true)
  })

  test('knows recipients, groups, hash keys and body keys where a configuration names them', () => {
    const file = `rules:
  - {id: one, detect: email, seal: {to: [default, dpoo]}}
  - {id: two, detect: iban, hash: {key: pseudonym}}
  - {id: three, path: attributes.text, drop: {}}
`
    const configuration = { known: KNOWN, bodyKeys: ['text'], files: [] }
    const { problems } = linted({ 'r.yaml': file }, { configuration })
    expect(problems.map(({ code, hint }) => [code, hint])).toEqual([
      ['unknown-recipient', 'Did you mean "dpo"?'],
      ['unknown-hash-key', 'Did you mean "pseudonyms"?'],
      ['not-an-attribute', expect.any(String)],
    ])
    expect(codes(file)).toEqual([])
  })

  test('knows the detectors of rule files that the configuration lists beside the ones that are looked at', () => {
    const folder = temporaryFolder({
      'own.yaml': 'detectors:\n  - {name: staff, pattern: "S[0-9]+"}\nrules: []\n',
      'r.yaml': 'rules:\n  - {id: one, detect: staff, seal: {to: a}}\n',
      'c.yaml': 'recipients: {a: {jwk: nowhere.jwk}}\ngroups: {g: [a]}\nrules: [own.yaml, r.yaml]\n',
    })
    const configuration = readLintConfiguration(join(folder, 'c.yaml'), {})
    expect(configuration.files).toEqual([join(folder, 'own.yaml'), join(folder, 'r.yaml')])
    expect(configuration.known).toEqual({ recipients: ['a'], groups: new Map([['g', ['a']]]), hashKeys: [] })
    const only = [join(folder, 'r.yaml')]
    expect(lintFiles(only, { now: NOW, configuration }).problems).toEqual([])
    expect(lintFiles(only, { now: NOW }).problems.map(({ code }) => code)).toEqual(['unknown-detector'])
  })

  test('a file that cannot be read ends it', () => {
    expect(() => lintFiles(['/nowhere.yaml'], { now: NOW })).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_CONFIG_UNREADABLE' }),
    )
    expect(() => readLintConfiguration('/nowhere.yaml', {})).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_CONFIG_UNREADABLE' }),
    )
  })
})
