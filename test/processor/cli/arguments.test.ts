import { describe, expect, expectTypeOf, test } from 'vitest'
import { type Arguments, defineCommand, parseArguments } from '../../../processor/cli/arguments.ts'
import { EXIT_CODES, helpText } from '../../../processor/cli/help.ts'
import { ERRORS, FieldsealError } from '../../../processor/errors.ts'
import { capturedIo } from './captured-io.ts'

const options = {
  config: { type: 'string', short: 'c', value: 'FILE', description: 'The configuration.', required: true },
  format: { type: 'string', value: 'FORMAT', description: 'Format.', choices: ['json', 'otlp'], default: 'json' },
  key: { type: 'string', short: 'k', value: 'FILE', description: 'A key.', multiple: true },
  'in-place': { type: 'boolean', description: 'Writes the file itself.' },
  out: { type: 'string', value: 'FILE', description: 'Where to write.' },
} as const
const positionals = [
  { name: 'FIRST', description: 'The first.' },
  { name: 'MORE', description: 'More.', optional: true, repeated: true },
] as const

function parse(...argv: string[]) {
  return parseArguments({ options, positionals }, argv)
}

function complaint(...argv: string[]): string {
  try {
    parse(...argv)
  } catch (error) {
    if (!(error instanceof FieldsealError)) throw error
    expect(error.code).toBe('FIELDSEAL_USAGE')
    return error.message
  }
  return 'nothing'
}

describe('arguments', () => {
  test('are parsed with defaults, lists and flags', () => {
    expect(parse('-c', 'f', 'a', '-k', 'x', '--key=y', 'b', '--in-place')).toEqual({
      values: { config: 'f', format: 'json', key: ['x', 'y'], 'in-place': true, out: undefined },
      positionals: ['a', 'b'],
    })
  })

  test('have the types that the options say', () => {
    type Values = Arguments<typeof options>['values']
    expectTypeOf<Values['config']>().toEqualTypeOf<string>()
    expectTypeOf<Values['format']>().toEqualTypeOf<string>()
    expectTypeOf<Values['key']>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<Values['in-place']>().toEqualTypeOf<boolean>()
    expectTypeOf<Values['out']>().toEqualTypeOf<string | undefined>()
  })

  test('after -- are positionals, and - is one', () => {
    expect(parse('-c', 'f', '--', '--out', '-').positionals).toEqual(['--out', '-'])
    expect(parse('-c', '-', 'a').values.config).toBe('-')
  })

  test.each([
    [['a'], '--config is missing'],
    [['-c', 'f'], 'FIRST is missing'],
    [['-c'], '-c needs a value: -c FILE'],
    [['--config', '--in-place', 'a'], '--config needs a value: --config=FILE'],
    [['--config=', 'a'], '--config needs a value: --config=FILE'],
    [['--in-place=yes', 'a'], '--in-place takes no value'],
    [['--confg', 'f', 'a'], 'unknown option --confg; did you mean "--config"?'],
    [['--hlep'], 'unknown option --hlep; did you mean "--help"?'],
    [['-x'], 'unknown option -x'],
    [['--constructor'], 'unknown option --constructor'],
    [['--__proto__=1'], 'unknown option --__proto__'],
    [['--format', 'jsn', '-c', 'f', 'a'], '--format is one of json, otlp; did you mean "json"?'],
  ])('%j is refused', (argv, message) => {
    expect(complaint(...argv)).toBe(message)
  })

  test('too many are refused where none is repeated', () => {
    expect(() => parseArguments({ options: {}, positionals: [positionals[0]] }, ['a', 'b'])).toThrow(/more arguments/)
    expect(() => parseArguments({ options: {} }, ['a'])).toThrow(/more arguments/)
  })

  test('no complaint repeats a value', () => {
    for (const argv of [['--format=CANARY'], ['--in-place=CANARY'], ['--nothing=CANARY'], ['-c', '-CANARY']]) {
      expect(complaint(...argv)).not.toBe('nothing')
      expect(complaint(...argv)).not.toContain('CANARY')
    }
  })
})

describe('a command', () => {
  const command = defineCommand({
    name: 'try out',
    summary: `Tries ${'something '.repeat(20)}out.`,
    usage: 'FIRST [MORE...] [options]',
    options,
    positionals,
    run: ({ values }, { stdout }) => {
      stdout.write(values.config)
      return 7
    },
  })

  test('runs with its arguments and gives its exit code', async () => {
    const io = capturedIo()
    expect(await command.execute(['-c', 'f', 'a'], io)).toBe(7)
    expect(io.written()).toBe('f')
    await expect(command.execute([], io)).rejects.toMatchObject({ code: 'FIELDSEAL_USAGE' })
  })

  test('has a help that names everything, aligned, in 100 columns', () => {
    const help = helpText(command)
    const lines = help.split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(lines).toContain('Usage: fieldseal try out FIRST [MORE...] [options]')
    for (const name of Object.keys(options)) expect(help).toContain(`--${name}`)
    const columns = ['The configuration.', 'Format.', 'A key.', 'Show this text.'].map((text) =>
      lines.find((line) => line.includes(text))?.indexOf(text),
    )
    expect(new Set(columns).size).toBe(1)
    expect(help.endsWith('\n')).toBe(true)
  })

  test('lists every exit code that an error can have', () => {
    const listed = EXIT_CODES.map(([code]) => code as number)
    for (const { exit } of Object.values(ERRORS)) expect(listed).toContain(exit)
    for (const code of listed) expect(helpText(command)).toMatch(new RegExp(`^ {2}${code} `, 'm'))
  })
})
